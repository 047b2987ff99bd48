// Package calibrate ranks a model's neurons and heads by what they do for a text.
package calibrate

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/spikechat/spikechat/core"
	"github.com/spikechat/spikechat/core/coding"
	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/core/simd"
	"github.com/spikechat/spikechat/core/tile"
)

// Rank runs texts through the model with float activations, each from an empty cache, and ranks
// neurons and heads by activation saliency and by largest absolute value. Texts have 1 to
// core.MaxBatch tokens. workers texts run at once, and done is called after each; neither changes a
// bit of the result, which is the same on every machine.
func Rank(
	m *core.Model, texts [][]int32, workers int, done func(),
) (saliency, absolute *planes.Ranking, err error) {
	parts := make([]*calibration, len(texts))
	err = inParallel(len(texts), workers, func(i int) (err error) {
		parts[i], err = observeText(m, texts[i])
		return err
	}, done)
	if err != nil {
		return nil, nil, err
	}
	r := NewRanker(m)
	for _, part := range parts {
		r.sum.add(part)
	}
	return r.Rankings()
}

// A Ranker ranks as Rank does, one text after the other.
type Ranker struct {
	model *core.Model
	sum   *calibration
}

// NewRanker gives one that has seen nothing.
func NewRanker(m *core.Model) *Ranker { return &Ranker{m, newCalibration(&m.Config)} }

// Add runs a text through the model.
func (r *Ranker) Add(text []int32) error {
	part, err := observeText(r.model, text)
	if err == nil {
		r.sum.add(part)
	}
	return err
}

// Rankings are those of the texts so far.
func (r *Ranker) Rankings() (saliency, absolute *planes.Ranking, err error) {
	if !r.sum.finite() {
		return nil, nil, fmt.Errorf("calibration, saliency: %w", core.ErrNotFinite)
	}
	c := &r.model.Config
	saliency = r.sum.ranking(c, func(v *observed) float64 { return v.saliency }, sumOf)
	absolute = r.sum.ranking(c, func(v *observed) float64 { return v.absolute }, largestOf)
	return saliency, absolute, nil
}

// calibration is what was seen of every neuron: by input (layer*Populations + population) and by
// layer.
type calibration struct {
	inputs       [][]observed // [layers*Populations][cols]
	keys, values [][]observed // [layers][kvHeads*headDim]
	back         [][]float32  // scratch: Wᵀ W x by token
	weights      []float32    // scratch: rows of a matrix
	scores       []float32    // scratch: of one query
}

// observed is what was seen of one neuron X_c.
type observed struct {
	// saliency is Σ X_c (X WᵀW)_c over the tokens, for all matrices W that share the input summed,
	// with its sign. The sum over the neurons of an input is Σ |W x|², so every neuron has its
	// share in what the layer puts out.
	saliency float64
	absolute float64 // max |X_c|
}

func newCalibration(c *planes.Config) *calibration {
	cal := &calibration{}
	for i := range c.Layers * coding.Populations {
		neurons := c.Neurons(coding.Population(i % coding.Populations))
		cal.inputs = append(cal.inputs, make([]observed, neurons))
	}
	for range c.Layers {
		cal.keys = append(cal.keys, make([]observed, c.KVHeads*c.HeadDim))
		cal.values = append(cal.values, make([]observed, c.KVHeads*c.HeadDim))
	}
	return cal
}

func (c *calibration) add(o *calibration) {
	for _, pair := range [...][2][][]observed{{c.inputs, o.inputs}, {c.keys, o.keys},
		{c.values, o.values}} {
		for i, list := range pair[0] {
			for j := range list {
				list[j].add(pair[1][i][j].saliency, pair[1][i][j].absolute)
			}
		}
	}
}

// finite reports whether all saliencies are: products of finite activations may overflow, and their
// order would mean nothing.
func (c *calibration) finite() bool {
	for _, lists := range [...][][]observed{c.inputs, c.keys, c.values} {
		for _, list := range lists {
			for i := range list {
				if s := list[i].saliency; math.IsNaN(s) || math.IsInf(s, 0) {
					return false
				}
			}
		}
	}
	return true
}

func (v *observed) add(saliency, x float64) {
	v.saliency += saliency
	v.absolute = max(v.absolute, math.Abs(x))
}

// observeText observes one text in one pass.
func observeText(m *core.Model, text []int32) (*calibration, error) {
	s, err := newState(m, text)
	if err != nil {
		return nil, err
	}
	c := newCalibration(&m.Config)
	c.scores = make([]float32, len(text))
	s.Counting = core.CountNone
	s.Probe = &core.Probe{
		Output: c.products,
		Attention: func(layer int, q, k, v, attended [][]float32) {
			c.attention(&m.Config, layer, q, k, v, attended)
		},
	}
	return c, s.Forward(text, false)
}

// products adds X∘(X WᵀW) of an input; the products hold W x. It is a core.Probe.Output.
func (c *calibration) products(
	layer int, p coding.Population, xs [][]float32, products []core.Product,
) {
	if c.back == nil || len(c.back[0]) != len(xs[0]) {
		c.back = rows(len(xs), len(xs[0]))
	}
	for _, back := range c.back {
		clear(back)
	}
	for _, o := range products {
		simd.FloatTransposed(c.back, o.W, o.Y[:len(xs)], &c.weights)
	}
	input := c.inputs[layer*coding.Populations+int(p)]
	for t, x := range xs {
		for j, v := range x {
			input[j].add(float64(float64(v)*float64(c.back[t][j])), float64(v))
		}
	}
}

// attention adds the paper's analogues for the scores Q Kᵀ and the sums P V: (QᵀQ K)∘K and (PᵀP
// V)∘V, where only later queries see a key, and those whose window it is in. All query heads that
// share a key and value head are summed. q and k are rotated, and attended is what the heads made
// of v.
func (c *calibration) attention(
	config *planes.Config, layer int, q, k, v, attended [][]float32,
) {
	n, dim, shared := len(q), config.HeadDim, config.Heads/config.KVHeads
	scale := 1 / float32(math.Sqrt(float64(dim)))
	keys, values := rows(n, dim), rows(n, dim) // Σ_i q_i (q_i·k_j) and Σ_i p_ij o_i
	for h := range config.KVHeads {
		for j := range n {
			clear(keys[j])
			clear(values[j])
		}
		for head := h * shared; head < (h+1)*shared; head++ {
			for i := range n {
				q, o := q[i][head*dim:][:dim], attended[i][head*dim:][:dim]
				first := config.FirstSeen(layer, i)
				p := c.scores[:i+1]
				for j := first; j <= i; j++ {
					dot := simd.Dot(q, k[j][h*dim:][:dim])
					simd.Axpy(keys[j], dot, q)
					p[j] = dot * scale
				}
				simd.Softmax(p[first:])
				for j := first; j <= i; j++ {
					simd.Axpy(values[j], p[j], o)
				}
			}
		}
		for j := range n {
			for d := range dim {
				k, v := float64(k[j][h*dim+d]), float64(v[j][h*dim+d])
				c.keys[layer][h*dim+d].add(float64(k*float64(keys[j][d])), k)
				c.values[layer][h*dim+d].add(float64(v*float64(values[j][d])), v)
			}
		}
	}
}

// ranking orders groups, neurons and heads by a measure. A group or head has what join makes of its
// neurons, as a share of its input; so inputs of different size and scale can be compared.
func (c *calibration) ranking(
	config *planes.Config, measure func(*observed) float64, join func([]float64) float64,
) *planes.Ranking {
	of := func(list []observed) (values []float64) {
		for i := range list {
			values = append(values, measure(&list[i]))
		}
		return values
	}
	var groups, heads []float64
	r := &planes.Ranking{}
	for _, list := range c.inputs {
		values := of(list)
		groups = append(groups, shares(values, tile.GroupCols, join)...)
		n := len(values) / coding.RankedNeurons
		r.Neurons = append(r.Neurons, foremost[uint16](values)[:n])
	}
	for l := range c.keys {
		heads = append(heads, shares(of(c.keys[l]), config.HeadDim, join)...)
		heads = append(heads, shares(of(c.values[l]), config.HeadDim, join)...)
	}
	r.Groups, r.Heads = foremost[uint32](groups), foremost[uint32](heads)
	return r
}

// shares joins each size values and gives what they are of their sum.
func shares(values []float64, size int, join func([]float64) float64) []float64 {
	joined := make([]float64, len(values)/size)
	total := 0.0
	for i := range joined {
		joined[i] = join(values[i*size:][:size])
		total += joined[i]
	}
	for i := range joined {
		if total > 0 {
			joined[i] /= total
		}
	}
	return joined
}

func sumOf(values []float64) (sum float64) {
	for _, v := range values {
		sum += v
	}
	return sum
}

func largestOf(values []float64) float64 { return slices.Max(values) }

// foremost gives the indices of values from the largest down; of equal ones the smaller index comes
// first.
func foremost[T uint16 | uint32](values []float64) []T {
	order := make([]T, len(values))
	for i := range order {
		order[i] = T(i)
	}
	slices.SortStableFunc(order, func(a, b T) int { return cmp.Compare(values[b], values[a]) })
	return order
}

// rows makes n rows of a width.
func rows(n, width int) [][]float32 {
	r := make([][]float32, n)
	for i := range r {
		r[i] = make([]float32, width)
	}
	return r
}
