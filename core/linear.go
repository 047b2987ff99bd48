package core

import (
	"fmt"

	"github.com/spikechat/spikechat/core/coding"
	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/core/simd"
)

// neurons codes one input of linear layers for a batch of tokens.
type neurons struct {
	cols   int
	spikes []*simd.Spikes // by token
}

func newNeurons(cols, tokens int) *neurons {
	n := &neurons{cols: cols}
	n.grow(tokens)
	return n
}

// grow makes room for at least so many tokens.
func (n *neurons) grow(tokens int) {
	for len(n.spikes) < tokens {
		n.spikes = append(n.spikes, simd.NewSpikes(n.cols))
	}
}

// fire codes each token's x [cols]. Activations that are not finite come only from weights that no
// training made; they end the answer with ErrNotFinite.
func (n *neurons) fire(
	xs [][]float32, steps *simd.StepPlan, kernel simd.Kernel,
) ([]*simd.Spikes, error) {
	for t, x := range xs {
		if !n.spikes[t].EncodeAs(x, steps) {
			return nil, ErrNotFinite
		}
		n.spikes[t].Prepare(kernel)
	}
	return n.spikes[:len(xs)], nil
}

// codedInputs are the neurons of a layer's inputs.
type codedInputs struct {
	populations [coding.Populations]*neurons
	dequantised []float32 // 16 rows, for the float mode
}

func newCodedInputs(c *planes.Config, batch int) codedInputs {
	hidden := newNeurons(c.Hidden, batch)
	return codedInputs{populations: [coding.Populations]*neurons{
		coding.QKV:     hidden,
		coding.AttnOut: newNeurons(c.Neurons(coding.AttnOut), batch),
		coding.GateUp:  hidden, // codes after QKV has been used
		coding.Down:    newNeurons(c.Neurons(coding.Down), batch),
	}}
}

// linear multiplies the input of a population with the matrices that share it. It runs the input
// through the neurons once and sends the spikes to every matrix; in the float mode the activations
// stay as they are.
func (s *State) linear(
	layer int, p coding.Population, xs [][]float32, products ...Product,
) error {
	s.damage.silence(layer, p, xs)
	s.Probe.input(layer, p, xs)
	if s.until == p+1 {
		return errReached
	}
	if s.plan.inputs == nil {
		for _, o := range products {
			simd.Float(o.Y[:len(xs)], o.W, xs, &s.inputs.dequantised)
		}
	} else {
		input, kernel := layer*coding.Populations+int(p), s.kernelFor(len(xs), products)
		spikes, err := s.inputs.populations[p].fire(xs, &s.plan.inputs[input], kernel)
		if err != nil {
			return fmt.Errorf("layer %d, %v: %w", layer, p, err)
		}
		bytes := 0
		for _, o := range products {
			bytes += kernel.Product(o.Y, o.W, spikes) * o.W.WholeBytes()
		}
		s.tally.add(input, spikes, bytes)
	}
	s.Probe.output(layer, p, xs, products)
	return nil
}

// kernelFor gives the kernel that multiplies so many tokens.
func (s *State) kernelFor(tokens int, products []Product) simd.Kernel {
	if !s.MultiplyBatches || tokens == 1 {
		return s.kernel
	}
	for _, o := range products {
		if !o.W.InBatches() {
			return s.kernel
		}
	}
	return simd.BatchDotKernel
}
