package calibrate

import (
	"fmt"

	"github.com/spikechat/spikechat/core"
	"github.com/spikechat/spikechat/core/coding"
	"github.com/spikechat/spikechat/core/simd"
)

// Spikes are binary spikes of several tokens, from rest.
type Spikes struct {
	Inputs []int // [layers*coding.Populations]: at the layers' inputs
	Cache  []int // [layers*2]: of the keys and values that are kept
}

// Activity counts the spikes of all texts in each coding; every text runs from an empty cache and
// has 1 to core.MaxBatch tokens. The model must be prepared for simd.LookupKernel. Codings whose
// layers are coded alike are run once. workers texts run at once, and done is called after each
// text of a coding with how many have run, of how many; neither changes the result.
func Activity(
	m *core.Model, texts [][]int32, codings []coding.Coding, workers int, done func(ran, total int),
) ([]Spikes, error) {
	var distinct []coding.Coding
	index := map[coding.Coding]int{}
	for _, c := range codings {
		if _, ok := index[c.Layers()]; !ok {
			index[c.Layers()] = len(distinct)
			distinct = append(distinct, c.Layers())
		}
	}
	ran, total := 0, len(distinct)*len(texts)
	done(ran, total)
	parts := make([]Spikes, total)
	err := inParallel(total, workers, func(i int) (err error) {
		parts[i], err = countText(m, texts[i%len(texts)], distinct[i/len(texts)])
		return err
	}, func() {
		ran++
		done(ran, total)
	})
	if err != nil {
		return nil, err
	}
	sums := make([]Spikes, len(distinct))
	for i := range parts {
		sums[i/len(texts)].add(parts[i])
	}
	all := make([]Spikes, len(codings))
	for i, c := range codings {
		all[i] = sums[index[c.Layers()]]
	}
	return all, nil
}

// countText runs one text in one pass.
func countText(m *core.Model, text []int32, c coding.Coding) (Spikes, error) {
	s, err := newState(m, text)
	if err != nil {
		return Spikes{}, err
	}
	s.Counting = core.CountAll
	if err := s.SetCoding(c, simd.LookupKernel); err != nil {
		return Spikes{}, err
	}
	if err := s.Extend(text); err != nil {
		return Spikes{}, err
	}
	return Spikes{spikesOf(s.Counts()), spikesOf(s.CacheCounts())}, nil
}

func spikesOf(counts []core.Counts) []int {
	spikes := make([]int, len(counts))
	for i := range counts {
		spikes[i] = int(counts[i].Spikes)
	}
	return spikes
}

func (s *Spikes) add(o Spikes) {
	if s.Inputs == nil {
		*s = Spikes{make([]int, len(o.Inputs)), make([]int, len(o.Cache))}
	}
	for i, n := range o.Inputs {
		s.Inputs[i] += n
	}
	for i, n := range o.Cache {
		s.Cache[i] += n
	}
}

// newState makes a State for one text in one pass, in the float mode.
func newState(m *core.Model, text []int32) (*core.State, error) {
	if len(text) == 0 || len(text) > core.MaxBatch {
		return nil, fmt.Errorf("%w: %d tokens, want 1 to %d",
			core.ErrBadRequest, len(text), core.MaxBatch)
	}
	return core.NewState(m, len(text), len(text))
}
