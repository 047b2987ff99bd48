// Command architectures writes each of packer.Variants, one small model with random weights for
// what the engine computes: packed, into a folder of its name, and as a GGUF file for llama.cpp,
// with the weights that the packed model has, as F32. logits.py has llama.cpp compute the logits
// that the tests beside it compare the engine's with. Some are written with ternary layers as well.
//
//	go run ./tools/pack/architectures FOLDER
//	python3 tools/pack/architectures/logits.py FOLDER tools/pack/architectures/testdata
package main

import (
	"encoding/binary"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing/fstest"

	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/core/tile"
	"github.com/spikechat/spikechat/tools/pack/internal/ggufenc"
	"github.com/spikechat/spikechat/tools/pack/packer"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: architectures FOLDER")
		os.Exit(2)
	}
	for i := range packer.Variants {
		v := &packer.Variants[i]
		if err := write(os.Args[1], v); err != nil {
			fmt.Fprintln(os.Stderr, "architectures:", err)
			os.Exit(1)
		}
	}
	for _, t := range ternaries {
		packed, err := pack(t.variant, "", t.steps)
		if err == nil {
			err = os.CopyFS(filepath.Join(os.Args[1], t.name()), packed)
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, "architectures:", err)
			os.Exit(1)
		}
	}
}

// ternaries are variants whose layers are ternary spikes of so many steps.
var ternaries = []ternary{
	{&packer.Variants[0], 1}, {&packer.Variants[0], 2}, {&packer.Variants[0], 3},
	{&packer.Variants[0], 4}, {&packer.Variants[0], 7}, {&packer.Variants[6], 3},
}

type ternary struct {
	variant *packer.Variant
	steps   int
}

func (t ternary) name() string { return packer.TernaryName(t.variant.Name, t.steps) }

func write(folder string, v *packer.Variant) error {
	packed, err := pack(v, "", 0)
	if err != nil {
		return err
	}
	f, err := exact(v, packed)
	if err != nil {
		return err
	}
	if err := os.CopyFS(filepath.Join(folder, v.Name), packed); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(folder, v.Name+".gguf"), f.Bytes(), 0o666)
}

// pack packs a variant in memory, with a ranking where there is a text for it, and with ternary
// layers where they have steps.
func pack(v *packer.Variant, calibration string, steps int) (fstest.MapFS, error) {
	folder := fstest.MapFS{}
	job := packer.Job{
		Source: packer.MemorySource(v.Name+".gguf", v.File().Bytes()), Name: v.Name,
		Calibration: calibration, Report: unheard{}, TernarySteps: steps,
		Emit: func(file string, data []byte) error {
			folder[file] = &fstest.MapFile{Data: append([]byte(nil), data...)}
			return nil
		},
	}
	packed, err := job.Run()
	if err != nil {
		return nil, err
	}
	folder[planes.ManifestFile] = &fstest.MapFile{Data: packed.Text}
	return folder, nil
}

// unheard is a packer.Reporter that nobody hears.
type unheard struct{}

func (unheard) Tensor(packer.Tensor, int64, int64) {}
func (unheard) Quantised(packer.Tensor, float64)   {}
func (unheard) Calibrated(int, int)                {}
func (unheard) Counted(int, int)                   {}
func (unheard) Note(string)                        {}

// exact gives a variant with its packed weights as F32, in the source's order of rows.
func exact(v *packer.Variant, packed fs.FS) (*ggufenc.File, error) {
	m, r, err := planes.Open(packed)
	if err != nil {
		return nil, err
	}
	f := v.File()
	for i := range f.Tensors {
		t := &f.Tensors[i]
		if len(t.Dims) != 2 {
			continue // a vector, which is F32 in the source
		}
		matrix, err := r.Matrix(t.Name, int(t.Dims[1]), int(t.Dims[0]))
		if err != nil {
			return nil, err
		}
		t.Type, t.Data = 0, nil
		for row := range matrix.Rows {
			t.Data = appendRow(t.Data, matrix, packedRow(&m.Config, t.Name, row))
		}
	}
	return f, nil
}

// packedRow is where a row of a source's matrix is in the packed one: of the architectures whose
// files pair the halves of a head, entry i of the first half is at 2i and of the second at 2i+1.
func packedRow(c *planes.Config, name string, row int) int {
	halves := strings.HasPrefix(c.Architecture, "qwen") || c.Architecture == "gemma3"
	rotated := strings.HasSuffix(name, ".attn_q.weight") || strings.HasSuffix(name, ".attn_k.weight")
	if !halves || !rotated {
		return row
	}
	first, i := row-row%c.HeadDim, row%c.HeadDim
	if i < c.HeadDim/2 {
		return first + 2*i
	}
	return first + 2*(i-c.HeadDim/2) + 1
}

// appendRow appends a row's weights d*c - n.
func appendRow(b []byte, m *tile.Matrix, row int) []byte {
	for g := range m.Groups() {
		var codes [tile.GroupCols]uint8
		m.Group(row, g, &codes)
		d, n := m.Scales(m.Block(row/tile.Rows, g), row%tile.Rows)
		for _, c := range codes {
			w := float32(float64(d)*float64(c) - float64(n))
			b = binary.LittleEndian.AppendUint32(b, math.Float32bits(w))
		}
	}
	return b
}
