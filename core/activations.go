package core

import (
	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/core/simd"
)

// activations are the values of one layer for a batch of tokens. Each list has one row a token.
type activations struct {
	x        [][]float32 // [batch][hidden]: the residual stream
	normed   [][]float32 // [batch][hidden]: its norm
	q        [][]float32 // [batch][heads*headDim]
	k, v     [][]float32 // [batch][kvHeads*headDim]
	attended [][]float32 // [batch][heads*headDim]: what the heads make of the values
	gate, up [][]float32 // [batch][intermediate]
	delta    [][]float32 // [batch][hidden]: what a sublayer adds to the residual stream
}

func newActivations(c *planes.Config, batch int) activations {
	queries, keys := c.Heads*c.HeadDim, c.KVHeads*c.HeadDim
	return activations{
		x:        rows(batch, c.Hidden),
		normed:   rows(batch, c.Hidden),
		q:        rows(batch, queries),
		k:        rows(batch, keys),
		v:        rows(batch, keys),
		attended: rows(batch, queries),
		gate:     rows(batch, c.Intermediate),
		up:       rows(batch, c.Intermediate),
		delta:    rows(batch, c.Hidden),
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

// addDelta adds a sublayer's result to the residual stream of the first n tokens.
func (a *activations) addDelta(n int) {
	for t := range n {
		simd.Axpy(a.x[t], 1, a.delta[t])
	}
}
