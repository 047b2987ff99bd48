package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/spikechat/spikechat/core"
)

// TestTableRows: every row has a name of its own and a coding that the packed models take.
func TestTableRows(t *testing.T) {
	s, err := core.NewState(tinyModel(t), 1, 1)
	if err != nil {
		t.Fatal(err)
	}
	seen, codings := map[string]bool{}, map[core.Coding]string{}
	for _, r := range tableRows() {
		if seen[r.id()] {
			t.Errorf("%s stands twice", r.id())
		}
		seen[r.id()] = true
		if err := s.SetCoding(r.coding); err != nil {
			t.Errorf("%s: %v", r.id(), err)
		}
		if other, ok := codings[r.coding]; ok && r.simulate.steps == 0 {
			t.Errorf("%s is coded as %s", r.id(), other)
		}
		if r.simulate.steps == 0 {
			codings[r.coding] = r.id()
		}
	}
}

// TestTableGoesOn interrupts a table after each row and at last compares it with one made in a single run.
func TestTableGoesOn(t *testing.T) {
	rows := []row{
		{Section: "a", Name: "float"},
		{Section: "a", Name: "T=2", coding: core.Coding{Steps: 2}},
		{Section: "b", Name: "T=1, turned", simulate: simulation{steps: 1}},
	}
	once := filepath.Join(t.TempDir(), "once", "table.json")
	make := func(file string, limit time.Duration) (*table, bool) {
		t.Helper()
		got, complete, err := runTable(settings{model: tinyFolder, table: file, limit: limit}, tinyMeasurement(t), rows, io.Discard)
		if err != nil {
			t.Fatal(err)
		}
		return got, complete
	}
	want, complete := make(once, 0)
	if !complete || want.Rows[1].Result == nil || len(want.Rows[1].Speeds) != speedRuns || len(want.Rows[2].Speeds) != 0 {
		t.Fatalf("complete %v: %+v", complete, want)
	}
	if want.Rows[0].Result.KL != 0 || !(want.Rows[1].Result.KL > 0) || !(want.Rows[2].Result.KL > 0) || want.Rows[2].Result.Spikes.Spikes == 0 {
		t.Errorf("results %+v, %+v, %+v", want.Rows[0].Result, want.Rows[1].Result, want.Rows[2].Result)
	}
	// A file with the first row alone, as an interrupted run leaves it.
	parts := filepath.Join(t.TempDir(), "table.json")
	first := table{Setup: want.Setup, Windows: want.Windows, Rows: want.Rows[:1]}
	if err := first.save(parts); err != nil {
		t.Fatal(err)
	}
	if got, complete := make(parts, 1); complete || got.Rows[0].Result == nil || got.Rows[1].Result != nil {
		t.Errorf("no time was left, but complete is %v: %+v", complete, got.Rows)
	}
	got, _ := make(parts, 0)
	for i := range got.Rows {
		a, b := *got.Rows[i].Result, *want.Rows[i].Result
		a.Seconds, b.Seconds = 0, 0
		if !reflect.DeepEqual(a, b) {
			t.Errorf("%s: %+v, in one run %+v", got.Rows[i].Name, a, b)
		}
	}
	// Results of another model or text are not taken over.
	other, err := loadTable(parts, "another", 3, rows)
	if err != nil || other.Rows[0].Result != nil || other.Rows[0].Name != "float" {
		t.Errorf("%+v, %v", other, err)
	}
	if err := os.WriteFile(parts, []byte("{"), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := loadTable(parts, "", 3, rows); err == nil || !strings.Contains(err.Error(), "table.json") {
		t.Errorf("broken file: %v", err)
	}
	var text bytes.Buffer
	if err := want.writeMarkdown(&text); err != nil || strings.Count(text.String(), "\n| ") != 2*2+3 || !strings.Contains(text.String(), "**b**") {
		t.Errorf("%v:\n%s", err, &text)
	}
}

// TestHadamard: the rotation keeps lengths and is its own inverse.
func TestHadamard(t *testing.T) {
	x := make([]float32, 64)
	for i := range x {
		x[i] = float32(i*i%37) - 11
	}
	y := append([]float32(nil), x...)
	hadamard(y)
	a, b := 0.0, 0.0
	for i := range x {
		a += float64(x[i]) * float64(x[i])
		b += float64(y[i]) * float64(y[i])
	}
	if d := a - b; d > 1e-2 || d < -1e-2 || reflect.DeepEqual(x, y) {
		t.Errorf("squared length %v became %v", a, b)
	}
	hadamard(y)
	for i := range x {
		if d := x[i] - y[i]; d > 1e-4 || d < -1e-4 {
			t.Errorf("value %d: %v became %v", i, x[i], y[i])
		}
	}
}

// TestStoredReference: a reference from a file gives the result of one computed beside, and is made anew for another text.
func TestStoredReference(t *testing.T) {
	m := tinyMeasurement(t)
	want := measure(t, m)
	file := filepath.Join(t.TempDir(), "reference.f32")
	for range 2 { // made, then opened
		r, err := openReference(file, tinyFolder, m)
		if err != nil {
			t.Fatal(err)
		}
		m.reference = r
		if got := measure(t, m); !reflect.DeepEqual(got, want) {
			t.Errorf("%+v, beside %+v", got, want)
		}
		r.Close()
	}
	m.windows, m.reference = m.windows[1:], nil
	want = measure(t, m)
	r, err := openReference(file, tinyFolder, m)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	m.reference = r
	if got := measure(t, m); !reflect.DeepEqual(got, want) {
		t.Errorf("another text: %+v, beside %+v", got, want)
	}
}
