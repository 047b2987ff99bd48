package main

import (
	"encoding/binary"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"github.com/x448/float16"

	"github.com/spikechat/spikechat/core"
	"github.com/spikechat/spikechat/core/coding"
	"github.com/spikechat/spikechat/core/reference"
	"github.com/spikechat/spikechat/core/simd"
	"github.com/spikechat/spikechat/tools/pack/packer"
)

// tokens and positions are those of logits.py.
var tokens = func() (ids []int32) {
	for i := range int32(48) {
		ids = append(ids, (7*i*i+31*i+5)%325)
	}
	return ids
}()

var positions = []int{0, 5, 17, 47}

// best is the coding of the preset of that name.
var best = coding.Coding{Steps: 4, CacheSteps: 4, OutputSteps: 4, OutputResidual: true}

var folders sync.Map

// folderOf packs a variant once for all tests.
func folderOf(tb testing.TB, v *packer.Variant) fs.FS {
	tb.Helper()
	made, _ := folders.LoadOrStore(v.Name,
		sync.OnceValues(func() (fs.FS, error) { return pack(v, "", 0) }))
	folder, err := made.(func() (fs.FS, error))()
	if err != nil {
		tb.Fatal(err)
	}
	return folder
}

var models sync.Map

// modelOf opens a variant once for all tests.
func modelOf(tb testing.TB, v *packer.Variant) *core.Model {
	tb.Helper()
	made, _ := models.LoadOrStore(v.Name,
		sync.OnceValues(func() (*core.Model, error) { return core.Open(folderOf(tb, v)) }))
	m, err := made.(func() (*core.Model, error))()
	if err != nil {
		tb.Fatal(err)
	}
	m.Prepare(simd.LookupKernel)
	return m
}

func newState(tb testing.TB, m *core.Model, batch int, c coding.Coding, k simd.Kernel) *core.State {
	tb.Helper()
	s, err := core.NewState(m, 64, batch)
	if err == nil {
		err = s.SetCoding(c, k)
	}
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// distance gives the largest difference of some logits from others, and the standard deviation of
// those.
func distance(got []float32, want []float64) (worst, spread float64) {
	sum, squares := 0.0, 0.0
	for i, w := range want {
		worst = max(worst, math.Abs(float64(got[i])-w))
		sum += w
		squares += w * w
	}
	n := float64(len(want))
	return worst, math.Sqrt(squares/n - sum/n*(sum/n))
}

// golden gives llama.cpp's logits of a variant: [positions][vocab].
func golden(tb testing.TB, v *packer.Variant, vocab int) [][]float64 {
	tb.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", v.Name+".f32"))
	if err != nil {
		tb.Fatal(err)
	}
	if len(data) != 4*len(positions)*vocab {
		tb.Fatalf("%d bytes of logits", len(data))
	}
	logits := make([][]float64, len(positions))
	for i := range logits {
		for range vocab {
			v := math.Float32frombits(binary.LittleEndian.Uint32(data))
			logits[i], data = append(logits[i], float64(v)), data[4:]
		}
	}
	return logits
}

// TestLlamaCpp: without spikes the logits are llama.cpp's, but for its GELU, which goes through a
// table of float16.
func TestLlamaCpp(t *testing.T) {
	for i := range packer.Variants {
		v := &packer.Variants[i]
		t.Run(v.Name, func(t *testing.T) {
			m, most := modelOf(t, v), 1e-5
			if m.Config.Kind().GELU {
				most = 2e-3 // of the standard deviation; 4e-4 of the range
			}
			s := newState(t, m, len(tokens), coding.Coding{}, simd.LookupKernel)
			if err := s.Forward(tokens, true); err != nil {
				t.Fatal(err)
			}
			for i, want := range golden(t, v, m.Config.Vocab) {
				p := positions[i]
				worst, spread := distance(s.Logits(p), want)
				if !(worst <= most*spread) {
					t.Errorf("position %d: a logit differs by %v, and their deviation is %v", p, worst, spread)
				}
				if size := slices.Max(want) - slices.Min(want); !(worst <= 0.001*size) {
					t.Errorf("position %d: a logit differs by %v, and they spread over %v", p, worst, size)
				}
			}
		})
	}
}

// TestGELUIsAllThatDiffers: the formulas with GELU of a float16, rounded to float16, give
// llama.cpp's logits.
func TestGELUIsAllThatDiffers(t *testing.T) {
	half := func(v float64) float64 { return float64(float16.Fromfloat32(float32(v)).Float32()) }
	for i := range packer.Variants {
		v := &packer.Variants[i]
		ref, err := reference.Open(folderOf(t, v))
		if err != nil {
			t.Fatal(err)
		}
		if !ref.Config.Kind().GELU {
			continue
		}
		ref.Activation = func(g float64) float64 { return half(reference.GELU(half(g))) }
		logits := ref.Logits(tokens)
		for i, want := range golden(t, v, ref.Config.Vocab) {
			got := make([]float32, len(want))
			for j, w := range logits[positions[i]] {
				got[j] = float32(w)
			}
			if worst, spread := distance(got, want); !(worst <= 1e-4*spread) {
				t.Errorf("%s, position %d: a logit differs by %v, and their deviation is %v", v.Name,
					positions[i], worst, spread)
			}
		}
	}
}

// TestFormulas: without spikes the logits are those of the formulas in float64.
func TestFormulas(t *testing.T) {
	for i := range packer.Variants {
		v := &packer.Variants[i]
		t.Run(v.Name, func(t *testing.T) {
			ref, err := reference.Open(folderOf(t, v))
			if err != nil {
				t.Fatal(err)
			}
			want := ref.Logits(tokens)
			s := newState(t, modelOf(t, v), len(tokens), coding.Coding{}, simd.LookupKernel)
			if err := s.Forward(tokens, true); err != nil {
				t.Fatal(err)
			}
			for p := range tokens {
				if worst, spread := distance(s.Logits(p), want[p]); !(worst <= 1e-4*spread) {
					t.Errorf("position %d: a logit differs by %v, and their spread is %v", p, worst, spread)
				}
			}
		})
	}
}
