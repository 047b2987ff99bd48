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

// product runs each token's input through the GIF neurons once and sends the spikes to every matrix; with no steps the
// activations stay as they are. Spikes are counted where counts is given.
func (s *State) product(cells *neurons, steps int, table []uint8, counts *Counts, xs [][]float32, outs ...out) error {
	if steps == 0 {
		for _, o := range outs {
			simd.Float(o.ys[:len(xs)], o.w, xs, &s.dequantised)
		}
		return nil
	}
	for t, x := range xs {
		spikes, err := cells.fire(x, steps, table, s.coding.Kernel)
		if err != nil {
			return err
		}
		if counts != nil && (s.CountAll || t == len(xs)-1) {
			counts.Add(spikes)
		}
		for _, o := range outs {
			s.coding.Kernel.Product(o.ys[t], o.w, spikes)
		}
	}
	return nil
}
