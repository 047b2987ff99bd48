package core

import (
	"fmt"

	"github.com/spikechat/spikechat/core/planes"
)

// Measure says by what neurons are preferred when some get more steps than others.
type Measure uint8

const (
	Alike      Measure = iota // all have the same T
	BySaliency                // Optimal Brain Spiking: mean of X∘(X WᵀW) over a calibration text
	ByAbsolute                // control: largest absolute value over the same text
	AtRandom                  // control: drawn by a seed
)

var measureNames = [...]string{"uniform", "saliency", "absolute", "random"}

// rankingTensors names the tensor of the ranking by each measure; those that need none have "".
var rankingTensors = [...]string{BySaliency: planes.SaliencyName, ByAbsolute: planes.AbsoluteName, AtRandom: ""}

func (m Measure) String() string { return measureNames[m] }

// Selection says which neurons get Coding.Steps when not all do.
type Selection struct {
	By Measure
	// Share of them are chosen, 0 to 1; the number is rounded to the nearest.
	Share float32
	// Middle is the share that follows and gets one step more than Low. Of a group's error, which goes with 1/T², the first
	// steps take most; so three levels cost less than two for the same error.
	Middle float32
	// Low is T of the others.
	Low int
	// EachInput takes the share of every input by itself instead of the whole model's.
	EachInput bool
	// Neurons chooses single neurons, as the paper does, instead of groups of 32; always the share of every input. At most
	// one in planes.RankedNeurons can be chosen, and Low must divide Coding.Steps.
	Neurons bool
	// Seed is for AtRandom.
	Seed uint64
}

func (s *Selection) validate(steps int) error {
	switch {
	case s.By == Alike && *s != Selection{}:
		return fmt.Errorf("%w: a selection without a measure", ErrBadRequest)
	case s.By == Alike:
		return nil
	case s.By > AtRandom:
		return fmt.Errorf("%w: measure %d", ErrBadRequest, s.By)
	case !(s.Share >= 0 && s.Middle >= 0 && s.Share+s.Middle <= 1):
		return fmt.Errorf("%w: shares %v and %v, want 0 to 1 together", ErrBadRequest, s.Share, s.Middle)
	case s.Low < 1 || s.Low > steps:
		return fmt.Errorf("%w: %d steps for some and %d for the rest", ErrBadRequest, steps, s.Low)
	case s.Middle > 0 && (s.Neurons || steps < s.Low+2):
		return fmt.Errorf("%w: a middle share of single neurons, or between %d steps and %d", ErrBadRequest, steps, s.Low)
	case s.Neurons && s.Share > 1.0/planes.RankedNeurons:
		return fmt.Errorf("%w: share %v of single neurons, at most %v", ErrBadRequest, s.Share, 1.0/planes.RankedNeurons)
	case s.Neurons && steps%s.Low != 0:
		return fmt.Errorf("%w: single neurons of %d steps among others of %d, which must divide it", ErrBadRequest, steps, s.Low)
	case s.By != AtRandom && s.Seed != 0:
		return fmt.Errorf("%w: a seed for a measure that draws nothing", ErrBadRequest)
	}
	return nil
}

// HeadSelection says which key heads and value heads of the whole model get Coding.CacheSteps when not all do. A head's keys
// are chosen apart from its values.
type HeadSelection struct {
	By Measure
	// Share of them are chosen, 0 to 1; the number is rounded to the nearest.
	Share float32
	// Low is T of the others: 1, 2 or 4.
	Low int
	// Seed is for AtRandom.
	Seed uint64
}

func (s *HeadSelection) validate(steps int) error {
	switch {
	case *s == HeadSelection{}:
		return nil
	case s.By == Alike || s.By > AtRandom || s.By != AtRandom && s.Seed != 0:
		return fmt.Errorf("%w: measure %d of key and value heads with seed %d, want 1 to %d, and a seed for the last alone", ErrBadRequest, s.By, s.Seed, AtRandom)
	case !(s.Share >= 0 && s.Share <= 1):
		return fmt.Errorf("%w: share %v of key and value heads, want 0 to 1", ErrBadRequest, s.Share)
	case s.Low < 1 || s.Low > steps:
		return fmt.Errorf("%w: %d steps for some key and value heads and %d for the rest", ErrBadRequest, steps, s.Low)
	}
	return nil
}
