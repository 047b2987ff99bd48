package core

import (
	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/core/simd"
)

// rotaries are the rotary position embeddings of a model's layers.
type rotaries struct {
	global, local rotary // local of the layers with a window; without tables where there are none
}

func newRotaries(m *Model, context int) (r rotaries) {
	c := &m.Config
	scale := c.RopeScale
	if scale == 0 {
		scale = 1
	}
	r.global = newRotary(context, c.HeadDim, float64(c.RopeBase), m.divisors, scale)
	if c.Kind().Windows {
		r.local = newRotary(context, c.HeadDim, float64(c.LocalRopeBase), nil, 1)
	}
	return r
}

// of gives that of a layer; nil where it has none.
func (r *rotaries) of(c *planes.Config, layer int) *rotary {
	switch {
	case !c.Rotates(layer):
		return nil
	case c.Local(layer):
		return &r.local
	}
	return &r.global
}

// rotary holds the cosines and sines of a rotary position embedding, times a scale: pair i of a
// head turns by position * base^(-2i/headDim) / divisor_i.
type rotary struct {
	cos, sin []float32 // [context][headDim/2]
	pairs    int
}

// newRotary makes the tables; divisors [headDim/2] may be nil, which is 1 for all.
func newRotary(context, headDim int, base float64, divisors []float32, scale float32) rotary {
	pairs := headDim / 2
	n := context * pairs
	r := rotary{cos: make([]float32, n), sin: make([]float32, n), pairs: pairs}
	for i := range pairs {
		frequency := simd.Pow64(base, i, pairs)
		if divisors != nil {
			frequency /= float64(divisors[i])
		}
		for p := range context {
			sin, cos := simd.SinCos64(float64(p) * frequency)
			r.cos[p*pairs+i], r.sin[p*pairs+i] = float32(cos)*scale, float32(sin)*scale
		}
	}
	return r
}

// turn rotates all heads of x [n*headDim] to a position; a nil rotary leaves them as they are.
func (r *rotary) turn(x []float32, position int) {
	if r == nil {
		return
	}
	cos, sin := r.cos[position*r.pairs:][:r.pairs], r.sin[position*r.pairs:][:r.pairs]
	for ; len(x) > 0; x = x[2*r.pairs:] {
		simd.Rotate(x[:2*r.pairs], cos, sin)
	}
}
