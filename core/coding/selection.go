package coding

// Measure says by what neurons are preferred when some get more steps than others.
type Measure uint8

const (
	Alike      Measure = iota // all have the same T
	BySaliency                // Optimal Brain Spiking: mean of X∘(X WᵀW) over a calibration text
	ByAbsolute                // control: largest absolute value over the same text
	AtRandom                  // control: drawn by a seed
)

var measureNames = [...]string{"uniform", "saliency", "absolute", "random"}

func (m Measure) String() string { return measureNames[m] }

// Ranked reports whether the order by this measure is part of a model, made when it was packed.
func (m Measure) Ranked() bool { return m == BySaliency || m == ByAbsolute }

// RankedNeurons is the share of an input's neurons whose order a ranking keeps: one in
// RankedNeurons.
const RankedNeurons = 8

// Selection says which neurons get Coding.Steps when not all do.
type Selection struct {
	By Measure
	// Share of them are selected, 0 to 1; the number is rounded to the nearest.
	Share float32
	// Middle is the share that follows and gets one step more than Low. Of a group's error, which
	// goes with 1/T², the first steps take most; so three levels cost less than two for the same
	// error.
	Middle float32
	// Low is T of the others.
	Low int
	// EachInput takes the share of every input by itself instead of the whole model's.
	EachInput bool
	// Neurons selects single neurons, as the paper does, instead of groups of 32; always the share
	// of every input. At most one in RankedNeurons can be selected, and Low must divide
	// Coding.Steps.
	Neurons bool
	// Seed is for AtRandom.
	Seed uint64
}

func (s *Selection) validate(steps int) error {
	switch {
	case s.By == Alike && *s != Selection{}:
		return bad("a selection without a measure")
	case s.By == Alike:
		return nil
	case s.By > AtRandom:
		return bad("measure %d", s.By)
	case !(s.Share >= 0 && s.Middle >= 0 && s.Share+s.Middle <= 1):
		return bad("shares %v and %v, want 0 to 1 together", s.Share, s.Middle)
	case s.Low < 1 || s.Low > steps:
		return bad("%d steps for some and %d for the rest", steps, s.Low)
	case s.Middle > 0 && (s.Neurons || steps < s.Low+2):
		return bad("a middle share of single neurons, or between %d steps and %d", steps, s.Low)
	case s.Neurons && s.Share > 1.0/RankedNeurons:
		return bad("share %v of single neurons, at most %v", s.Share, 1.0/RankedNeurons)
	case s.Neurons && steps%s.Low != 0:
		return bad("single neurons of %d steps among others of %d, which must divide it",
			steps, s.Low)
	case s.By != AtRandom && s.Seed != 0:
		return bad("a seed for a measure that draws nothing")
	}
	return nil
}

// HeadSelection says which key heads and value heads of the whole model get Coding.CacheSteps when
// not all do. A head's keys are selected apart from its values.
type HeadSelection struct {
	By Measure
	// Share of them are selected, 0 to 1; the number is rounded to the nearest.
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
		return bad("measure %d of key and value heads with seed %d, want 1 to %d, "+
			"and a seed for the last alone", s.By, s.Seed, AtRandom)
	case !(s.Share >= 0 && s.Share <= 1):
		return bad("share %v of key and value heads, want 0 to 1", s.Share)
	case s.Low < 1 || s.Low > steps:
		return bad("%d steps for some key and value heads and %d for the rest", steps, s.Low)
	}
	return nil
}
