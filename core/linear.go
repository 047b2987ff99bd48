package core

import (
	"fmt"
	"slices"

	"github.com/spikechat/spikechat/core/simd"
)

// out is one matrix of those that share an input, and where its product goes.
type out struct {
	w  *simd.Weights
	ys [][]float32
}

// linear multiplies the input of a population with the matrices that share it.
func (s *State) linear(layer int, p Population, xs [][]float32, outs ...out) error {
	cells := s.hidden
	switch p {
	case AttnOut:
		cells = s.inner
	case Down:
		cells = s.mlp
	}
	if s.Watch != nil {
		s.Watch(layer, p, xs)
	}
	input := layer*Populations + int(p)
	var steps *simd.StepPlan
	if s.steps != nil {
		steps = &s.steps[input]
	}
	if err := s.product(cells, steps, input, xs, outs...); err != nil {
		return fmt.Errorf("layer %d, %v: %w", layer, p, err)
	}
	if s.observe != nil {
		s.observe(input, xs, slices.Clone(outs)) // a copy, so that outs need not move to the heap
	}
	return nil
}

// product runs the inputs through the GIF neurons once and sends the spikes to every matrix; without steps the activations
// stay as they are. input is where the spikes are counted.
func (s *State) product(cells *neurons, steps *simd.StepPlan, input int, xs [][]float32, outs ...out) error {
	if steps == nil {
		for _, o := range outs {
			simd.Float(o.ys[:len(xs)], o.w, xs, &s.dequantised)
		}
		return nil
	}
	spikes, err := cells.fire(xs, steps, s.coding.Kernel)
	if err != nil {
		return err
	}
	bytes := 0
	for _, o := range outs {
		bytes += s.coding.Kernel.Product(o.ys, o.w, spikes) * len(o.w.Data)
	}
	s.count(input, spikes, bytes)
	return nil
}

// count adds what the spikes of some tokens did, and the weights that were read for them, to an input's counts.
func (s *State) count(input int, spikes []*simd.Spikes, weightBytes int) {
	if s.Counting == CountNone {
		return
	}
	s.weightBytes[input] += weightBytes
	if s.Counting == CountLast && len(spikes) > 0 {
		spikes = spikes[len(spikes)-1:]
	}
	for _, token := range spikes {
		token.Count(&s.counts[input])
	}
}
