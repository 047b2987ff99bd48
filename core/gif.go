package core

import (
	"fmt"

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

// Coding says how activations become spikes in one answer. The zero value codes nothing: the float mode.
type Coding struct {
	// Steps is the number of time steps T of every neuron (1 to 4); 0 leaves the layers' inputs as they are.
	Steps int
	// HeadSteps is T of the neurons at the head's input; 0 leaves it float.
	HeadSteps int
	Kernel    simd.Kernel
}

// Validate reports an error that wraps ErrBadRequest where a number of steps is out of range.
func (c Coding) Validate() error {
	if c.Steps < 0 || c.Steps > simd.MaxSteps || c.HeadSteps < 0 || c.HeadSteps > simd.MaxSteps {
		return fmt.Errorf("%w: %d steps and %d for the head, want 0 to %d", ErrBadRequest, c.Steps, c.HeadSteps, simd.MaxSteps)
	}
	return nil
}

// codingTable gives the manifest's own number of steps for the groups of some inputs.
type codingTable map[[2]int][]uint8 // by layer and population

func newCodingTable(m *planes.Manifest) (codingTable, error) {
	inputs := map[string][2]int{} // the first matrix that reads an input, to the input
	for l := range m.Config.Layers {
		for p, reader := range [Populations]string{"attn_q", "attn_output", "ffn_gate", "ffn_down"} {
			inputs[fmt.Sprintf("blk.%d.%s.weight", l, reader)] = [2]int{l, p}
		}
	}
	t := codingTable{}
	for _, s := range m.Steps {
		input, ok := inputs[s.Input]
		if !ok {
			return nil, fmt.Errorf("%w: steps for %.80q, which is no layer's input", planes.ErrInvalid, s.Input)
		}
		t[input] = make([]uint8, len(s.Steps))
		for i, n := range s.Steps {
			t[input][i] = uint8(n)
		}
	}
	return t, nil
}

// neurons codes the inputs of linear layers for a block of tokens.
type neurons struct {
	spikes []*simd.Spikes // by token
	steps  []uint8        // T by group, for inputs without a table of their own
}

func newNeurons(cols, block int) *neurons {
	n := &neurons{spikes: make([]*simd.Spikes, block), steps: make([]uint8, cols/simd.GroupCols)}
	for t := range n.spikes {
		n.spikes[t] = simd.NewSpikes(cols)
	}
	return n
}

// fire codes each token's x with T steps, or with the table's steps where it has any. Activations that are not finite come
// only from weights that no training made; they end the answer.
func (n *neurons) fire(xs [][]float32, steps int, table []uint8, kernel simd.Kernel) ([]*simd.Spikes, error) {
	if table == nil {
		for i := range n.steps {
			n.steps[i] = uint8(steps)
		}
		table = n.steps
	}
	for t, x := range xs {
		if !n.spikes[t].Encode(x, table) {
			return nil, ErrNotFinite
		}
		n.spikes[t].Prepare(kernel)
	}
	return n.spikes[:len(xs)], nil
}
