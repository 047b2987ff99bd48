package core

import (
	"fmt"

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
	err := s.product(cells, s.coding.Steps, s.model.codings[[2]int{layer, int(p)}], &s.counts[layer*Populations+int(p)], xs, outs...)
	if err != nil {
		return fmt.Errorf("layer %d, %v: %w", layer, p, err)
	}
	return nil
}

// product runs the inputs through the GIF neurons once and sends the spikes to every matrix; with no steps the activations
// stay as they are. Spikes are counted where counts is given.
func (s *State) product(cells *neurons, steps int, table []uint8, counts *Counts, xs [][]float32, outs ...out) error {
	if steps == 0 {
		for _, o := range outs {
			simd.Float(o.ys[:len(xs)], o.w, xs, &s.dequantised)
		}
		return nil
	}
	spikes, err := cells.fire(xs, steps, table, s.coding.Kernel)
	if err != nil {
		return err
	}
	if counts != nil {
		counted := spikes[len(spikes)-1:]
		if s.CountAll {
			counted = spikes
		}
		for _, token := range counted {
			counts.Add(token)
		}
	}
	for _, o := range outs {
		s.coding.Kernel.Product(o.ys, o.w, spikes)
	}
	return nil
}
