package core

import (
	"errors"
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

// cache holds the keys or the values of all tokens: as spikes, or as they are in the float mode.
type cache struct {
	heads, dim, context int

	codes      []int8    // [layers*kvHeads][context][headDim], from rest
	thresholds []float32 // [layers*kvHeads][context]
	// spikes is how many binary spikes from rest all tokens up to each one have [layers*kvHeads][context]; those that were not
	// counted have none.
	spikes []uint32

	exact []float32 // [layers*kvHeads][context][headDim], made when it is needed first
}

func newCache(heads, dim, context int) cache {
	return cache{heads: heads, dim: dim, context: context, codes: make([]int8, heads*context*dim),
		thresholds: make([]float32, heads*context), spikes: make([]uint32, heads*context)}
}

func (c *cache) head(h int) (codes []int8, thresholds []float32, spikes []uint32) {
	at := h * c.context
	return c.codes[at*c.dim:][:c.context*c.dim], c.thresholds[at:][:c.context], c.spikes[at:][:c.context]
}

func (c *cache) exactHead(h int) []float32 {
	if c.exact == nil {
		c.exact = make([]float32, len(c.codes))
	}
	return c.exact[h*c.context*c.dim:][:c.context*c.dim]
}

// keep stores one key or value of a head as spikes of T = steps, and counts them where counts is given. It fails with
// ErrNotFinite.
func (c *cache) keep(h, position int, x []float32, steps int, counts *Counts) error {
	codes, thresholds, spikes := c.head(h)
	k := codes[position*c.dim:][:c.dim]
	threshold, rest, finite := simd.Keep(k, x, steps)
	if !finite {
		return ErrNotFinite
	}
	thresholds[position] = threshold
	if position > 0 {
		spikes[position] = spikes[position-1]
	} else {
		spikes[position] = 0
	}
	if counts != nil {
		spikes[position] += uint32(simd.CountKept(counts, k, rest, steps))
	}
	return nil
}

// attend stores a token's rotated keys and its values, and lets every head look back: out = Σ_j softmax(q·k_j / sqrt(headDim))
// v_j over the positions up to its own. Groups of query heads share a key and value head. It fails with ErrNotFinite.
//
// As spikes, keys are kept and queries asked in a Hadamard basis, which changes no dot product: without it, a few large entries
// would set the range of all.
func (s *State) attend(layer, position int, q, k, v, out []float32, counted bool) error {
	c := &s.model.Config
	dim, shared, steps := c.HeadDim, c.Heads/c.KVHeads, s.coding.CacheSteps
	scale := 1 / float32(math.Sqrt(float64(dim)))
	var ignored Counts
	counts := [2]*Counts{} // of keys and values
	if s.Counting != CountNone {
		counts = [2]*Counts{&ignored, &ignored}
		if counted {
			counts = [2]*Counts{&s.cacheCounts[2*layer], &s.cacheCounts[2*layer+1]}
		}
	}
	for h := range c.KVHeads {
		at, own := layer*c.KVHeads+h, h*dim
		q, out := q[h*shared*dim:][:shared*dim], out[h*shared*dim:][:shared*dim]
		if steps == 0 {
			s.attendExact(at, position, q, k[own:][:dim], v[own:][:dim], out, scale)
			continue
		}
		for i := range shared {
			simd.Hadamard(q[i*dim:][:dim])
		}
		simd.Hadamard(k[own:][:dim])
		if err := errors.Join(s.keys.keep(at, position, k[own:][:dim], steps, counts[0]), s.values.keep(at, position, v[own:][:dim], steps, counts[1])); err != nil {
			return fmt.Errorf("layer %d, keys and values: %w", layer, err)
		}
		codes, thresholds, spikes := s.keys.head(at)
		if !s.attention.Score(q, codes, thresholds, position+1, scale) {
			return fmt.Errorf("layer %d, queries: %w", layer, ErrNotFinite)
		}
		keySpikes := spikes[position]
		codes, thresholds, spikes = s.values.head(at)
		listed := s.attention.Values(out, codes, thresholds, position+1)
		if counted {
			s.countLookBack(layer, position+1, keySpikes, listed, spikes)
		}
	}
	return nil
}

// countLookBack counts the synaptic operations of the heads that share one key and value head: every spike of the keys reaches each
// of them, and every spike of the values that were listed.
func (s *State) countLookBack(layer, positions int, keySpikes uint32, listed []int32, spikes []uint32) {
	shared := uint64(s.model.Config.Heads / s.model.Config.KVHeads)
	s.lookedBack[2*layer] += shared * uint64(keySpikes)
	s.lookBackDense += 2 * shared * uint64(s.keys.dim) * uint64(positions)
	sum := uint32(0)
	for _, at := range listed {
		if j := int(at) / s.values.dim; j > 0 {
			sum += spikes[j] - spikes[j-1]
		} else {
			sum += spikes[0]
		}
	}
	s.lookedBack[2*layer+1] += shared * uint64(sum)
}

// attendExact is attend for one key and value head whose cache stays float.
func (s *State) attendExact(head, position int, q, k, v, out []float32, scale float32) {
	keys, values := s.keys.exactHead(head), s.values.exactHead(head)
	dim := len(k)
	copy(keys[position*dim:], k)
	copy(values[position*dim:], v)
	clear(out)
	for i := range len(q) / dim {
		p := s.attention.Row(i)[:position+1]
		for j := range p {
			p[j] = simd.Dot(q[i*dim:][:dim], keys[j*dim:][:dim]) * scale
		}
		simd.Softmax(p)
		for j := range p {
			simd.Axpy(out[i*dim:][:dim], p[j], values[j*dim:][:dim])
		}
	}
}
