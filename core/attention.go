package core

import (
	"fmt"
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

// cache holds the keys or the values of all tokens, as codes.
type cache struct {
	codes      []int16   // [layers][kvHeads][context][headDim]
	thresholds []float32 // [layers][kvHeads][context]
}

func newCache(heads, context, headDim int) cache {
	return cache{codes: make([]int16, heads*context*headDim), thresholds: make([]float32, heads*context)}
}

// cacheOf gives what is kept for one head of one layer.
func (s *State) cacheOf(c *cache, layer, head int) (codes []int16, thresholds []float32) {
	at, dim := (layer*s.model.Config.KVHeads+head)*s.context, s.model.Config.HeadDim
	return c.codes[at*dim:][:s.context*dim], c.thresholds[at:][:s.context]
}

// remember stores a token's rotated keys and its values. It fails with ErrNotFinite.
func (s *State) remember(layer, position int, k, v []float32) error {
	dim := s.model.Config.HeadDim
	for h := range s.model.Config.KVHeads {
		for _, kept := range [...]struct {
			cache *cache
			x     []float32
		}{{&s.keys, k}, {&s.values, v}} {
			codes, thresholds := s.cacheOf(kept.cache, layer, h)
			threshold, finite := simd.Remember(codes[position*dim:][:dim], kept.x[h*dim:][:dim])
			if !finite {
				return fmt.Errorf("layer %d, keys and values: %w", layer, ErrNotFinite)
			}
			thresholds[position] = threshold
		}
	}
	return nil
}

// attend lets every head of one token look back: out = Σ_j softmax(q·k_j / sqrt(headDim)) v_j over the positions up to
// its own. Groups of query heads share a key and value head.
func (s *State) attend(layer, position int, q, out []float32) {
	c := &s.model.Config
	dim, shared := c.HeadDim, c.Heads/c.KVHeads
	scale := 1 / float32(math.Sqrt(float64(dim)))
	positions := position + 1
	for h := range c.KVHeads {
		keys, thresholds := s.cacheOf(&s.keys, layer, h)
		simd.AttendScores(s.scores, s.context, q[h*shared*dim:][:shared*dim], keys, thresholds, dim, positions, scale)
		for i := range shared {
			simd.Softmax(s.scores[i*s.context:][:positions])
		}
		values, thresholds := s.cacheOf(&s.values, layer, h)
		simd.AttendValues(out[h*shared*dim:][:shared*dim], s.scores, s.context, values, thresholds, dim, positions)
	}
}
