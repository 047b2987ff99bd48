package core

import (
	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/core/simd"
	"github.com/spikechat/spikechat/core/team"
)

// activations are the values of one layer for a batch of tokens. Each list has one row a token.
type activations struct {
	x        [][]float32 // [batch][hidden]: the residual stream
	normed   [][]float32 // [batch][hidden]: its norm
	q        [][]float32 // [batch][heads*headDim], of this member's heads
	k, v     [][]float32 // [batch][kvHeads*headDim], likewise
	attended divided     // [batch][heads*headDim]: what the heads make of the values
	gate     divided     // [batch][intermediate]
	up       [][]float32 // [batch][intermediate], of this member's rows
	delta    divided     // [batch][hidden]: what a sublayer adds to the residual stream
}

func newActivations(c *planes.Config, batch int, d *division, rank int) activations {
	shared := c.Heads / c.KVHeads * c.HeadDim // values of the query heads of a key head
	heads := d.heads[rank].Len()
	attended := make([]team.Span, len(d.heads))
	for r, span := range d.heads {
		attended[r] = span.Times(shared)
	}
	return activations{
		x:        rows(batch, c.Hidden),
		normed:   rows(batch, c.Hidden),
		q:        rows(batch, heads*shared),
		k:        rows(batch, heads*c.HeadDim),
		v:        rows(batch, heads*c.HeadDim),
		attended: newDivided(batch, c.Heads*c.HeadDim, attended, rank),
		gate:     newDivided(batch, c.Intermediate, d.intermediate, rank),
		up:       rows(batch, d.intermediate[rank].Len()),
		delta:    newDivided(batch, c.Hidden, d.hidden, rank),
	}
}

// rows makes n rows of a width, one after the other in memory.
func rows(n, width int) [][]float32 {
	flat := make([]float32, n*width)
	r := make([][]float32, n)
	for i := range r {
		r[i] = flat[i*width : (i+1)*width : (i+1)*width]
	}
	return r
}

// normalise sets the norms of the first n tokens.
func (a *activations) normalise(n int, weight []float32, epsilon float32) {
	for t := range n {
		simd.RMSNorm(a.normed[t], a.x[t], weight, epsilon)
	}
}

// completeHeads adds the biases of queries, keys and values and norms each head, where the layer
// has that.
func (a *activations) completeHeads(n int, w *layer, epsilon float32) {
	addBias(a.q[:n], w.bq)
	addBias(a.k[:n], w.bk)
	addBias(a.v[:n], w.bv)
	normaliseHeads(a.q[:n], w.qNorm, epsilon)
	normaliseHeads(a.k[:n], w.kNorm, epsilon)
}

func addBias(xs [][]float32, bias []float32) {
	if bias == nil {
		return
	}
	for _, x := range xs {
		simd.Axpy(x, 1, bias)
	}
}

func normaliseHeads(xs [][]float32, weight []float32, epsilon float32) {
	if weight == nil {
		return
	}
	for _, x := range xs {
		for ; len(x) > 0; x = x[len(weight):] {
			head := x[:len(weight)]
			simd.RMSNorm(head, head, weight, epsilon)
		}
	}
}

// addDelta adds a sublayer's result to the residual stream of the first n tokens, its norm where
// there is a weight for it.
func (a *activations) addDelta(n int, norm []float32, epsilon float32) {
	for t := range n {
		if norm != nil {
			simd.RMSNorm(a.delta.all[t], a.delta.all[t], norm, epsilon)
		}
		simd.Axpy(a.x[t], 1, a.delta.all[t])
	}
}
