package packer

import (
	"errors"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/spikechat/spikechat/core/tile"
	"github.com/spikechat/spikechat/tools/pack/gguf"
	"github.com/spikechat/spikechat/tools/pack/internal/ggufedit"
	"github.com/spikechat/spikechat/tools/pack/internal/ggufenc"
)

// every type of blocks, with what packing may change: nothing, scales alone, or weights.
var kept = map[gguf.TensorType]string{
	gguf.Q4_0: "all", gguf.Q4_1: "all", gguf.Q5_0: "all", gguf.Q5_1: "all", gguf.Q8_0: "all",
	gguf.Q2_K: "steps", gguf.Q3_K: "all", gguf.Q4_K: "codes", gguf.Q5_K: "codes",
	gguf.Q6_K: "steps", gguf.IQ4_NL: "all", gguf.IQ4_XS: "codes", gguf.TQ1_0: "all",
	gguf.TQ2_0: "all", gguf.MXFP4: "all",
}

// Every weight of every type is what the file says, or as near as its form says. A file may have
// another type in each tensor.
func TestWeightsOfEveryType(t *testing.T) {
	names := []string{embedding}
	for _, name := range layerMatrices {
		names = append(names, "blk.0."+name+".weight")
	}
	types := slices.Sorted(maps.Keys(kept))
	for len(types) > 0 {
		f := modelOf(256)
		n := min(len(types), len(names))
		for i, typ := range types[:n] {
			ggufedit.Randomise(ggufedit.TensorOf(f, names[i]), typ, uint64(i))
		}
		got, r := mustPack(t, f)
		said := strings.Join(got.notes, "\n")
		for i, typ := range types[:n] {
			source := ggufedit.TensorOf(f, names[i])
			m, err := r.Matrix(names[i], int(source.Dims[1]), int(source.Dims[0]))
			if err != nil {
				t.Fatal(err)
			}
			checkWeights(t, m, source)
			if says := strings.Contains(said, typ.String()); says != (kept[typ] != "all") {
				t.Errorf("%v: notes %q", typ, said)
			}
		}
		types = types[n:]
	}
	for typ := range gguf.TensorType(64) {
		if typ.Integer() != (kept[typ] != "") {
			t.Errorf("%v is not tried", typ)
		}
	}
}

func checkWeights(t *testing.T, m *tile.Matrix, source *ggufenc.Tensor) {
	t.Helper()
	typ := gguf.TensorType(source.Type)
	want := gguf.Weights(typ, source.Data)
	var c [tile.GroupCols]uint8
	for i := range len(want) / tile.GroupCols {
		row, group := i/m.Groups(), i%m.Groups()
		m.Group(row, group, &c)
		scale, n := m.Scales(m.Block(row/tile.Rows, group), row%tile.Rows)
		for j, code := range c {
			w := want[i*tile.GroupCols+j]
			off := math.Abs(float64(float32(scale*float32(code))-n) - float64(w))
			bound := 0.0
			switch kept[typ] {
			case "codes": // the relative error of a float16 for each of the two terms
				bound = 0x1p-11*(math.Abs(float64(scale)*float64(code))+math.Abs(float64(n))) + 0x1p-17
			case "steps":
				bound = float64(scale) * 1.1
			}
			if !(off <= bound) {
				t.Fatalf("%v %s: weight %d of row %d is off by %v, want %v, at most %v", typ,
					source.Name, group*tile.GroupCols+j, row, off, w, bound)
			}
		}
	}
}

// Groups whose halves have common codes of 8 bits are exact.
func TestRegroupExact(t *testing.T) {
	for _, scales := range [][2]float32{{1, 1}, {1, 0.5}, {0.75, -0.25}, {0, 2}, {-1, -1}, {0, 0},
		{0.5, 0.375}} {
		var codes [tile.GroupCols]uint8
		for j := range codes {
			codes[j] = uint8(63 - 2*j)
			if j == 0 || j == halfCols {
				codes[j] = 1 // -31, for -32 of a negative scale would be 128 steps
			}
		}
		var w [tile.GroupCols]float32
		weightsOf(&w, gguf.Q6_K, &codes, scales, [2]float32{})
		var g group
		r, err := regroup(&g, &w, scales)
		if err != nil || r.Weight != 0 {
			t.Errorf("%v: off by %v, error %v", scales, r.Weight, err)
		}
		for j, want := range w {
			if got := g.weight(j, middle); got != float64(want) {
				t.Errorf("%v: weight %d is %v, want %v", scales, j, got, want)
			}
		}
	}
}

// What a float16 cannot hold is refused with the type's name, and a block of MXFP4 of nothing but
// zeros is taken whatever its scale.
func TestScalesBeyondFloat16(t *testing.T) {
	const name = "blk.0.attn_q.weight"
	file := func(typ gguf.TensorType, change func(data []byte)) *ggufenc.File {
		f := modelOf(256)
		tensor := ggufedit.TensorOf(f, name)
		ggufedit.Randomise(tensor, typ, 1)
		change(tensor.Data)
		return f
	}
	for word, f := range map[string]*ggufenc.File{
		"MXFP4 is 2^17":            file(gguf.MXFP4, func(b []byte) { b[0] = 145 }),
		"MXFP4 is 2^-25":           file(gguf.MXFP4, func(b []byte) { b[0] = 103 }),
		"beyond a float16":         file(gguf.Q4_K, func(b []byte) { copy(b, "\xff\x7b\x00\x00\x3f") }),
		"minimum is not finite":    file(gguf.Q5_K, func(b []byte) { copy(b[2:], "\x00\x7c") }),
		"or minimum is not finite": file(gguf.Q3_K, func(b []byte) { copy(b[108:], "\x01\x7e") }),
		"weights reach": file(gguf.Q6_K, func(b []byte) {
			copy(b[192:], "\x7f\x7f")
			copy(b[208:], "\xff\x7b")
		}),
	} {
		_, err := packFile(f)
		if err == nil || !strings.Contains(err.Error(), word) ||
			!strings.Contains(err.Error(), name) ||
			!errors.Is(err, ErrUnsupported) && !errors.Is(err, ErrModel) {
			t.Errorf("%q: got %v", word, err)
		}
	}
	for _, e := range []byte{0, 255} {
		zeros := file(gguf.MXFP4, func(b []byte) {
			copy(b, append([]byte{e}, make([]byte, 16)...))
			b[5] = 0x80 // minus zero
		})
		_, r := mustPack(t, zeros)
		m, err := r.Matrix(name, 256, 256)
		if err != nil {
			t.Fatal(err)
		}
		var codes [tile.GroupCols]uint8
		if d, _ := m.Group(0, 0, &codes); d != 0 || codes[7] != 12 {
			t.Errorf("scale %d: %v times %#04x", e, codes, d)
		}
	}
}
