package core

import "github.com/spikechat/spikechat/core/simd"

// rotary holds the cosines and sines of the rotary position embedding: pair i of a head turns by
// position * base^(-2i/headDim).
type rotary struct {
	cos, sin []float32 // [context][headDim/2]
	pairs    int
}

func newRotary(context, headDim int, base float64) rotary {
	pairs := headDim / 2
	n := context * pairs
	r := rotary{cos: make([]float32, n), sin: make([]float32, n), pairs: pairs}
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
