package calibrate

import (
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/spikechat/spikechat/core"
	"github.com/spikechat/spikechat/core/coding"
	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/core/reference"
)

func tinyFolder() fs.FS { return os.DirFS(filepath.Join("..", "..", "..", "models", "tiny")) }

func tinyModel(tb testing.TB) *core.Model {
	tb.Helper()
	m, err := core.Open(tinyFolder())
	if err != nil {
		tb.Fatal(err)
	}
	return m
}

func openReference(tb testing.TB) *reference.Model {
	tb.Helper()
	m, err := reference.Open(tinyFolder())
	if err != nil {
		tb.Fatal(err)
	}
	return m
}

// randomTokens draws ids of the tiny vocabulary.
func randomTokens(seed uint64, n int) []int32 {
	r := rand.New(rand.NewPCG(seed, seed))
	tokens := make([]int32, n)
	for i := range tokens {
		tokens[i] = r.Int32N(325)
	}
	return tokens
}

// TestSaliencyEqualsTheFormulas computes mean X∘(X WᵀW), (QᵀQ K)∘K and (PᵀP V)∘V from the
// reference's activations, in float64 and straight from the definitions.
func TestSaliencyEqualsTheFormulas(t *testing.T) {
	tokens := randomTokens(21, 30)
	m, ref := tinyModel(t), openReference(t)
	ref.Logits(tokens)
	got, err := observeText(m, tokens)
	if err != nil {
		t.Fatal(err)
	}
	compare := func(what string, got []observed, saliency, absolute []float64) {
		t.Helper()
		total := 0.0
		for _, v := range saliency {
			total += math.Abs(v)
		}
		for j := range saliency {
			if math.Abs(got[j].saliency-saliency[j]) > 1e-5*total ||
				math.Abs(got[j].absolute-absolute[j]) > 1e-3*absolute[j] {
				t.Fatalf("%s, neuron %d: %+v, want %v of %v, largest %v", what, j, got[j],
					saliency[j], total, absolute[j])
			}
		}
	}
	sharing := [coding.Populations][]string{{"attn_q", "attn_k", "attn_v"}, {"attn_output"},
		{"ffn_gate", "ffn_up"}, {"ffn_down"}}
	for l := range m.Config.Layers {
		for p, readers := range sharing {
			xs := ref.Seen[fmt.Sprintf("blk.%d.%s.weight", l, readers[0])]
			saliency, absolute := make([]float64, len(xs[0])), make([]float64, len(xs[0]))
			for _, x := range xs {
				for _, reader := range readers {
					w := ref.Matrix[fmt.Sprintf("blk.%d.%s.weight", l, reader)]
					y := reference.Times(w, x)
					for j, v := range x {
						for r := range w {
							saliency[j] += v * y[r] * w[r][j]
						}
					}
				}
				for j, v := range x {
					absolute[j] = max(absolute[j], math.Abs(v))
				}
			}
			compare(fmt.Sprintf("layer %d, %v", l, coding.Population(p)),
				got.inputs[l*coding.Populations+p], saliency, absolute)
		}
		seen := func(name string) [][]float64 {
			return ref.Seen[fmt.Sprintf("blk.%d.%s.weight", l, name)]
		}
		keys, values := headSaliency(&m.Config, l, seen("q"), seen("k"), seen("v"),
			seen("attn_output"))
		compare(fmt.Sprintf("layer %d, keys", l), got.keys[l], keys, largestOfEach(seen("k")))
		compare(fmt.Sprintf("layer %d, values", l), got.values[l], values, largestOfEach(seen("v")))
	}
}

func largestOfEach(xs [][]float64) []float64 {
	largest := make([]float64, len(xs[0]))
	for _, x := range xs {
		for j, v := range x {
			largest[j] = max(largest[j], math.Abs(v))
		}
	}
	return largest
}

// TestSaliencyOfAWindow: a key counts for the queries that look back to it.
func TestSaliencyOfAWindow(t *testing.T) {
	const tokens = 20
	config := planes.Config{Architecture: "gemma3", Layers: 6, Hidden: 32, Intermediate: 32, Heads: 4,
		KVHeads: 2, HeadDim: 32, Window: 7, LocalRopeBase: 1}
	r := rand.New(rand.NewPCG(31, 32))
	draw := func(width int) (narrow [][]float32, wide [][]float64) {
		for range tokens {
			x, y := make([]float32, width), make([]float64, width)
			for i := range x {
				x[i] = float32(r.NormFloat64())
				y[i] = float64(x[i])
			}
			narrow, wide = append(narrow, x), append(wide, y)
		}
		return narrow, wide
	}
	q, wideQ := draw(4 * 32)
	k, wideK := draw(2 * 32)
	v, wideV := draw(2 * 32)
	o, wideO := draw(4 * 32)
	for layer := range config.Layers { // the last one has no window
		c := newCalibration(&config)
		c.scores = make([]float32, tokens)
		c.attention(&config, layer, q, k, v, o)
		keys, values := headSaliency(&config, layer, wideQ, wideK, wideV, wideO)
		for i := range keys {
			if math.Abs(c.keys[layer][i].saliency-keys[i]) > 1e-3 ||
				math.Abs(c.values[layer][i].saliency-values[i]) > 1e-4 {
				t.Fatalf("layer %d, neuron %d: %v and %v, want %v and %v", layer, i,
					c.keys[layer][i].saliency, c.values[layer][i].saliency, keys[i], values[i])
			}
		}
	}
}

// headSaliency is Σ_j k_j ∘ Σ_{i>=j} q_i (q_i·k_j) and Σ_j v_j ∘ Σ_{i>=j} p_ij o_i, for those i
// from which the layer looks back to j.
func headSaliency(
	c *planes.Config, layer int, q, k, v, o [][]float64,
) (keys, values []float64) {
	dim := c.HeadDim
	keys, values = make([]float64, len(k[0])), make([]float64, len(k[0]))
	for h := range c.Heads {
		mine, shared := h*dim, h*c.KVHeads/c.Heads*dim
		for i := range q {
			first := 0
			if c.Architecture == "gemma3" && layer != 5 {
				first = max(0, i-c.Window+1)
			}
			scores, sum := make([]float64, i+1), 0.0
			for j := first; j <= i; j++ {
				for d := range dim {
					scores[j] += q[i][mine+d] * k[j][shared+d]
				}
				sum += math.Exp(scores[j] / math.Sqrt(float64(dim)))
			}
			for j := first; j <= i; j++ {
				score := scores[j]
				p := math.Exp(score/math.Sqrt(float64(dim))) / sum
				for d := range dim {
					keys[shared+d] += k[j][shared+d] * q[i][mine+d] * score
					values[shared+d] += v[j][shared+d] * p * o[i][mine+d]
				}
			}
		}
	}
	return keys, values
}

// TestRankIsTheSameEverywhere: workers change nothing, and the hash, made once, holds natively and
// as wasm, with vector code and without.
func TestRankIsTheSameEverywhere(t *testing.T) {
	m := tinyModel(t)
	texts := [][]int32{randomTokens(22, 40), randomTokens(23, 17), randomTokens(24, 1)}
	ran := 0
	saliency, absolute, err := Rank(m, texts, 1, func() { ran++ })
	if err != nil || ran != 3 {
		t.Fatalf("%d texts ran, %v", ran, err)
	}
	again, other, err := Rank(m, texts, 5, func() {})
	if err != nil || !reflect.DeepEqual(again, saliency) || !reflect.DeepEqual(other, absolute) {
		t.Errorf("five workers rank otherwise than one: %v", err)
	}
	h := fnv.New64a()
	for _, r := range []*planes.Ranking{saliency, absolute} {
		b, err := r.AppendBinary(nil, &m.Config)
		if err != nil {
			t.Fatal(err)
		}
		h.Write(b)
	}
	const want = 0xc0bfa18588bf6dca
	if got := h.Sum64(); got != want {
		t.Errorf("hash of the rankings %#x, want %#x", got, uint64(want))
	}
	if slices.Equal(saliency.Groups, absolute.Groups) {
		t.Error("saliency and largest value give one order")
	}
}

// spoiledTensors gives a model's tensors, one of them changed.
type spoiledTensors struct {
	core.Tensors
	name  string
	spoil func(values []float32)
}

func (s *spoiledTensors) Floats(name string, n int) ([]float32, error) {
	values, err := s.Tensors.Floats(name, n)
	if err == nil && name == s.name {
		values = slices.Clone(values)
		s.spoil(values)
	}
	return values, err
}

// spoiledModel is the tiny model with a list of floats changed.
func spoiledModel(tb testing.TB, name string, spoil func(values []float32)) *core.Model {
	tb.Helper()
	m, r, err := planes.Open(tinyFolder())
	if err != nil {
		tb.Fatal(err)
	}
	model, err := core.NewModel(m, &spoiledTensors{r, name, spoil})
	if err != nil {
		tb.Fatal(err)
	}
	return model
}

func TestRankRefuses(t *testing.T) {
	m := tinyModel(t)
	for _, texts := range [][][]int32{{nil}, {randomTokens(1, 3), make([]int32, core.MaxBatch+1)}} {
		if _, _, err := Rank(m, texts, 1, func() {}); !errors.Is(err, core.ErrBadRequest) {
			t.Errorf("texts of %d: %v, want ErrBadRequest", len(texts), err)
		}
	}
	// Queries and keys whose products are finite, but (q·k) q is not.
	large := spoiledModel(t, "blk.0.attn_norm.weight", func(values []float32) {
		for i := range values {
			values[i] *= 1e15
		}
	})
	_, _, err := Rank(large, [][]int32{{1, 2}}, 1, func() {})
	if !errors.Is(err, core.ErrNotFinite) || !strings.Contains(err.Error(), "saliency") {
		t.Errorf("saliencies that overflow: %v, want ErrNotFinite of the saliency", err)
	}
	infinite := spoiledModel(t, "output_norm.weight", func(values []float32) {
		values[0] = float32(math.Inf(1))
	})
	_, _, err = Rank(infinite, [][]int32{{1, 2}}, 1, func() {})
	if !errors.Is(err, core.ErrNotFinite) {
		t.Errorf("infinite weights: %v, want ErrNotFinite", err)
	}
}

func TestForemost(t *testing.T) {
	if got := foremost[uint16]([]float64{1, 3, -1, 3, 0, 7}); !slices.Equal(got,
		[]uint16{5, 1, 3, 0, 4, 2}) {
		t.Errorf("order %v", got)
	}
	if got := shares([]float64{1, 2, 3, -6, 4, 6}, 2, sumOf); !slices.Equal(got,
		[]float64{0.3, -0.3, 1}) {
		t.Errorf("shares %v", got)
	}
	if got := shares([]float64{0, 0, 0, 0}, 2, largestOf); !slices.Equal(got, []float64{0, 0}) {
		t.Errorf("shares of nothing %v", got)
	}
}
