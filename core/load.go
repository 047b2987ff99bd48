package core

import (
	"fmt"

	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/core/simd"
	"github.com/spikechat/spikechat/core/team"
)

// load fetches every tensor by its GGUF name and shape. The error is that of the first one that is
// missing or has another shape.
func (m *Model) load(r Tensors) error {
	c, kind := &m.Config, m.Config.Kind()
	embedding, output, failed := m.readTables(r)
	l := &loader{from: r, failed: failed}
	q, kv, heads := c.Heads*c.HeadDim, c.KVHeads*c.HeadDim, m.division.heads[m.team.Rank()]
	m.layers = make([]layer, c.Layers)
	for i := range m.layers {
		l.prefix = fmt.Sprintf("blk.%d.", i)
		m.layers[i] = layer{
			attentionNorm: l.floats(true, "attn_norm.weight", c.Hidden),
			wq:            l.matrix("attn_q.weight", q, c.Hidden),
			wk:            l.matrix("attn_k.weight", kv, c.Hidden),
			wv:            l.matrix("attn_v.weight", kv, c.Hidden),
			bq:            l.bias(kind.Biases, "attn_q.bias", heads, q/c.KVHeads, q),
			bk:            l.bias(kind.Biases, "attn_k.bias", heads, c.HeadDim, kv),
			bv:            l.bias(kind.Biases, "attn_v.bias", heads, c.HeadDim, kv),
			qNorm:         l.floats(kind.HeadNorms, "attn_q_norm.weight", c.HeadDim),
			kNorm:         l.floats(kind.HeadNorms, "attn_k_norm.weight", c.HeadDim),
			wo:            l.matrix("attn_output.weight", c.Hidden, q),
			mlpNorm:       l.floats(true, "ffn_norm.weight", c.Hidden),
			gate:          l.matrix("ffn_gate.weight", c.Intermediate, c.Hidden),
			up:            l.matrix("ffn_up.weight", c.Intermediate, c.Hidden),
			down:          l.matrix("ffn_down.weight", c.Hidden, c.Intermediate),

			postAttentionNorm: l.floats(kind.PostNorms, "post_attention_norm.weight", c.Hidden),
			postMLPNorm:       l.floats(kind.PostNorms, "post_ffw_norm.weight", c.Hidden),
		}
	}
	l.prefix = ""
	m.norm = l.floats(true, "output_norm.weight", c.Hidden)
	m.divisors = l.floats(r.Has(planes.RopeDivisors), planes.RopeDivisors, c.HeadDim/2)
	l.keep(planes.CheckRopeDivisors(m.divisors))
	if l.failed != nil {
		return l.failed
	}
	if m.setTables(embedding, output); m.team.Alone() {
		return nil
	}
	return m.agree()
}

// loader fetches tensors and keeps the first error.
type loader struct {
	from   Tensors
	prefix string // of their names
	failed error
}

func (l *loader) keep(err error) {
	if l.failed == nil {
		l.failed = err
	}
}

func (l *loader) matrix(name string, rows, cols int) *simd.Weights {
	m, err := l.from.Matrix(l.prefix+name, rows, cols)
	if err != nil {
		l.keep(err)
		return nil
	}
	return simd.NewWeights(m)
}

// floats gives a vector that the architecture has; nil where it has not.
func (l *loader) floats(has bool, name string, n int) []float32 {
	if !has {
		return nil
	}
	values, err := l.from.Floats(l.prefix+name, n)
	l.keep(err)
	return values
}

// bias is floats of which a member of a team has some heads' part, so many values for each.
func (l *loader) bias(has bool, name string, heads team.Span, ofHead, n int) []float32 {
	values := l.floats(has, name, n)
	if values == nil {
		return nil
	}
	own := heads.Times(ofHead)
	return values[own.From:own.To]
}
