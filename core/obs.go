package core

import (
	"fmt"

	"github.com/spikechat/spikechat/core/coding"
	"github.com/spikechat/spikechat/core/internal/splitmix"
	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/core/simd"
	"github.com/spikechat/spikechat/core/tile"
)

// plan is a coding worked out for a model: the number of steps T of every neuron, and of every key
// and value head.
type plan struct {
	inputs   []simd.StepPlan // [layers*Populations]; nil in the float mode
	cache    []uint8         // in the order of planes.Ranking.Heads; nil where both stay float
	output   *simd.StepPlan  // nil where the output's input stays float
	residual *simd.StepPlan  // of the second stage; nil where there is none
}

// newPlan fails with ErrBadRequest where the model has no ranking by a measure of the coding.
func (m *Model) newPlan(c coding.Coding) (p plan, err error) {
	if p.inputs, err = m.inputSteps(c); err != nil {
		return plan{}, err
	}
	if p.cache, err = m.cacheSteps(c); err != nil {
		return plan{}, err
	}
	groups := m.Config.Hidden / tile.GroupCols
	if c.OutputSteps > 0 {
		p.output = &simd.StepPlan{Group: uniform(groups, c.OutputSteps)}
	}
	if c.OutputResidual {
		p.residual = &simd.StepPlan{Group: uniform(groups, 1)}
	}
	return p, nil
}

// inputSteps works out the steps of every input.
func (m *Model) inputSteps(c coding.Coding) ([]simd.StepPlan, error) {
	if c.Steps == 0 {
		return nil, nil
	}
	all := make([]simd.StepPlan, m.Config.Layers*coding.Populations)
	for i := range all {
		p := coding.Population(i % coding.Populations)
		t := c.Steps
		switch {
		case c.Population[p] != 0:
			t = int(c.Population[p])
		case c.Select.By != coding.Alike:
			t = c.Select.Low
		}
		groups := m.Config.Neurons(p) / tile.GroupCols
		all[i] = simd.StepPlan{Group: uniform(groups, t), OneRange: c.OneRange}
	}
	if c.Select.By != coding.Alike {
		if err := m.selectNeurons(all, c); err != nil {
			return nil, err
		}
	}
	for input, table := range m.stepTables {
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

// selectNeurons gives the foremost neurons of the selection their steps: Optimal Brain Spiking,
// where they are ranked by saliency (SpikeLLM, section 3).
func (m *Model) selectNeurons(all []simd.StepPlan, c coding.Coding) error {
	ranking, err := m.ranking(c.Select.By, c.Select.Seed)
	if err != nil {
		return err
	}
	if c.Select.Neurons {
		for i := range all {
			if c.Population[i%coding.Populations] == 0 {
				selectSingle(&all[i], ranking.Neurons[i], c)
			}
		}
		return nil
	}
	// A quota of every input, or one of all together.
	quotas := make([]quota, len(all))
	shared := 0
	for i, s := range all {
		if c.Population[i%coding.Populations] == 0 {
			quotas[i] = newQuota(c, len(s.Group))
			shared += len(s.Group)
		}
	}
	whole := newQuota(c, shared)
	for _, g := range ranking.Groups {
		input, group := m.Config.GroupPlace(int(g))
		if c.Population[input%coding.Populations] != 0 {
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

func newQuota(c coding.Coding, n int) quota {
	high := portion(c.Select.Share, n)
	return quota{high, portion(c.Select.Share+c.Select.Middle, n) - high}
}

// next gives the steps of the next group in order.
func (q *quota) next(c coding.Coding) uint8 {
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

// selectSingle gives the foremost neurons of one input their steps.
func selectSingle(s *simd.StepPlan, foremost []uint16, c coding.Coding) {
	cols := len(s.Group) * tile.GroupCols
	s.Neuron = uniform(cols, c.Select.Low)
	for _, j := range foremost[:portion(c.Select.Share, cols)] {
		s.Neuron[j] = uint8(c.Steps)
		s.Group[j/tile.GroupCols] = uint8(c.Steps)
	}
}

// cacheSteps works out T of all key and value heads, in the order of planes.Ranking.Heads; nil
// where they stay float.
func (m *Model) cacheSteps(c coding.Coding) ([]uint8, error) {
	s := &c.CacheSelect
	switch {
	case c.CacheSteps == 0:
		return nil, nil
	case s.By == coding.Alike:
		return uniform(m.Config.HeadCount(), c.CacheSteps), nil
	}
	ranking, err := m.ranking(s.By, s.Seed)
	if err != nil {
		return nil, err
	}
	steps := uniform(len(ranking.Heads), s.Low)
	for _, h := range ranking.Heads[:portion(s.Share, len(steps))] {
		steps[h] = uint8(c.CacheSteps)
	}
	return steps, nil
}

// ranking gives the order by a measure that is not Alike.
func (m *Model) ranking(by coding.Measure, seed uint64) (*planes.Ranking, error) {
	if by == coding.AtRandom {
		return m.randomRanking(seed), nil
	}
	if m.rankings[by] == nil {
		return nil, fmt.Errorf("%w: the model has no ranking by %v", ErrBadRequest, by)
	}
	return m.rankings[by], nil
}

// randomRanking draws an order of everything that a ranking orders.
func (m *Model) randomRanking(seed uint64) *planes.Ranking {
	c := &m.Config
	r := &planes.Ranking{
		Groups: shuffled[uint32](&seed, c.GroupCount()),
		Heads:  shuffled[uint32](&seed, c.HeadCount()),
	}
	for i := range c.Layers * coding.Populations {
		cols := c.Neurons(coding.Population(i % coding.Populations))
		r.Neurons = append(r.Neurons, shuffled[uint16](&seed, cols)[:cols/coding.RankedNeurons])
	}
	return r
}

// shuffled is a random order of 0 to n-1 (Fisher and Yates).
func shuffled[T uint16 | uint32](state *uint64, n int) []T {
	list := make([]T, n)
	for i := range list {
		// A remainder is not quite uniform, by less than n in 2^64.
		j := int(splitmix.Next(state) % uint64(i+1))
		list[i] = list[j]
		list[j] = T(i)
	}
	return list
}
