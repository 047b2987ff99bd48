package core

import (
	"fmt"
	"math"

	"github.com/spikechat/spikechat/core/simd"
)

// predict leaves the logits Whead norm(x) of tokens first to n-1 of the block. Those of one token are only prepared where
// they can be searched: until Logits asks for them, nothing needs them all.
func (s *State) predict(first, n int) error {
	for len(s.logits) < n-first {
		s.logits = append(s.logits, make([]float32, s.model.Config.Vocab))
	}
	s.normalise(first, n, s.model.norm)
	head := s.model.head
	if n-first == 1 && s.headSteps != nil && s.coding.Kernel == simd.LookupKernel {
		spikes, err := s.hidden.fire(s.normed[first:n], s.headSteps, s.coding.Kernel)
		if err != nil {
			return fmt.Errorf("head: %w", err)
		}
		// What Ceilings can bound is finite as well.
		if s.unscored = head.Bounded(spikes[0]); s.unscored {
			s.count(s.headInput(), spikes, 0)
			return nil
		}
	}
	if err := s.product(s.hidden, s.headSteps, s.headInput(), s.normed[first:n], out{head, s.logits}); err != nil {
		return fmt.Errorf("head: %w", err)
	}
	for _, logits := range s.logits[:n-first] {
		if !finite(logits) {
			return fmt.Errorf("logits: %w", ErrNotFinite)
		}
	}
	return nil
}

// headInput is where the head is counted: behind all layers.
func (s *State) headInput() int { return len(s.model.layers) * Populations }

// finite reports whether no value is an infinity or NaN; written so that NaN fails both comparisons.
func finite(values []float32) bool {
	for _, v := range values {
		if !(v >= -math.MaxFloat32 && v <= math.MaxFloat32) {
			return false
		}
	}
	return true
}

// Logits gives the scores [vocab] of the last pass: i = 0 unless it was asked for all positions.
func (s *State) Logits(i int) []float32 {
	if s.unscored {
		simd.Lookup(s.logits[0], s.model.head, s.hidden.spikes[0])
		s.count(s.headInput(), nil, len(s.model.head.Data))
		s.unscored = false
	}
	return s.logits[i]
}

// choose draws the next token from the logits of the last position, and computes as few of them as that takes.
func (s *State) choose(sampler *Sampler, history []int32) int32 {
	if !s.unscored || !sampler.selective() {
		return sampler.Sample(s.Logits(0), history)
	}
	p := scores{s.logits[0], s.ceilings, s.model.head, s.hidden.spikes[0]}
	simd.Ceilings(p.ceilings, p.head, p.spikes)
	id := sampler.search(&p, history)
	s.count(s.headInput(), nil, p.bytes())
	return id
}
