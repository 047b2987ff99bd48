package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/core/tile"
	"github.com/spikechat/spikechat/tools/pack/gptq"
	"github.com/spikechat/spikechat/tools/pack/packer"
)

// TestPackQuantised: codes that were made elsewhere are packed as they are.
func TestPackQuantised(t *testing.T) {
	folder := t.TempDir()
	in := func(name string) string { return filepath.Join(folder, name) }
	if err := os.WriteFile(in("tiny.gguf"), packer.Tiny().Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
	packTo := func(name string, args ...string) *planes.Reader {
		t.Helper()
		var failed bytes.Buffer
		args = append([]string{"-q", "-calibrate", "none", "-jinja", "../../build/jinja", "-o", in(name)},
			args...)
		if code := run(append(args, in("tiny.gguf")), io.Discard, &failed); code != exitOK {
			t.Fatalf("%v: exit %d, %s", args, code, failed.String())
		}
		_, r, err := planes.Open(os.DirFS(in(name)))
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	m, _, err := planes.Open(os.DirFS("../../models/tiny"))
	if err != nil {
		t.Fatal(err)
	}
	matrices := map[string]*tile.Matrix{}
	for _, line := range m.Tensors {
		if line.Kind != planes.KindUnsigned || line.Name == "token_embd.weight" {
			continue
		}
		made := tile.NewMatrix(line.Rows, line.Cols, 3, 3)
		made.NormalScales = true
		for row := range made.Rows {
			for g := range made.Groups() {
				var codes [tile.GroupCols]uint8
				for i := range codes {
					codes[i] = uint8((row + g + i) % 7)
				}
				made.SetGroup(row, g, &codes, uint16(0x2000+row), 0)
			}
		}
		matrices[line.Name] = made
	}
	if len(matrices) != 21 {
		t.Fatal(len(matrices))
	}
	var file bytes.Buffer
	if err := gptq.Write(&file, gptq.Header{Settings: "made up"}, matrices); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(in("codes"), file.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
	r := packTo("out", "-ternary", "3", "-quantised", in("codes"))
	for name, want := range matrices {
		got, err := r.Matrix(name, want.Rows, want.Cols)
		if err != nil || !bytes.Equal(got.Data, want.Data) {
			t.Errorf("%s is not what was made: %v", name, err)
		}
	}
	for words, args := range map[string][]string{
		"want -ternary":                       {"-quantised", in("codes")},
		"no file of these quantised matrices": {"-ternary", "3", "-quantised", in("tiny.gguf")},
		"quantised with 3 steps, want 2":      {"-ternary", "2", "-quantised", in("codes")},
	} {
		var failed bytes.Buffer
		args = append(append(args, "-q", "-calibrate", "none", "-jinja", "../../build/jinja", "-o",
			in("bad")), in("tiny.gguf"))
		if code := run(args, io.Discard, &failed); code != exitFailure ||
			!bytes.Contains(failed.Bytes(), []byte(words)) {
			t.Errorf("%v: exit %d, %s", args, code, failed.String())
		}
		if _, err := os.Stat(in("bad")); err == nil {
			t.Errorf("%v: a model was written", args)
		}
	}
}
