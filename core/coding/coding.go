package coding

import (
	"fmt"

	"github.com/spikechat/spikechat/core/internal/request"
)

// MaxSteps is the largest number of time steps T of a neuron.
const MaxSteps = 4

// StepLevels is the largest graded spike of one time step: four binary spikes of weight 8, 4, 2
// and 1.
const StepLevels = 15

// Coding says how activations become spikes in one answer. The zero value codes nothing: the float
// mode.
type Coding struct {
	// Steps is the number of time steps T of every neuron at a layer's inputs (1 to 4), or of those
	// that Select selects; 0 leaves the layers' inputs as they are.
	Steps int
	// Population, where not 0, is T of one population, whose neurons are all alike then.
	Population [Populations]uint8
	Select     Selection
	// OneRange takes the neurons' range over the whole token, as the paper does, instead of over
	// groups of 32.
	OneRange bool
	// CacheSteps is T of the neurons that keep keys and values (1, 2 or 4), or of the heads that
	// CacheSelect selects; 0 keeps them float.
	CacheSteps  int
	CacheSelect HeadSelection
	// OutputSteps is T of the neurons at the input of the output matrix (the language-model head);
	// 0 leaves it float.
	OutputSteps int
	// OutputResidual: a second stage of neurons with T = 1 codes the quantisation error of those at
	// the output's input.
	OutputResidual bool
}

// Validate reports an error that wraps core.ErrBadRequest where a number is out of range. Whether a
// model has the rankings that the coding needs is seen by Fits.
func (c Coding) Validate() error {
	if c.Steps < 0 || c.Steps > MaxSteps || c.OutputSteps < 0 || c.OutputSteps > MaxSteps {
		return bad("%d steps and %d for the output, want 0 to %d", c.Steps, c.OutputSteps, MaxSteps)
	}
	for p, t := range c.Population {
		if t > MaxSteps {
			return bad("%d steps for %v, want 0 to %d", t, Population(p), MaxSteps)
		}
	}
	if c.Steps == 0 && (c.Population != [Populations]uint8{} || c.OneRange) {
		return bad("populations or ranges without steps")
	}
	for _, t := range [...]int{c.CacheSteps, c.CacheSelect.Low} {
		if t < 0 || t > MaxSteps || t == 3 {
			return bad("%d steps for keys and values, want 0, 1, 2 or 4", t)
		}
	}
	if c.OutputResidual && c.OutputSteps == 0 {
		return bad("the residual of an output without steps")
	}
	if err := c.CacheSelect.validate(c.CacheSteps); err != nil {
		return err
	}
	return c.Select.validate(c.Steps)
}

// Layers is the part of a coding that shows in the cache: all but the output.
func (c Coding) Layers() Coding {
	c.OutputSteps, c.OutputResidual = 0, false
	return c
}

// Fits reports whether a model can be coded so. ranked tells by which measures the model ranks its
// neurons and heads (planes.Manifest.Ranks).
func (c Coding) Fits(ranked func(Measure) bool) bool {
	for _, by := range [...]Measure{c.Select.By, c.CacheSelect.By} {
		if by.Ranked() && !ranked(by) {
			return false
		}
	}
	return true
}

// bad makes an error of the request.
func bad(format string, args ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{request.ErrBad}, args...)...)
}
