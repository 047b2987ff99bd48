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
