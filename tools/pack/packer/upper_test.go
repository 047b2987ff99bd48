package packer

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/spikechat/spikechat/core"
	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/core/tile"
	"github.com/spikechat/spikechat/tools/pack/gguf"
	"github.com/spikechat/spikechat/tools/pack/internal/ggufedit"
	"github.com/spikechat/spikechat/tools/pack/internal/ggufenc"
)

// packUpper packs with so many planes of embedding and head.
func packUpper(f *ggufenc.File, headPlanes int, plain bool) (fstest.MapFS, error) {
	files := fstest.MapFS{}
	p := &Job{Source: MemorySource("test.gguf", f.Bytes()), Name: "test", Report: &recorder{},
		HeadPlanes: headPlanes, Plain: plain,
		Emit: func(file string, data []byte) error {
			files[file] = &fstest.MapFile{Data: append([]byte(nil), data...)}
			return nil
		}}
	m, err := p.Run()
	if err != nil {
		return nil, err
	}
	files[planes.ManifestFile] = &fstest.MapFile{Data: m.Text}
	return files, nil
}

// TestHeadPlanes: a model without the lower planes of its embedding has the weights that the whole
// one has before they come, and opens as a model from which nothing is missing.
func TestHeadPlanes(t *testing.T) {
	_, whole := mustPack(t, Tiny())
	for _, k := range []int{8, 6, 5, 1} {
		files, err := packUpper(Tiny(), k, false)
		if err != nil {
			t.Fatal(err)
		}
		manifest, r, err := planes.Open(files)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range matrixNames {
			all, err := whole.Matrix(name, shape(manifest, name).Rows, shape(manifest, name).Cols)
			if err != nil {
				t.Fatal(err)
			}
			want := all
			if name == embedding {
				want = all.Upper(k)
			}
			got, err := r.Matrix(name, all.Rows, all.Cols)
			if err != nil {
				t.Fatal(err)
			}
			if got.Planes != want.Planes || got.Missing != 0 {
				t.Errorf("%d: %s has %d planes and misses %d", k, name, got.Planes, got.Missing)
			}
			checkSameWeights(t, fmt.Sprint(k, " planes: ", name), got, want)
		}
		m, err := core.NewModel(manifest, r)
		if err != nil {
			t.Fatal(err)
		}
		if p := m.Precision(); !p.Whole() || p.Of != k {
			t.Errorf("%d planes: precision %v", k, p)
		}
	}
}

func shape(m *planes.Manifest, name string) planes.Tensor {
	for _, t := range m.Tensors {
		if t.Name == name {
			return t
		}
	}
	return planes.Tensor{}
}

// checkSameWeights compares every weight as the engine computes it.
func checkSameWeights(t *testing.T, what string, got, want *tile.Matrix) {
	t.Helper()
	for row := range want.Rows {
		for group := range want.Groups() {
			var a, b [tile.GroupCols]uint8
			got.Group(row, group, &a)
			want.Group(row, group, &b)
			d, n := got.Scales(got.Block(row/tile.Rows, group), row%tile.Rows)
			wantD, wantN := want.Scales(want.Block(row/tile.Rows, group), row%tile.Rows)
			if a != b || d != wantD || n != wantN {
				t.Fatalf("%s: row %d, group %d: scale %v, offset %v; want %v, %v, same codes: %v",
					what, row, group, d, n, wantD, wantN, a == b)
			}
		}
	}
}

// TestHeadPlanesRefused: a model is packed exactly as asked or not at all.
func TestHeadPlanesRefused(t *testing.T) {
	stored := Tiny()
	ggufedit.Randomise(ggufedit.TensorOf(stored, embedding), gguf.Q5_1, 1)
	large := Tiny()
	e := ggufedit.TensorOf(large, embedding)
	if gguf.TensorType(e.Type) != gguf.Q8_0 {
		t.Fatalf("the embedding is %v", e.Type)
	}
	e.Data[0], e.Data[1] = 0xff, 0x7b // the scale of the first group: 65504
	for _, c := range []struct {
		f     *ggufenc.File
		k     int
		plain bool
		want  string
	}{
		{stored, 4, false, "stored offsets"}, {large, 6, false, "4 times its scale is no float16"},
		{Tiny(), 6, true, "want a whole number"}, // version 2 has no fractions
	} {
		_, err := packUpper(c.f, c.k, c.plain)
		if err == nil || !strings.Contains(err.Error(), c.want) ||
			!errors.Is(err, ErrModel) && !errors.Is(err, planes.ErrInvalid) {
			t.Errorf("%v, want %q", err, c.want)
		}
	}
	// Nothing is cut where there are no more planes.
	if _, err := packUpper(stored, 5, false); err != nil {
		t.Errorf("5 of 5 planes: %v", err)
	}
}

// TestOffsetOfUpper: what is left out stands for the middle.
func TestOffsetOfUpper(t *testing.T) {
	for missing := range 8 {
		// Code C of the upper planes, and the mean of the codes that begin so.
		levels := math.Exp2(float64(missing))
		by := float64(offsetOfUpper(128, missing))
		for _, c := range []float64{0, 1} {
			mean := levels*c + (levels-1)/2
			if got := levels * (c - by); got != mean-128 {
				t.Errorf("%d planes missing: %v scales, want %v", missing, got, mean-128)
			}
		}
	}
}
