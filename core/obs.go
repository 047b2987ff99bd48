package core

import (
	"fmt"

	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/core/simd"
)

// Ranking says by what measure neurons are preferred when some get more steps than others.
type Ranking uint8

const (
	Alike      Ranking = iota // all have the same T
	BySaliency                // Optimal Brain Spiking: mean of X∘(X WᵀW) over a calibration text
	ByAbsolute                // control: largest absolute value over the same text
	AtRandom                  // control: drawn by Selection.Seed
)

var rankingNames = [...]string{"uniform", "saliency", "absolute", "random"}

// rankingTensors names the tensor of each ranking; those that need none have "".
var rankingTensors = [...]string{BySaliency: planes.SaliencyName, ByAbsolute: planes.AbsoluteName, AtRandom: ""}

func (r Ranking) String() string { return rankingNames[r] }

// Selection says which neurons get Coding.Steps when not all do.
type Selection struct {
	By Ranking
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
		return fmt.Errorf("%w: a selection without a ranking", ErrBadRequest)
	case s.By == Alike:
		return nil
	case s.By > AtRandom:
		return fmt.Errorf("%w: ranking %d", ErrBadRequest, s.By)
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
		return fmt.Errorf("%w: a seed for a ranking that draws nothing", ErrBadRequest)
	}
	return nil
}

// inputSteps says how the neurons of each input of a model code: [layers*Populations].
type inputSteps []simd.Steps

// newInputSteps works out the steps of every input. Errors wrap ErrBadRequest: the model has no such ranking.
func (m *Model) newInputSteps(c Coding) (inputSteps, error) {
	if c.Steps == 0 {
		return nil, nil
	}
	all := make(inputSteps, m.Config.Layers*Populations)
	for i := range all {
		p := Population(i % Populations)
		groups := Neurons(&m.Config, p) / simd.GroupCols
		t := c.Steps
		switch {
		case c.Population[p] != 0:
			t = int(c.Population[p])
		case c.Select.By != Alike:
			t = c.Select.Low
		}
		all[i] = simd.Steps{Group: uniform(groups, t), OneRange: c.OneRange}
	}
	if c.Select.By != Alike {
		if err := m.choose(all, c); err != nil {
			return nil, err
		}
	}
	for input, table := range m.codings {
		all[input].Group, all[input].Neuron = table, nil
	}
	return all, nil
}

func uniform(n, steps int) []uint8 {
	s := make([]uint8, n)
	for i := range s {
		s[i] = uint8(steps)
	}
	return s
}

// choose gives the foremost neurons of the selection their steps.
func (m *Model) choose(all inputSteps, c Coding) error {
	var ranking *planes.Ranking
	if c.Select.By == AtRandom {
		ranking = m.randomRanking(c.Select.Seed)
	} else if ranking = m.rankings[c.Select.By]; ranking == nil {
		return fmt.Errorf("%w: the model has no ranking by %v", ErrBadRequest, c.Select.By)
	}
	if c.Select.Neurons {
		for i := range all {
			if c.Population[i%Populations] == 0 {
				chooseNeurons(&all[i], ranking.Neurons[i], c)
			}
		}
		return nil
	}
	// A quota of every input, or one of all together.
	quotas := make([]quota, len(all))
	shared := 0
	for i, s := range all {
		if c.Population[i%Populations] == 0 {
			quotas[i] = newQuota(c, len(s.Group))
			shared += len(s.Group)
		}
	}
	whole := newQuota(c, shared)
	for _, g := range ranking.Groups {
		input, group := m.Config.GroupPlace(int(g))
		if c.Population[input%Populations] != 0 {
			continue
		}
		q := &whole
		if c.Select.EachInput {
			q = &quotas[input]
		}
		all[input].Group[group] = q.next(c)
	}
	return nil
}

// quota is how many groups may still have the most steps, and how many the middle number.
type quota struct{ high, middle int }

func newQuota(c Coding, n int) quota {
	high := portion(c.Select.Share, n)
	return quota{high, portion(c.Select.Share+c.Select.Middle, n) - high}
}

// next gives the steps of the next group in order.
func (q *quota) next(c Coding) uint8 {
	switch {
	case q.high > 0:
		q.high--
		return uint8(c.Steps)
	case q.middle > 0:
		q.middle--
		return uint8(c.Select.Low + 1)
	}
	return uint8(c.Select.Low)
}

// portion is a share of n, rounded to the nearest.
func portion(share float32, n int) int { return int(float64(float64(share)*float64(n)) + 0.5) }

// chooseNeurons gives the foremost neurons of one input their steps.
func chooseNeurons(s *simd.Steps, foremost []uint16, c Coding) {
	cols := len(s.Group) * simd.GroupCols
	s.Neuron = uniform(cols, c.Select.Low)
	for _, j := range foremost[:portion(c.Select.Share, cols)] {
		s.Neuron[j] = uint8(c.Steps)
		s.Group[j/simd.GroupCols] = uint8(c.Steps)
	}
}

// randomRanking draws an order of everything that a ranking orders.
func (m *Model) randomRanking(seed uint64) *planes.Ranking {
	c := &m.Config
	r := &planes.Ranking{Groups: shuffled[uint32](&seed, c.GroupCount()), Heads: shuffled[uint32](&seed, c.HeadCount())}
	for i := range c.Layers * Populations {
		cols := Neurons(c, Population(i%Populations))
		r.Neurons = append(r.Neurons, shuffled[uint16](&seed, cols)[:cols/planes.RankedNeurons])
	}
	return r
}

// shuffled is a random order of 0 to n-1 (Fisher and Yates).
func shuffled[T uint16 | uint32](state *uint64, n int) []T {
	list := make([]T, n)
	for i := range list {
		// A remainder is not quite uniform, by less than n in 2^64.
		j := int(splitMix64(state) % uint64(i+1))
		list[i] = list[j]
		list[j] = T(i)
	}
	return list
}
