package core

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/core/simd"
)

// reference is the transformer of the Llama paper in float64, written from its formulas: no cache, no blocks, no kernels.
// It reads the packed file by itself, group by group.
type reference struct {
	c      planes.Config
	matrix map[string][][]float64
	vector map[string][]float64
	seen   map[string][][]float64 // by name: the inputs of matrices and what attention works on, token by token
}

func (r *reference) see(name string, x []float64) []float64 {
	r.seen[name] = append(r.seen[name], slices.Clone(x))
	return x
}

func newReference(tb testing.TB) *reference {
	tb.Helper()
	m, r, err := planes.Open(tinyFolder())
	if err != nil {
		tb.Fatal(err)
	}
	ref := &reference{c: m.Config, matrix: map[string][][]float64{}, vector: map[string][]float64{}, seen: map[string][][]float64{}}
	for _, t := range m.Tensors {
		switch t.Kind {
		case planes.KindUnsigned:
			p, err := r.Matrix(t.Name, t.Rows, t.Cols)
			if err != nil {
				tb.Fatal(err)
			}
			w := make([][]float64, t.Rows)
			for row := range w {
				for g := range t.Cols / 32 {
					var codes [32]uint8
					d, n := p.Group(row, g, &codes)
					offset := half64(n)
					if t.OffsetBy != 0 {
						offset = float64(t.OffsetBy) * half64(d)
					}
					for _, c := range codes {
						w[row] = append(w[row], half64(d)*float64(c)-offset)
					}
				}
			}
			ref.matrix[t.Name] = w
		case planes.KindFloat32:
			v, err := r.Floats(t.Name, t.Cols)
			if err != nil {
				tb.Fatal(err)
			}
			for _, x := range v {
				ref.vector[t.Name] = append(ref.vector[t.Name], float64(x))
			}
		}
	}
	return ref
}

// half64 reads a float16 by the definition of IEEE 754.
func half64(h uint16) float64 {
	sign, exponent, fraction := 1.0, int(h>>10&31), float64(h&0x3ff)
	if h>>15 != 0 {
		sign = -1
	}
	if exponent == 0 {
		return sign * math.Ldexp(fraction, -24)
	}
	return sign * math.Ldexp(1024+fraction, exponent-25)
}

func times(w [][]float64, x []float64) []float64 {
	y := make([]float64, len(w))
	for r, row := range w {
		for j, v := range row {
			y[r] += v * x[j]
		}
	}
	return y
}

func (r *reference) norm(x []float64, weight string) []float64 {
	sum := 0.0
	for _, v := range x {
		sum += v * v
	}
	scale := 1 / math.Sqrt(sum/float64(len(x))+float64(r.c.RMSEpsilon))
	y := make([]float64, len(x))
	for i, v := range x {
		y[i] = v * scale * r.vector[weight][i]
	}
	return y
}

// turn rotates each pair (2i, 2i+1) of each head.
func (r *reference) turn(x []float64, position int) {
	dim := r.c.HeadDim
	for at := 0; at < len(x); at += 2 {
		angle := float64(position) * math.Pow(float64(r.c.RopeBase), -float64(at%dim)/float64(dim))
		a, b := x[at], x[at+1]
		x[at], x[at+1] = a*math.Cos(angle)-b*math.Sin(angle), a*math.Sin(angle)+b*math.Cos(angle)
	}
}

// attention looks back from the last of the positions, keys and values [position][kvHeads*headDim].
func (r *reference) attention(q []float64, keys, values [][]float64) []float64 {
	dim := r.c.HeadDim
	var out []float64
	for h := range r.c.Heads {
		shared := h * r.c.KVHeads / r.c.Heads * dim
		weights, sum := make([]float64, len(keys)), 0.0
		for j, k := range keys {
			for i := range dim {
				weights[j] += q[h*dim+i] * k[shared+i]
			}
			weights[j] = math.Exp(weights[j] / math.Sqrt(float64(dim)))
			sum += weights[j]
		}
		for i := range dim {
			v := 0.0
			for j := range keys {
				v += weights[j] / sum * values[j][shared+i]
			}
			out = append(out, v)
		}
	}
	return out
}

// logits gives the scores of every position.
func (r *reference) logits(tokens []int32) [][]float64 {
	x := make([][]float64, len(tokens))
	for t, id := range tokens {
		x[t] = append(x[t], r.matrix["token_embd.weight"][id]...)
	}
	for l := range r.c.Layers {
		name := func(s string) string { return fmt.Sprintf("blk.%d.%s.weight", l, s) }
		var keys, values [][]float64
		for t := range x {
			normed := r.see(name("attn_q"), r.norm(x[t], name("attn_norm")))
			q, k := times(r.matrix[name("attn_q")], normed), times(r.matrix[name("attn_k")], normed)
			r.turn(q, t)
			r.turn(k, t)
			keys, values = append(keys, r.see(name("k"), k)), append(values, r.see(name("v"), times(r.matrix[name("attn_v")], normed)))
			r.see(name("q"), q)
			for i, v := range times(r.matrix[name("attn_output")], r.see(name("attn_output"), r.attention(q, keys, values))) {
				x[t][i] += v
			}
		}
		for t := range x {
			normed := r.see(name("ffn_gate"), r.norm(x[t], name("ffn_norm")))
			gate, up := times(r.matrix[name("ffn_gate")], normed), times(r.matrix[name("ffn_up")], normed)
			for i, g := range gate {
				gate[i] = g / (1 + math.Exp(-g)) * up[i]
			}
			for i, v := range times(r.matrix[name("ffn_down")], r.see(name("ffn_down"), gate)) {
				x[t][i] += v
			}
		}
	}
	out := make([][]float64, len(tokens))
	for t := range x {
		out[t] = times(r.matrix["token_embd.weight"], r.norm(x[t], "output_norm.weight"))
	}
	return out
}

// TestForwardEqualsTheFormulas holds the float mode against the reference at every position.
func TestForwardEqualsTheFormulas(t *testing.T) {
	tokens := randomTokens(1, 40)
	want := newReference(t).logits(tokens)
	s := newState(t, tinyModel(t), len(tokens), Coding{})
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
	want := newReference(t).logits(tokens)
	last := math.Inf(1)
	for _, steps := range []int{1, 2, 4} {
		s := newState(t, tinyModel(t), len(tokens), Coding{Steps: steps, HeadSteps: steps})
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

// TestAttention compares attendToken, with the cache as floats and as spikes, with the formula for shapes the tiny model does not
// have.
func TestAttention(t *testing.T) {
	for _, c := range []planes.Config{
		{Heads: 1, KVHeads: 1, HeadDim: 32}, {Heads: 4, KVHeads: 2, HeadDim: 64}, {Heads: 6, KVHeads: 6, HeadDim: 32}, {Heads: 9, KVHeads: 3, HeadDim: 64},
	} {
		c.Layers, c.Hidden, c.Intermediate, c.Vocab, c.Context, c.RopeBase = 2, 32, 32, 1, 64, 10000
		for steps, tolerance := range map[int]float64{0: 1e-4, 4: 0.15} {
			s := newAttentionState(t, c)
			if steps > 0 {
				s.cacheSteps = uniform(c.HeadCount(), steps)
			}
			ref := &reference{c: c}
			var keys, values [][]float64
			r := rand.New(rand.NewPCG(1, 1))
			for position := range 19 {
				q, k, v := randomFloats(r, c.Heads*c.HeadDim), randomFloats(r, c.KVHeads*c.HeadDim), randomFloats(r, c.KVHeads*c.HeadDim)
				keys, values = append(keys, wide(k)), append(values, wide(v))
				want := ref.attention(wide(q), keys, values)
				// The other layer must not matter.
				got := make([]float32, c.Heads*c.HeadDim)
				if err := errors.Join(s.attendToken(0, position, randomFloats(r, len(q)), randomFloats(r, len(k)), randomFloats(r, len(v)), got, false),
					s.attendToken(1, position, q, k, v, got, false)); err != nil {
					t.Fatal(err)
				}
				for i, want := range want {
					if math.Abs(float64(got[i])-want) > tolerance {
						t.Fatalf("%d heads on %d, T=%d, position %d: entry %d is %v, want %v", c.Heads, c.KVHeads, steps, position, i, got[i], want)
					}
				}
			}
		}
	}
}

// TestAttentionKeepsHeadsApart gives every key and value head of every layer a T of its own: each is kept and counted with that
// one, as where all heads have it.
func TestAttentionKeepsHeadsApart(t *testing.T) {
	c := planes.Config{Layers: 2, Hidden: 32, Intermediate: 32, Heads: 9, KVHeads: 3, HeadDim: 64, Vocab: 1, Context: 64, RopeBase: 10000}
	own := []uint8{1, 2, 4 /* values */, 4, 4, 1 /* layer 1 */, 2, 1, 1 /* values */, 4, 2, 2} // no two sums of three are alike
	mixed, alike := newAttentionState(t, c), map[uint8]*State{}
	mixed.cacheSteps = own
	for _, steps := range own {
		if alike[steps] == nil {
			alike[steps] = newAttentionState(t, c)
			alike[steps].cacheSteps = uniform(c.HeadCount(), int(steps))
		}
	}
	const positions = 19
	r := rand.New(rand.NewPCG(3, 3))
	for position := range positions {
		for layer := range c.Layers {
			q, k, v := randomFloats(r, c.Heads*c.HeadDim), randomFloats(r, c.KVHeads*c.HeadDim), randomFloats(r, c.KVHeads*c.HeadDim)
			for _, s := range []*State{mixed, alike[1], alike[2], alike[4]} {
				out := make([]float32, len(q))
				if err := s.attendToken(layer, position, slices.Clone(q), slices.Clone(k), slices.Clone(v), out, true); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	for i, counts := range mixed.CacheCounts() { // keys and values of each layer in turn
		layer, want := i/2, uint32(0)
		for h, steps := range own[i*c.KVHeads:][:c.KVHeads] {
			want += positions * uint32(c.HeadDim) * uint32(steps)
			of := func(s *State) *cache { return []*cache{&s.keys, &s.values}[i%2] }
			got, gotThresholds, _ := of(mixed).head(layer*c.KVHeads + h)
			codes, thresholds, _ := of(alike[steps]).head(layer*c.KVHeads + h)
			if n := len(got) - simd.ValuesSpare; !slices.Equal(got[:n], codes[:n]) || !slices.Equal(gotThresholds, thresholds) {
				t.Errorf("layer %d, cache %d, head %d is not kept as with T=%d alone", layer, i%2, h, steps)
			}
		}
		if counts.Steps != want {
			t.Errorf("layer %d, cache %d: %d steps, want %d", layer, i%2, counts.Steps, want)
		}
	}
}

func newAttentionState(tb testing.TB, c planes.Config) *State {
	tb.Helper()
	s, err := NewState(&Model{Config: c}, 64, 1)
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// TestRotary compares the tables with math.Cos and math.Sin.
func TestRotary(t *testing.T) {
	for _, base := range []float32{10000, 100000, 1} {
		ref := &reference{c: planes.Config{HeadDim: 64, RopeBase: base}}
		table := newRotary(2048, 64, float64(base))
		r := rand.New(rand.NewPCG(2, 2))
		for _, position := range []int{0, 1, 7, 500, 2047} {
			x := randomFloats(r, 128)
			want := wide(x)
			ref.turn(want, position)
			table.turn(x, position)
			for i := range x {
				if math.Abs(float64(x[i])-want[i]) > 1e-6 {
					t.Errorf("base %v, position %d: entry %d is %v, want %v", base, position, i, x[i], want[i])
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
