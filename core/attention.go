package core

import (
	"fmt"
	"math"

	"github.com/spikechat/spikechat/core/simd"
)

// attend rotates queries and keys of the batch's n tokens, the first at a position, and lets all
// heads look back, one token after the other.
func (s *State) attend(layer, first, n int) error {
	a, rotary := &s.act, s.rotaries.of(&s.model.Config, layer)
	for t := range n {
		position := first + t
		rotary.turn(a.q[t], position)
		rotary.turn(a.k[t], position)
		out := a.attended.own[t]
		err := s.attendToken(layer, position, a.q[t], a.k[t], a.v[t], out, s.tally.counted(t, n))
		if err != nil && s.model.team.Alone() {
			return err
		} else if err != nil && len(out) > 0 {
			// The others do not know of it. All come to the same error when they code this.
			out[0] = float32(math.NaN())
		}
	}
	if err := s.share(&a.attended, n); err != nil {
		return err
	}
	s.damage.silenceHeads(layer, s.model.Config.Heads, a.attended.all[:n])
	s.Probe.attention(layer, n, a)
	return nil
}

// attendToken stores a token's rotated keys and its values, and lets every head look back over the
// positions up to its own, or those of the layer's window: out = Σ_j softmax(q·k_j / sqrt(headDim))
// v_j. Groups of query heads share a key and value head. It turns q and k in place, and fails with
// ErrNotFinite.
//
// As spikes, keys are kept and queries asked in a Hadamard basis, which changes no dot product:
// without it, a few large entries would set the range of all.
func (s *State) attendToken(
	layer, position int, q, k, v, out []float32, counted bool,
) error {
	c := &s.model.Config
	dim, shared := c.HeadDim, c.Heads/c.KVHeads
	scale := 1 / float32(math.Sqrt(float64(dim)))
	// Of the positions from first on; keys lie in spans, of which the first may begin before it.
	first := c.FirstSeen(layer, position)
	span := first / simd.KeySpan * simd.KeySpan
	seen := position + 1 - span
	counting := s.tally.counting != CountNone
	var counts [2]*Counts // of keys and values
	if counted {
		counts = [2]*Counts{&s.tally.cacheCounts[2*layer], &s.tally.cacheCounts[2*layer+1]}
	}
	keys, values := &s.cache.keys, &s.cache.values
	heads := s.model.division.heads[s.model.team.Rank()]
	for i := range heads.Len() {
		at, h := layer*heads.Len()+i, heads.From+i
		q, out := q[i*shared*dim:][:shared*dim], out[i*shared*dim:][:shared*dim]
		k, v := k[i*dim:][:dim], v[i*dim:][:dim]
		if s.plan.cache == nil {
			if !s.attendExact(at, first, position, q, k, v, out, scale) {
				return fmt.Errorf("layer %d, scores: %w", layer, ErrNotFinite)
			}
			continue
		}
		for i := range shared {
			simd.Hadamard(q[i*dim:][:dim])
		}
		simd.Hadamard(k)
		steps := s.plan.cache[2*layer*c.KVHeads+h:]
		if err := keys.keep(at, position, k, int(steps[0]), counting, counts[0]); err != nil {
			return fmt.Errorf("layer %d, keys: %w", layer, err)
		}
		err := values.keep(at, position, v, int(steps[c.KVHeads]), counting, counts[1])
		if err != nil {
			return fmt.Errorf("layer %d, values: %w", layer, err)
		}
		codes, thresholds, _ := keys.headFrom(at, span)
		if !s.attention.Score(q, codes, thresholds, seen, scale) {
			return fmt.Errorf("layer %d, queries: %w", layer, ErrNotFinite)
		}
		s.attention.Mask(first - span)
		keySpikes := keys.spikesOfKeys(at, first, position)
		codes, thresholds, spikes := values.headFrom(at, span)
		listed, finite := s.attention.Values(out, codes, thresholds, seen)
		if !finite {
			return fmt.Errorf("layer %d, scores: %w", layer, ErrNotFinite)
		}
		if counted {
			s.tally.addLookBack(shared, dim, position+1-first, keySpikes, listed, spikes)
		}
	}
	return nil
}

// attendExact is attendToken for one key and value head whose cache stays float, over the positions
// from first on. It reports whether the scores are finite; a softmax would hide it where they are
// not.
func (s *State) attendExact(
	head, first, position int, q, k, v, out []float32, scale float32,
) bool {
	keys, values, dim := &s.cache.keys, &s.cache.values, len(k)
	last, place := position/cacheBlock, position%cacheBlock
	copy(keys.exactBlock(last, head)[place*dim:], k)
	copy(values.exactBlock(last, head)[place*dim:], v)
	clear(out)
	for i := range len(q) / dim {
		q, out, p := q[i*dim:][:dim], out[i*dim:][:dim], s.attention.Row(i)[:position+1]
		for j := first; j < len(p); j++ {
			keys := keys.exactBlock(j/cacheBlock, head)
			p[j] = simd.Dot(q, keys[j%cacheBlock*dim:][:dim]) * scale
		}
		if !finite(p[first:]) {
			return false
		}
		simd.Softmax(p[first:])
		for j := first; j < len(p); j++ {
			values := values.exactBlock(j/cacheBlock, head)
			simd.Axpy(out, p[j], values[j%cacheBlock*dim:][:dim])
		}
	}
	return true
}

// finite reports whether no value is an infinity or NaN; written so that NaN fails both
// comparisons.
func finite(values []float32) bool {
	for _, v := range values {
		if !(v >= -math.MaxFloat32 && v <= math.MaxFloat32) {
			return false
		}
	}
	return true
}
