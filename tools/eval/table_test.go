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
	"github.com/spikechat/spikechat/core/coding"
	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/core/simd"
)

// TestTableRows: every row has a name of its own and a coding that the packed models take.
func TestTableRows(t *testing.T) {
	s, err := core.NewState(tinyModel(t), 1, 1)
	if err != nil {
		t.Fatal(err)
	}
	seen, codings := map[string]bool{}, map[coding.Coding]string{}
	for _, r := range tableRows() {
		if seen[r.id()] {
			t.Errorf("%s stands twice", r.id())
		}
		seen[r.id()] = true
		if err := s.SetCoding(r.coding, simd.LookupKernel); err != nil {
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

// TestCodingsOfATable: results are kept by what is not zero, so that they outlast a new setting;
// and every row has its own.
func TestCodingsOfATable(t *testing.T) {
	c := coding.Coding{Steps: 4, Population: [coding.Populations]uint8{coding.Down: 3},
		CacheSteps: 2,
		Select:     coding.Selection{By: coding.BySaliency, Share: 0.5, Low: 2, EachInput: true}}
	const want = "Steps=4 Population=[0 0 0 3] Select.By=saliency Select.Share=0.5 Select.Low=2 " +
		"Select.EachInput=true CacheSteps=2"
	if got := strings.Join(fieldsOf(c), " "); got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if got := strings.Join(append(fieldsOf(coding.Coding{}),
		fieldsOf(simulation{steps: 2, oneRange: true})...), " "); got != "steps=2 oneRange=true" {
		t.Errorf("simulated: %s", got)
	}
	rows, seen := tableRows(), map[string]string{}
	all, err := loadTable(filepath.Join(t.TempDir(), "none.json"), "x", 1, rows)
	if err != nil {
		t.Fatal(err)
	}
	for i, l := range all.Rows {
		if other, ok := seen[l.Coding]; ok {
			t.Errorf("%s has the coding of %s: %s", rows[i].id(), other, l.Coding)
		}
		seen[l.Coding] = rows[i].id()
	}
}

// TestTableGoesOn interrupts a table after each row and at last compares it with one made in a
// single run.
func TestTableGoesOn(t *testing.T) {
	rows := []row{
		{Section: "a", Name: "float"},
		{Section: "a", Name: "T=2", coding: coding.Coding{Steps: 2}},
		{Section: "b", Name: "T=1, turned", simulate: simulation{steps: 1}},
	}
	once := filepath.Join(t.TempDir(), "once", "table.json")
	make := func(file string, limit time.Duration) (*table, bool) {
		t.Helper()
		got, complete,
			err := runTable(settings{model: tinyFolder, table: file, limit: limit},
			tinyMeasurement(t), rows, io.Discard)
		if err != nil {
			t.Fatal(err)
		}
		return got, complete
	}
	want, complete := make(once, 0)
	if !complete || want.Rows[1].Result == nil || len(want.Rows[1].Speeds) != speedRuns ||
		len(want.Rows[2].Speeds) != 0 {
		t.Fatalf("complete %v: %+v", complete, want)
	}
	if want.Rows[0].Result.KL != 0 || !(want.Rows[1].Result.KL > 0) ||
		!(want.Rows[2].Result.KL > 0) || want.Rows[2].Result.Spikes.Spikes == 0 {
		t.Errorf("results %+v, %+v, %+v", want.Rows[0].Result, want.Rows[1].Result,
			want.Rows[2].Result)
	}
	// A file with the first row alone, as an interrupted run leaves it.
	parts := filepath.Join(t.TempDir(), "table.json")
	first := table{Setup: want.Setup, Windows: want.Windows, Rows: want.Rows[:1]}
	if err := first.save(parts); err != nil {
		t.Fatal(err)
	}
	if got, complete := make(parts, 1); complete || got.Rows[0].Result == nil ||
		got.Rows[1].Result != nil {
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
	if _, err := loadTable(parts, "", 3, rows); err == nil ||
		!strings.Contains(err.Error(), "table.json") {
		t.Errorf("broken file: %v", err)
	}
	var text bytes.Buffer
	if err := want.writeMarkdown(&text); err != nil ||
		strings.Count(text.String(), "\n| ") != 2*2+3 || !strings.Contains(text.String(), "**b**") {
		t.Errorf("%v:\n%s", err, &text)
	}
}

// TestTableRefusesImpossibleRows: the figure would not end.
func TestTableRefusesImpossibleRows(t *testing.T) {
	file := filepath.Join(t.TempDir(), "table.json")
	for perplexity, ok := range map[float64]bool{
		1: true, 20: true, maxPerplexity: true,
		0: false, 0.99: false, -5: false, 1.1e9: false, 1e300: false,
	} {
		old := table{Setup: "x", Windows: 3,
			Rows: []line{{Section: "a", Name: "float", Result: &result{Perplexity: perplexity}}}}
		if err := old.save(file); err != nil {
			t.Fatal(err)
		}
		_, err := loadTable(file, "x", 3, []row{{Section: "a", Name: "float"}})
		if ok != (err == nil) ||
			err != nil && !strings.Contains(err.Error(), "table.json: a: float: perplexity") {
			t.Errorf("perplexity %v: %v", perplexity, err)
		}
	}
}

// TestHugePerplexity: a coding that predicts nothing is a row like the others.
func TestHugePerplexity(t *testing.T) {
	m := tinyMeasurement(t)
	r := newResult(&m, []totals{{tokens: 2, predicted: 1, nll: 1e5}})
	if r.Perplexity != maxPerplexity {
		t.Errorf("perplexity %v, want %v", r.Perplexity, maxPerplexity)
	}
	rows := table{Rows: []line{{Section: "a", Name: "worst", Result: r}}}
	if err := rows.save(filepath.Join(t.TempDir(), "table.json")); err != nil {
		t.Error(err)
	}
	var text bytes.Buffer
	if err := rows.writeMarkdown(&text); err != nil ||
		!strings.Contains(text.String(), "| worst | over 1e9 |") {
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

// TestStoredReference: a reference from a file gives the result of one computed beside, and is made
// anew for another text.
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
	// One that is cut short, or longer, is made again.
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, cut := range [][]byte{whole[:len(whole)-1], whole[:referenceHead],
		whole[:len(referenceMagic)+3], append(whole[:len(whole):len(whole)], 0)} {
		if err := os.WriteFile(file, cut, 0o666); err != nil {
			t.Fatal(err)
		}
		r, err := openReference(file, tinyFolder, m)
		if err != nil {
			t.Fatal(err)
		}
		r.Close()
		if again, err := os.ReadFile(file); err != nil || !bytes.Equal(again, whole) {
			t.Errorf("a file of %d bytes became %d, %v, want %d", len(cut), len(again), err,
				len(whole))
		}
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

// TestReferenceReplacesNothingElse: a file that is no reference stays as it is.
func TestReferenceReplacesNothingElse(t *testing.T) {
	file := filepath.Join(t.TempDir(), "thesis.txt")
	for _, text := range []string{"", "eval", strings.Repeat("years of work\n", 100)} {
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		if r, err := openReference(file, tinyFolder, tinyMeasurement(t)); err == nil {
			r.Close()
			t.Errorf("%.20q was taken for a reference", text)
		} else if !strings.Contains(err.Error(), "thesis.txt: not a reference") {
			t.Errorf("%.20q: %v", text, err)
		}
		if got, err := os.ReadFile(file); err != nil || string(got) != text {
			t.Errorf("%.20q became %.20q, %v", text, got, err)
		}
	}
}

// TestReferenceIDCoversTheConfig: models may have the same shards and run otherwise.
func TestReferenceIDCoversTheConfig(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(tinyFolder, planes.ManifestFile))
	if err != nil {
		t.Fatal(err)
	}
	other := t.TempDir()
	changed := bytes.Replace(text, []byte(`"context": 2048`), []byte(`"context": 1024`), 1)
	if bytes.Equal(changed, text) {
		t.Fatal("no context in the manifest")
	}
	if err := os.WriteFile(filepath.Join(other, planes.ManifestFile), changed, 0o666); err != nil {
		t.Fatal(err)
	}
	a, err := referenceID(tinyFolder, tinyWindows(t))
	if err != nil {
		t.Fatal(err)
	}
	b, err := referenceID(other, tinyWindows(t))
	if err != nil || bytes.Equal(a, b) {
		t.Errorf("another context, but the same id; %v", err)
	}
}
