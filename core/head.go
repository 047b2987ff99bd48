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
	var err error
	if xs := s.normed[first:n]; s.headSteps == nil {
		err = s.product(s.hidden, nil, s.headInput(), xs, out{s.model.head, s.logits})
	} else {
		err = s.spikingHead(xs)
	}
	if err != nil {
		return fmt.Errorf("head: %w", err)
	}
	if s.unscored {
		return nil
	}
	for _, logits := range s.logits[:n-first] {
		if !finite(logits) {
			return fmt.Errorf("logits: %w", ErrNotFinite)
		}
	}
	return nil
}

// spikingHead codes the head's input, and what that leaves over where the coding has a residual: logits are the products of
// one digit or the sum of those of two, y_r = Whead_r q + Whead_r q'. xs is altered.
func (s *State) spikingHead(xs [][]float32) error {
	kernel, head := s.coding.Kernel, s.model.head
	digits, err := s.hidden.fire(xs, s.headSteps, kernel)
	if err != nil {
		return err
	}
	var residual []*simd.Spikes
	if s.residualSteps != nil {
		for t, x := range xs {
			digits[t].Residual(x, x)
		}
		if residual, err = s.residual.fire(xs, s.residualSteps, kernel); err != nil {
			return err
		}
	}
	bytes := 0
	// What can be bounded is finite as well.
	s.unscored = len(xs) == 1 && kernel == simd.LookupKernel && head.Bounded(digits[0]) &&
		(residual == nil || head.ResidualBounded(residual[0]))
	if !s.unscored {
		bytes = s.score(digits, residual)
	}
	s.count(s.headInput(), digits, bytes)
	s.count(s.headInput(), residual, 0)
	return nil
}

// score computes all logits of some tokens, and gives what it read of the weights.
func (s *State) score(digits, residual []*simd.Spikes) (bytes int) {
	head := s.model.head
	walks := s.coding.Kernel.Product(s.logits, head, digits)
	for len(s.second) < len(residual) {
		s.second = append(s.second, make([]float32, len(s.logits[0])))
	}
	walks += s.coding.Kernel.Product(s.second, head, residual)
	for t := range residual {
		addTo(s.logits[t], s.second[t])
	}
	return walks * len(head.Data)
}

func addTo(y, x []float32) {
	for i, v := range x {
		y[i] += v
	}
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

// digits gives the spikes of the head's input for the first token of the last pass.
func (s *State) digits() (digits, residual []*simd.Spikes) {
	if s.residualSteps != nil {
		residual = s.residual.spikes[:1]
	}
	return s.hidden.spikes[:1], residual
}

// Logits gives the scores [vocab] of the last pass: i = 0 unless it was asked for all positions.
func (s *State) Logits(i int) []float32 {
	if s.unscored {
		s.count(s.headInput(), nil, s.score(s.digits()))
		s.unscored = false
	}
	return s.logits[i]
}

// choose draws the next token from the logits of the last position, and computes as few of them as that takes.
func (s *State) choose(sampler *Sampler, history []int32) int32 {
	if !s.unscored || !sampler.selective() {
		return sampler.Sample(s.Logits(0), history)
	}
	p := s.bound()
	id := sampler.search(&p, history)
	s.count(s.headInput(), nil, p.bytes())
	return id
}

// bound gives the logits of the last position as they are before a search: none is known, all are bounded.
func (s *State) bound() scores {
	p := scores{logits: s.logits[0], ceilings: s.ceilings, head: s.model.head, spikes: s.hidden.spikes[0]}
	simd.UpperBounds(p.ceilings, p.head, p.spikes)
	if s.residualSteps != nil {
		p.residual, p.reach = s.residual.spikes[0], s.reach
		simd.ResidualBounds(p.reach, p.head, p.residual)
		for tile := range p.ceilings {
			p.ceilings[tile] += p.reach[tile]
		}
	}
	return p
}
