package core

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/spikechat/spikechat/core/coding"
	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/core/reference"
	"github.com/spikechat/spikechat/core/simd"
	"github.com/spikechat/spikechat/core/tile"
)

func openReference(tb testing.TB) *reference.Model {
	tb.Helper()
	m, err := reference.Open(tinyFolder())
	if err != nil {
		tb.Fatal(err)
	}
	return m
}

// TestForwardEqualsTheFormulas holds the float mode against the reference at every position.
func TestForwardEqualsTheFormulas(t *testing.T) {
	tokens := randomTokens(1, 40)
	want := openReference(t).Logits(tokens)
	s := newState(t, tinyModel(t), len(tokens), coding.Coding{})
	if err := s.Forward(tokens, true); err != nil {
		t.Fatal(err)
	}
	worst, size := 0.0, 0.0
	for p := range tokens {
		for i, v := range s.Logits(p) {
			size = max(size, math.Abs(want[p][i]))
			worst = max(worst, math.Abs(float64(v)-want[p][i]))
		}
	}
	t.Logf("logits up to %.3g, largest difference %.3g", size, worst)
	if !(worst <= 1e-4*size) {
		t.Errorf("a logit differs by %v where they reach %v", worst, size)
	}
}

// TestSpikesComeNearTheFormulas: the more time steps, the nearer.
func TestSpikesComeNearTheFormulas(t *testing.T) {
	tokens := randomTokens(2, 40)
	want := openReference(t).Logits(tokens)
	last := math.Inf(1)
	for _, steps := range []int{1, 2, 4} {
		s := newState(t, tinyModel(t), len(tokens), coding.Coding{Steps: steps, OutputSteps: steps})
		if err := s.Forward(tokens, true); err != nil {
			t.Fatal(err)
		}
		off, size := 0.0, 0.0
		for p := range tokens {
			for i, v := range s.Logits(p) {
				off += (float64(v) - want[p][i]) * (float64(v) - want[p][i])
				size += want[p][i] * want[p][i]
			}
		}
		off = math.Sqrt(off / size)
		t.Logf("T=%d: relative error %.4f", steps, off)
		if !(off < last/1.5 && off*float64(steps) < 0.6) {
			t.Errorf("T=%d: relative error %v, with fewer steps %v", steps, off, last)
		}
		last = off
	}
}

// TestAttention compares attendToken, with the cache as floats and as spikes, with the formula for
// shapes the tiny model does not have.
func TestAttention(t *testing.T) {
	for _, c := range []planes.Config{
		{Heads: 1, KVHeads: 1, HeadDim: 32}, {Heads: 4, KVHeads: 2, HeadDim: 64},
		{Heads: 6, KVHeads: 6, HeadDim: 32}, {Heads: 9, KVHeads: 3, HeadDim: 64},
	} {
		c.Layers, c.Hidden, c.Intermediate, c.Vocab, c.Context, c.RopeBase = 2, 32, 32, 1, 64, 10000
		for steps, tolerance := range map[int]float64{0: 1e-4, 4: 0.15} {
			s := newAttentionState(t, c)
			if steps > 0 {
				s.plan.cache = uniform(c.HeadCount(), steps)
			}
			ref := &reference.Model{Config: c}
			var keys, values [][]float64
			r := rand.New(rand.NewPCG(1, 1))
			for position := range 19 {
				q, k, v := randomFloats(r, c.Heads*c.HeadDim), randomFloats(r, c.KVHeads*c.HeadDim),
					randomFloats(r, c.KVHeads*c.HeadDim)
				keys, values = append(keys, wide(k)), append(values, wide(v))
				want := ref.Attention(wide(q), keys, values)
				// The other layer must not matter.
				got := make([]float32, c.Heads*c.HeadDim)
				if err := errors.Join(s.attendToken(0, position, randomFloats(r, len(q)),
					randomFloats(r, len(k)), randomFloats(r, len(v)), got, false),
					s.attendToken(1, position, q, k, v, got, false)); err != nil {
					t.Fatal(err)
				}
				for i, want := range want {
					if math.Abs(float64(got[i])-want) > tolerance {
						t.Fatalf("%d heads on %d, T=%d, position %d: entry %d is %v, want %v",
							c.Heads, c.KVHeads, steps, position, i, got[i], want)
					}
				}
			}
		}
	}
}

// TestAttentionKeepsHeadsApart gives every key and value head of every layer a T of its own: each
// is kept and counted with that one, as where all heads have it.
func TestAttentionKeepsHeadsApart(t *testing.T) {
	c := planes.Config{Layers: 2, Hidden: 32, Intermediate: 32, Heads: 9, KVHeads: 3, HeadDim: 64,
		Vocab: 1, Context: 64, RopeBase: 10000}
	// no two sums of three are alike
	own := []uint8{1, 2, 4 /* values */, 4, 4, 1 /* layer 1 */, 2, 1, 1 /* values */, 4, 2, 2}
	mixed, alike := newAttentionState(t, c), map[uint8]*State{}
	mixed.plan.cache = own
	for _, steps := range own {
		if alike[steps] == nil {
			alike[steps] = newAttentionState(t, c)
			alike[steps].plan.cache = uniform(c.HeadCount(), int(steps))
		}
	}
	const positions = 19
	r := rand.New(rand.NewPCG(3, 3))
	for position := range positions {
		for layer := range c.Layers {
			q, k, v := randomFloats(r, c.Heads*c.HeadDim), randomFloats(r, c.KVHeads*c.HeadDim),
				randomFloats(r, c.KVHeads*c.HeadDim)
			for _, s := range []*State{mixed, alike[1], alike[2], alike[4]} {
				out := make([]float32, len(q))
				if err := s.attendToken(layer, position, slices.Clone(q), slices.Clone(k),
					slices.Clone(v), out, true); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	for i, counts := range mixed.CacheCounts() { // keys and values of each layer in turn
		layer, want := i/2, uint32(0)
		for h, steps := range own[i*c.KVHeads:][:c.KVHeads] {
			want += positions * uint32(c.HeadDim) * uint32(steps)
			of := func(s *State) *cacheHalf {
				return []*cacheHalf{&s.cache.keys, &s.cache.values}[i%2]
			}
			got, gotThresholds, _ := of(mixed).head(layer*c.KVHeads + h)
			codes, thresholds, _ := of(alike[steps]).head(layer*c.KVHeads + h)
			if n := len(got[0]) - simd.ValuesSpare; !slices.Equal(got[0][:n], codes[0][:n]) ||
				!slices.Equal(gotThresholds, thresholds) {
				t.Errorf("layer %d, cache %d, head %d is not kept as with T=%d alone", layer, i%2,
					h, steps)
			}
		}
		if counts.Steps != want {
			t.Errorf("layer %d, cache %d: %d steps, want %d", layer, i%2, counts.Steps, want)
		}
	}
}

// TestAttentionOfAWindow: layers with a window look at nothing before it, which may begin in the
// midst of a span or block of the cache; others look back over all. What is counted is what was
// looked at.
func TestAttentionOfAWindow(t *testing.T) {
	const context, last = 640, 600
	for _, window := range []int{1, 5, 8, 9, 300} {
		c := planes.Config{Architecture: "gemma3", Layers: 6, Hidden: 32, Intermediate: 32, Heads: 3,
			KVHeads: 1, HeadDim: 32, Vocab: 1, Context: context, RopeBase: 10000, Window: window,
			LocalRopeBase: 10000}
		for _, steps := range []int{0, 4} {
			for _, layer := range []int{0, 5} {
				// Two conversations that differ in what the window does not hold.
				const differ = 280
				same := min(last-1, differ+window-1)
				ref := &reference.Model{Config: c}
				var outs [2][][]float32
				var looked [2][]LookBack
				for i := range outs {
					s, err := NewState(bareModel(&c), context, 1)
					if err != nil {
						t.Fatal(err)
					}
					if steps > 0 {
						s.plan.cache = uniform(c.HeadCount(), steps)
					}
					var keys, values [][]float64
					r := rand.New(rand.NewPCG(5, 5))
					for position := range last {
						s.makeRoom(position + 1)
						q, k, v := randomFloats(r, 96), randomFloats(r, 32), randomFloats(r, 32)
						if i == 1 && position < differ {
							slices.Reverse(k)
							slices.Reverse(v)
						}
						keys, values = append(keys, wide(k)), append(values, wide(v))
						from := 0
						if layer == 0 {
							from = max(0, position+1-window)
						}
						want := ref.Attention(wide(q), keys[from:], values[from:])
						got := make([]float32, 96)
						s.tally.begin(CountAll)
						if err := s.attendToken(layer, position, q, k, v, got, true); err != nil {
							t.Fatal(err)
						}
						tolerance := 1e-4
						if steps > 0 {
							tolerance = 0.4
						}
						for j, want := range want {
							if math.Abs(float64(got[j])-want) > tolerance {
								t.Fatalf("window %d, T=%d, layer %d, position %d: entry %d is %v, want %v",
									window, steps, layer, position, j, got[j], want)
							}
						}
						outs[i], looked[i] = append(outs[i], got), append(looked[i], s.LookBack())
						dense := uint64(2 * 3 * 32 * (position + 1 - from))
						if l := s.LookBack(); steps > 0 && l.Dense != dense {
							t.Fatalf("window %d, layer %d, position %d: %d operations, want %d", window,
								layer, position, l.Dense, dense)
						}
					}
				}
				for position := same; position < last; position++ {
					alike := sameBits(outs[0][position], outs[1][position])
					if layer == 0 && (!alike || looked[0][position] != looked[1][position]) {
						t.Fatalf("window %d, T=%d: position %d sees what is before the window", window, steps,
							position)
					}
					if layer == 5 && alike {
						t.Fatalf("T=%d: position %d does not see all positions", steps, position)
					}
				}
			}
		}
	}
}

// bareModel has no weights but an embedding of zeros: enough for attention.
func bareModel(c *planes.Config) *Model {
	return &Model{Config: *c, division: divide(c, 1),
		embedding: simd.NewWeights(tile.NewMatrix(c.Vocab, c.Hidden, 4, 0))}
}

func newAttentionState(tb testing.TB, c planes.Config) *State {
	tb.Helper()
	s, err := NewState(bareModel(&c), 64, 1)
	if err != nil {
		tb.Fatal(err)
	}
	// For spikes as well, which tests ask for without a coding.
	s.cache.grow(64, true)
	s.cache.grow(64, false)
	return s
}

// TestRotary compares the tables with math.Cos and math.Sin.
func TestRotary(t *testing.T) {
	for _, base := range []float32{10000, 100000, 1} {
		ref := &reference.Model{Config: planes.Config{HeadDim: 64, RopeBase: base}}
		table := newRotary(2048, 64, float64(base), nil, 1)
		r := rand.New(rand.NewPCG(2, 2))
		for _, position := range []int{0, 1, 7, 500, 2047} {
			x := randomFloats(r, 128)
			want := wide(x)
			ref.Turn(want, position)
			table.turn(x, position)
			for i := range x {
				if math.Abs(float64(x[i])-want[i]) > 1e-6 {
					t.Errorf("base %v, position %d: entry %d is %v, want %v", base, position, i,
						x[i], want[i])
				}
			}
		}
	}
}

func randomFloats(r *rand.Rand, n int) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(r.NormFloat64())
	}
	return x
}

func wide(x []float32) []float64 {
	y := make([]float64, len(x))
	for i, v := range x {
		y[i] = float64(v)
	}
	return y
}
