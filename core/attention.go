package core

import (
	"fmt"
	"math"

	"github.com/spikechat/spikechat/core/simd"
)

// attend rotates queries and keys of the block's n tokens and lets all heads look back, one token after the other.
func (s *State) attend(layer, n int) error {
	for t := range n {
		position := s.position + t
		s.rotary.turn(s.q[t], position)
		s.rotary.turn(s.k[t], position)
		counted := s.Counting == CountAll || s.Counting == CountLast && t == n-1
		if err := s.attendToken(layer, position, s.q[t], s.k[t], s.v[t], s.attended[t], counted); err != nil {
			return err
		}
	}
	return nil
}

// attendToken stores a token's rotated keys and its values, and lets every head look back over the positions up to its own:
// out = Σ_j softmax(q·k_j / sqrt(headDim)) v_j. Groups of query heads share a key and value head. It turns q and k in place,
// and fails with ErrNotFinite.
//
// As spikes, keys are kept and queries asked in a Hadamard basis, which changes no dot product: without it, a few large entries
// would set the range of all.
func (s *State) attendToken(layer, position int, q, k, v, out []float32, counted bool) error {
	c := &s.model.Config
	dim, shared := c.HeadDim, c.Heads/c.KVHeads
	scale := 1 / float32(math.Sqrt(float64(dim)))
	counting := s.Counting != CountNone
	var counts [2]*Counts // of keys and values
	if counted {
		counts = [2]*Counts{&s.cacheCounts[2*layer], &s.cacheCounts[2*layer+1]}
	}
	for h := range c.KVHeads {
		at, own := layer*c.KVHeads+h, h*dim
		q, out := q[h*shared*dim:][:shared*dim], out[h*shared*dim:][:shared*dim]
		if s.cacheSteps == nil {
			if !s.attendExact(at, position, q, k[own:][:dim], v[own:][:dim], out, scale) {
				return fmt.Errorf("layer %d, scores: %w", layer, ErrNotFinite)
			}
			continue
		}
		for i := range shared {
			simd.Hadamard(q[i*dim:][:dim])
		}
		simd.Hadamard(k[own:][:dim])
		steps := s.cacheSteps[2*layer*c.KVHeads+h:]
		if err := s.keys.keep(at, position, k[own:][:dim], int(steps[0]), counting, counts[0]); err != nil {
			return fmt.Errorf("layer %d, keys: %w", layer, err)
		}
		if err := s.values.keep(at, position, v[own:][:dim], int(steps[c.KVHeads]), counting, counts[1]); err != nil {
			return fmt.Errorf("layer %d, values: %w", layer, err)
		}
		codes, thresholds, spikes := s.keys.head(at)
		if !s.attention.Score(q, codes, thresholds, position+1, scale) {
			return fmt.Errorf("layer %d, queries: %w", layer, ErrNotFinite)
		}
		keySpikes := spikes[position]
		codes, thresholds, spikes = s.values.head(at)
		listed, finite := s.attention.Values(out, codes, thresholds, position+1)
		if !finite {
			return fmt.Errorf("layer %d, scores: %w", layer, ErrNotFinite)
		}
		if counted {
			s.countLookBack(position+1, keySpikes, listed, spikes)
		}
	}
	return nil
}

// countLookBack counts the synaptic operations of the heads that share one key and value head: every spike of the keys
// reaches each of them, and every spike of the values that were listed.
func (s *State) countLookBack(positions int, keySpikes uint32, listed []int32, spikes []uint32) {
	shared := uint64(s.model.Config.Heads / s.model.Config.KVHeads)
	sum := uint64(keySpikes)
	for _, j := range listed {
		sum += uint64(spikes[j])
	}
	s.lookBack.Operations += shared * sum
	s.lookBack.Dense += 2 * shared * uint64(s.keys.dim) * uint64(positions)
}

// attendExact is attendToken for one key and value head whose cache stays float. It reports whether the scores are finite; a
// softmax would hide it where they are not.
func (s *State) attendExact(head, position int, q, k, v, out []float32, scale float32) bool {
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
		if !finite(p) {
			return false
		}
		simd.Softmax(p)
		for j := range p {
			simd.Axpy(out[i*dim:][:dim], p[j], values[j*dim:][:dim])
		}
	}
	return true
}
