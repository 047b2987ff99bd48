package quantised

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/spikechat/spikechat/core/tile"
	"github.com/spikechat/spikechat/tools/pack/gptq"
	"github.com/spikechat/spikechat/tools/pack/packer"
)

var tinyFolder = filepath.Join("..", "..", "..", "models", "tiny")

func wayOf(r gptq.Recipe) Way {
	return Way{Name: r.String(), Bits: r.Bits(), Method: r.Method(), Calibrated: !r.Nearest}
}

// A model that is quantised layer by layer, in as many runs, is the one of a single run; a whole
// one is read and not made; other settings make it anew; and a file of something else is left.
func TestMakeGoesOn(t *testing.T) {
	s, err := Open(tinyFolder)
	if err != nil {
		t.Fatal(err)
	}
	way := wayOf(gptq.Recipe{Steps: 3})
	job := Job{Folder: filepath.Join(t.TempDir(), "new"), Text: packer.CalibrationText[:1500],
		Workers: 2, Progress: io.Discard}
	want, err := s.Make(job, way)
	if err != nil {
		t.Fatal(err)
	}
	parts := job
	parts.Folder, parts.Workers, parts.Until = t.TempDir(), 1, time.Unix(1, 0)
	runs := 0
	var got *Made
	for ; got == nil && runs < 100; runs++ {
		if got, err = s.Make(parts, way); err != nil && !errors.Is(err, ErrNoTime) {
			t.Fatal(err)
		}
	}
	if layers := s.Manifest.Config.Layers; runs != layers {
		t.Errorf("%d runs for %d layers", runs, layers)
	}
	if !reflect.DeepEqual(got, want) {
		t.Error("in parts another model was made")
	}
	if left, _ := filepath.Glob(filepath.Join(parts.Folder, "*"+partSuffix)); left != nil {
		t.Errorf("%v is left", left)
	}
	var told bytes.Buffer
	job.Progress = &told
	again, err := s.Make(job, way)
	if err != nil || !reflect.DeepEqual(again, want) || told.Len() > 0 {
		t.Errorf("read again: %v, %s", err, told.String())
	}
	job.Text = packer.CalibrationText[100:2000]
	other, err := s.Make(job, way)
	if err != nil || other.Sum == want.Sum || !strings.Contains(told.String(), "it is made anew") {
		t.Errorf("another text: %v, sums %s and %s, %s", err, other.Sum, want.Sum, told.String())
	}
	name := filepath.Join(job.Folder, FileName(way.Name))
	if err := os.WriteFile(name, []byte("mine"), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Make(job, way); err == nil {
		t.Error("a file of something else was replaced")
	}
	if text, _ := os.ReadFile(name); string(text) != "mine" {
		t.Errorf("it has %q now", text)
	}
	if _, err := s.Make(Job{Folder: job.Folder, Text: "short", Workers: 1, Progress: io.Discard},
		wayOf(gptq.Recipe{Steps: 2})); err == nil {
		t.Error("a text of a few tokens was taken")
	}
}

// The packer is given codes and scales that stand for the weights that were made, and nothing of
// another shape.
func TestQuantize(t *testing.T) {
	s, err := Open(tinyFolder)
	if err != nil {
		t.Fatal(err)
	}
	made, err := s.Make(Job{Folder: t.TempDir(), Workers: 1, Progress: io.Discard},
		wayOf(gptq.Recipe{Steps: 3, Nearest: true}))
	if err != nil {
		t.Fatal(err)
	}
	const name = "blk.1.ffn_down.weight"
	m := made.Matrices[name]
	codes, scales, err := made.Quantize(name, m.Rows, m.Cols, 3, nil)
	if err != nil {
		t.Fatal(err)
	}
	for r, row := range gptq.Weights(m) {
		for c, w := range row {
			i := r*m.Cols + c
			d := float64(tile.Half(scales[i/tile.GroupCols]))
			if got := d * float64(int(codes[i])-3); got != w {
				t.Fatalf("weight %d,%d is %v, want %v", r, c, got, w)
			}
		}
	}
	for _, bad := range []struct {
		name              string
		rows, cols, steps int
	}{{"blk.9.ffn_down.weight", m.Rows, m.Cols, 3}, {name, m.Rows + 1, m.Cols, 3},
		{name, m.Rows, m.Cols + 32, 3}, {name, m.Rows, m.Cols, 4}} {
		if _, _, err := made.Quantize(bad.name, bad.rows, bad.cols, bad.steps, nil); err == nil {
			t.Errorf("%+v was given", bad)
		}
	}
}
