package core

import (
	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/core/simd"
)

// Population is one of the four inputs of a layer whose activations are coded by generalised integrate-and-fire neurons.
type Population int

const (
	QKV     Population = iota // input of the query, key and value projections
	AttnOut                   // input of the attention-output projection
	GateUp                    // input of the gate and up projections
	Down                      // input of the down projection

	Populations = 4
)

var populationNames = [Populations]string{"qkv", "attn_out", "gate_up", "down"}

func (p Population) String() string { return populationNames[p] }

// Neurons is the number of neurons of the population in each layer.
func Neurons(c *planes.Config, p Population) int {
	return [Populations]int{c.Hidden, c.Heads * c.HeadDim, c.Hidden, c.Intermediate}[p]
}

// FanOut is the number of synapses of each neuron of the population: the rows of all matrices that share the input.
func FanOut(c *planes.Config, p Population) int {
	return [Populations]int{(c.Heads + 2*c.KVHeads) * c.HeadDim, c.Hidden, 2 * c.Intermediate, c.Hidden}[p]
}

// neurons codes the inputs of linear layers for a block of tokens.
type neurons struct {
	spikes []*simd.Spikes // by token
}

func newNeurons(cols, block int) *neurons {
	n := &neurons{spikes: make([]*simd.Spikes, block)}
	for t := range n.spikes {
		n.spikes[t] = simd.NewSpikes(cols)
	}
	return n
}

// fire codes each token's x. Activations that are not finite come only from weights that no training made; they end the
// answer.
func (n *neurons) fire(xs [][]float32, steps *simd.StepPlan, kernel simd.Kernel) ([]*simd.Spikes, error) {
	for t, x := range xs {
		if !n.spikes[t].EncodeAs(x, steps) {
			return nil, ErrNotFinite
		}
		n.spikes[t].Prepare(kernel)
	}
	return n.spikes[:len(xs)], nil
}
