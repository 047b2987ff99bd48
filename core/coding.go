package core

import (
	"fmt"

	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/core/simd"
)

// Coding says how activations become spikes in one answer. The zero value codes nothing: the float mode.
type Coding struct {
	// Steps is the number of time steps T of every neuron (1 to 4), or of those that Select chooses; 0 leaves the layers'
	// inputs as they are.
	Steps int
	// Population, where not 0, is T of one population, whose neurons are all alike then.
	Population [Populations]uint8
	Select     Selection
	// OneRange takes the neurons' range over the whole token, as the paper does, instead of over groups of 32.
	OneRange bool
	// CacheSteps is T of the neurons that keep keys and values (1, 2 or 4), or of the heads that CacheSelect chooses; 0 keeps
	// them float.
	CacheSteps  int
	CacheSelect HeadSelection
	// HeadSteps is T of the neurons at the head's input; 0 leaves it float.
	HeadSteps int
	// HeadResidual: the head's neurons also send what their codes leave over, with T=1.
	HeadResidual bool
	Kernel       simd.Kernel
}

// Validate reports an error that wraps ErrBadRequest where a number is out of range. Whether a model has what it takes is
// seen by State.SetCoding.
func (c Coding) Validate() error {
	if c.Steps < 0 || c.Steps > simd.MaxSteps || c.HeadSteps < 0 || c.HeadSteps > simd.MaxSteps {
		return fmt.Errorf("%w: %d steps and %d for the head, want 0 to %d", ErrBadRequest, c.Steps, c.HeadSteps, simd.MaxSteps)
	}
	for p, t := range c.Population {
		if t > simd.MaxSteps {
			return fmt.Errorf("%w: %d steps for %v, want 0 to %d", ErrBadRequest, t, Population(p), simd.MaxSteps)
		}
	}
	if c.Steps == 0 && (c.Population != [Populations]uint8{} || c.OneRange) {
		return fmt.Errorf("%w: populations or ranges without steps", ErrBadRequest)
	}
	for _, t := range [...]int{c.CacheSteps, c.CacheSelect.Low} {
		if t < 0 || t > simd.MaxSteps || t == 3 {
			return fmt.Errorf("%w: %d steps for keys and values, want 0, 1, 2 or 4", ErrBadRequest, t)
		}
	}
	if c.HeadResidual && c.HeadSteps == 0 {
		return fmt.Errorf("%w: the residual of a head without steps", ErrBadRequest)
	}
	if err := c.CacheSelect.validate(c.CacheSteps); err != nil {
		return err
	}
	return c.Select.validate(c.Steps)
}

// layers is what of a coding shows in the cache: head and kernel do not.
func (c Coding) layers() Coding {
	c.HeadSteps, c.HeadResidual, c.Kernel = 0, false, 0
	return c
}

// codingTable gives the manifest's own number of steps for the groups of some inputs, by layer*Populations + population.
type codingTable map[int][]uint8

func newCodingTable(m *planes.Manifest) (codingTable, error) {
	inputs := map[string]int{} // the first matrix that reads an input, to the input
	for l := range m.Config.Layers {
		for p, reader := range [Populations]string{"attn_q", "attn_output", "ffn_gate", "ffn_down"} {
			inputs[fmt.Sprintf("blk.%d.%s.weight", l, reader)] = l*Populations + p
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
