package core

import (
	"math"

	"github.com/spikechat/spikechat/core/simd"
)

// rotary holds the cosines and sines of the rotary position embedding: pair i of a head turns by
// position * base^(-2i/headDim).
type rotary struct {
	cos, sin []float32 // [context][headDim/2]
	pairs    int
}

func newRotary(context, headDim int, base float64) rotary {
	pairs := headDim / 2
	r := rotary{cos: make([]float32, context*pairs), sin: make([]float32, context*pairs), pairs: pairs}
	for i := range pairs {
		frequency := simd.Pow64(base, i, pairs)
		for p := range context {
			sin, cos := simd.SinCos64(float64(p) * frequency)
			r.cos[p*pairs+i], r.sin[p*pairs+i] = float32(cos), float32(sin)
		}
	}
	return r
}

// turn rotates all heads of x [n*headDim] to a position.
func (r *rotary) turn(x []float32, position int) {
	cos, sin := r.cos[position*r.pairs:][:r.pairs], r.sin[position*r.pairs:][:r.pairs]
	for ; len(x) > 0; x = x[2*r.pairs:] {
		simd.Rotate(x[:2*r.pairs], cos, sin)
	}
}

// cacheOf gives the cache rows [context*headDim] of one layer and head.
func (s *State) cacheOf(cache []float32, layer, head int) []float32 {
	c := &s.model.Config
	size := s.context * c.HeadDim
	return cache[(layer*c.KVHeads+head)*size:][:size]
}

// remember stores a token's rotated keys and its values.
func (s *State) remember(layer, position int, k, v []float32) {
	dim := s.model.Config.HeadDim
	for h := range s.model.Config.KVHeads {
		copy(s.cacheOf(s.keys, layer, h)[position*dim:], k[h*dim:][:dim])
		copy(s.cacheOf(s.values, layer, h)[position*dim:], v[h*dim:][:dim])
	}
}

// attend lets every head of one token look back: out = Σ_j softmax(q·k_j / sqrt(headDim)) v_j over the positions up to
// its own. Groups of query heads share a key and value head.
func (s *State) attend(layer, position int, q, out []float32) {
	c := &s.model.Config
	dim, shared := c.HeadDim, c.Heads/c.KVHeads
	scale := 1 / float32(math.Sqrt(float64(dim)))
	positions := position + 1
	for h := range c.KVHeads {
		queries := q[h*shared*dim:][:shared*dim]
		simd.AttendScores(s.scores, s.context, queries, s.cacheOf(s.keys, layer, h), dim, positions, scale)
		for i := range shared {
			simd.Softmax(s.scores[i*s.context:][:positions])
		}
		simd.AttendValues(out[h*shared*dim:][:shared*dim], s.scores, s.context, s.cacheOf(s.values, layer, h), dim, positions)
	}
}
