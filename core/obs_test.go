package core

import (
	"errors"
	"hash/fnv"
	"slices"
	"strings"
	"testing"

	"github.com/spikechat/spikechat/core/coding"
	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/core/simd"
)

// rankedModel is the tiny model with rankings that do not depend on its calibration.
func rankedModel(tb testing.TB) *Model {
	m := ownTinyModel(tb)
	m.rankings = [coding.AtRandom]*planes.Ranking{coding.BySaliency: m.randomRanking(5),
		coding.ByAbsolute: m.randomRanking(6)}
	return m
}

func stepsOf(tb testing.TB, m *Model, c coding.Coding) []simd.StepPlan {
	tb.Helper()
	steps, err := m.inputSteps(c)
	if err != nil {
		tb.Fatal(err)
	}
	return steps
}

// selected counts the groups or neurons of each input that have c.Steps.
func selected(steps []simd.StepPlan, c coding.Coding) (n []int) {
	for _, s := range steps {
		list := s.Group
		if s.Neuron != nil {
			list = s.Neuron
		}
		k := 0
		for _, t := range list {
			if int(t) == c.Steps {
				k++
			}
		}
		n = append(n, k)
	}
	return n
}

func sum(list []int) (n int) {
	for _, v := range list {
		n += v
	}
	return n
}

// The tiny model has 3 layers of 3, 3, 3 and 5 groups.
func TestSelectionOfTheWholeModel(t *testing.T) {
	m := rankedModel(t)
	for _, by := range []coding.Measure{coding.BySaliency, coding.ByAbsolute, coding.AtRandom} {
		var before []simd.StepPlan
		for share, want := range map[float32]int{0: 0, 0.1: 4, 0.25: 11, 0.5: 21, 1: 42} {
			c := coding.Coding{Steps: 4, Select: coding.Selection{By: by, Share: share, Low: 2}}
			if got := sum(selected(stepsOf(t, m, c), c)); got != want {
				t.Errorf("%v: %d groups for a share of %v, want %d", by, got, share, want)
			}
		}
		for _, share := range []float32{0.1, 0.3, 0.7} {
			steps := stepsOf(t, m,
				coding.Coding{Steps: 3, Select: coding.Selection{By: by, Share: share, Low: 1}})
			for i := range before {
				for g, high := range before[i].Group {
					if steps[i].Group[g] < high {
						t.Errorf("%v: group %d of input %d is selected for a smaller share alone",
							by,
							g, i)
					}
				}
			}
			before = steps
		}
	}
	// The foremost ones, by name.
	c := coding.Coding{Steps: 4,
		Select: coding.Selection{By: coding.BySaliency, Share: 0.1, Low: 2}}
	steps := stepsOf(t, m, c)
	for _, g := range m.rankings[coding.BySaliency].Groups[:4] {
		layer, place := g/14, int(g%14)
		input, group := int(layer)*4+min(place/3, 3), place%3
		if place >= 9 {
			group = place - 9
		}
		if steps[input].Group[group] != 4 {
			t.Errorf("group %d of the model, group %d of input %d, is not selected", g, group,
				input)
		}
	}
}

// TestMiddleShare: what follows the selected ones has one step more than the rest.
func TestMiddleShare(t *testing.T) {
	m := rankedModel(t)
	for _, each := range []bool{false, true} {
		c := coding.Coding{Steps: 4,
			Select: coding.Selection{By: coding.BySaliency, Share: 0.2, Middle: 0.4, Low: 2,
				EachInput: each}}
		var n [5]int
		places := map[uint8]int{} // the last place in the ranking of each number of steps
		steps := stepsOf(t, m, c)
		for place, g := range m.rankings[coding.BySaliency].Groups {
			input, group := m.Config.GroupPlace(int(g))
			high := steps[input].Group[group]
			n[high]++
			places[high] = place
		}
		if want := [5]int{4: 8, 3: 17, 2: 17}; !each && n != want {
			t.Errorf("groups by steps %v, want %v", n, want)
		} else if want := [5]int{4: 12, 3: 15, 2: 15}; each && n != want {
			t.Errorf("of each input: groups by steps %v, want %v", n, want)
		}
		if !each && !(places[4] < places[3] && places[3] < places[2]) {
			t.Errorf("last places by steps: %v", places)
		}
	}
}

func TestSelectionOfEachInput(t *testing.T) {
	c := coding.Coding{Steps: 4,
		Select: coding.Selection{By: coding.BySaliency, Share: 0.5, Low: 2, EachInput: true}}
	if got := selected(stepsOf(t, rankedModel(t), c), c); !slices.Equal(got,
		[]int{2, 2, 2, 3, 2, 2, 2, 3, 2, 2, 2, 3}) {
		t.Errorf("groups of the inputs: %v", got)
	}
}

func TestSelectionOfNeurons(t *testing.T) {
	m := rankedModel(t)
	c := coding.Coding{Steps: 4, OneRange: true,
		Select: coding.Selection{By: coding.BySaliency, Share: 0.1, Low: 1, Neurons: true}}
	steps := stepsOf(t, m, c)
	if got := selected(steps, c); !slices.Equal(got,
		[]int{10, 10, 10, 16, 10, 10, 10, 16, 10, 10, 10, 16}) {
		t.Errorf("neurons of the inputs: %v", got)
	}
	for i, s := range steps {
		for _, j := range m.rankings[coding.BySaliency].Neurons[i][:len(selected(steps, c))-2] {
			if s.Neuron[j] != 4 {
				t.Errorf("input %d: neuron %d is not selected", i, j)
			}
		}
		for g, top := range s.Group {
			if top != slices.Max(s.Neuron[g*32:][:32]) {
				t.Errorf("input %d: group %d has %d steps, its neurons %v", i, g, top,
					s.Neuron[g*32:][:32])
			}
		}
		if !s.OneRange {
			t.Errorf("input %d has a range for each group", i)
		}
	}
}

// TestSelectionOfHeads: the foremost key and value heads have CacheSteps, the others the lower T,
// and each codes as it would among others of its T.
func TestSelectionOfHeads(t *testing.T) {
	m, tokens := rankedModel(t), randomTokens(35, 9)
	config := &m.Config
	for _, by := range []coding.Measure{coding.BySaliency, coding.ByAbsolute, coding.AtRandom} {
		for _, share := range []float32{0, 0.3, 0.5, 1} {
			c := coding.Coding{Steps: 4, CacheSteps: 4,
				CacheSelect: coding.HeadSelection{By: by, Share: share, Low: 2}}
			s := newState(t, m, 16, c)
			s.Counting = CountAll
			forward(t, s, tokens)
			ranking, err := m.ranking(by, 0)
			if err != nil {
				t.Fatal(err)
			}
			high := portion(share, config.HeadCount())
			for place, h := range ranking.Heads {
				if want := map[bool]uint8{true: 4,
					false: 2}[place < high]; s.plan.cache[h] != want {
					t.Errorf("%v, share %v: head %d, place %d, has %d steps, want %d", by, share, h,
						place, s.plan.cache[h], want)
				}
			}
			for i, got := range s.CacheCounts() {
				want := uint32(0)
				for _, steps := range s.plan.cache[i*config.KVHeads:][:config.KVHeads] {
					want += uint32(len(tokens) * config.HeadDim * int(steps))
				}
				if got.Steps != want {
					t.Errorf("%v, share %v: %d steps of keys or values %d, want %d", by, share,
						got.Steps, i, want)
				}
			}
			// The first layer's keys and values do not depend on how any are kept.
			for h := range config.KVHeads {
				for i, kept := range []*cacheHalf{&s.cache.keys, &s.cache.values} {
					alike := newState(t, m, 16,
						coding.Coding{Steps: 4, CacheSteps: int(s.plan.cache[i*config.KVHeads+h])})
					forward(t, alike, tokens)
					got, _, _ := kept.head(h)
					want, _, _ := []*cacheHalf{&alike.cache.keys, &alike.cache.values}[i].head(h)
					if n := len(got[0]) - simd.ValuesSpare; !slices.Equal(got[0][:n], want[0][:n]) {
						t.Errorf("%v, share %v: head %d, cache %d has other codes than with one T",
							by, share, h, i)
					}
				}
			}
		}
	}
}

// TestPopulationsAreExempt: a population with a T of its own takes no part in a choice.
func TestPopulationsAreExempt(t *testing.T) {
	m := rankedModel(t)
	for _, selection := range []coding.Selection{
		{}, {By: coding.BySaliency, Share: 0.5, Low: 1},
		{By: coding.AtRandom, Share: 0.5, Low: 1, EachInput: true, Seed: 3},
		{By: coding.ByAbsolute, Share: 0.125, Low: 1, Neurons: true},
	} {
		c := coding.Coding{Steps: 4, Population: [coding.Populations]uint8{coding.GateUp: 3},
			Select: selection}
		steps := stepsOf(t, m, c)
		for i, s := range steps {
			if own := i%coding.Populations == int(coding.GateUp); own != slices.Equal(s.Group,
				[]uint8{3, 3, 3}) || own && s.Neuron != nil {
				t.Errorf("%+v: input %d has steps %v", selection, i, s.Group)
			}
		}
		if selection.By != coding.Alike && !selection.Neurons {
			// 33 groups are left.
			if got := sum(selected(steps, c)); got != 17 && !selection.EachInput ||
				selection.EachInput && got != 3*(2+2+3) {
				t.Errorf("%+v: %d groups selected", selection, got)
			}
		}
	}
}

func TestManifestTablesComeFirst(t *testing.T) {
	m := rankedModel(t)
	m.stepTables = map[int][]uint8{3: {1, 2, 3, 4, 1}}
	for _, selection := range []coding.Selection{{},
		{By: coding.BySaliency, Share: 0.125, Low: 2, Neurons: true}} {
		if s := stepsOf(t, m, coding.Coding{Steps: 4, Select: selection})[3]; !slices.Equal(s.Group,
			m.stepTables[3]) || s.Neuron != nil {
			t.Errorf("%+v: steps %v", selection, s)
		}
	}
}

// TestSelectionIsTheSameEverywhere hashes the steps that some choices lead to; every build must
// find the same ones.
func TestSelectionIsTheSameEverywhere(t *testing.T) {
	m := tinyModel(t) // with the rankings it was packed with
	h := fnv.New64a()
	for _, by := range []coding.Measure{coding.BySaliency, coding.ByAbsolute, coding.AtRandom} {
		for _, selection := range []coding.Selection{
			{Share: 0.3, Low: 1}, {Share: 0.5, Low: 2}, {Share: 0.5, Low: 3, EachInput: true},
			{Share: 0.1, Low: 1, Neurons: true},
		} {
			selection.By = by
			for _, s := range stepsOf(t, m, coding.Coding{Steps: 4, Select: selection}) {
				h.Write(s.Group)
				h.Write(s.Neuron)
			}
		}
	}
	const want = 0x1e59fecc028836ba
	if got := h.Sum64(); got != want {
		t.Errorf("hash of the steps %#x, want %#x", got, uint64(want))
	}
}

// TestCodingRefuses: a coding that the model has no ranking for, or that is none at all, is not
// set.
func TestCodingRefuses(t *testing.T) {
	m := ownTinyModel(t)
	m.rankings = [coding.AtRandom]*planes.Ranking{}
	s := newState(t, m, 1, coding.Coding{Steps: 2})
	for text, c := range map[string]coding.Coding{
		"no ranking by saliency": {
			Steps: 4, Select: coding.Selection{By: coding.BySaliency, Share: 0.1, Low: 1},
		},
		"no ranking by absolute": {
			Steps: 4, Select: coding.Selection{By: coding.ByAbsolute, Share: 0.1, Low: 1},
		},
		"bad request: the model has no ranking by saliency": {
			CacheSteps: 4, CacheSelect: coding.HeadSelection{By: coding.BySaliency, Low: 2},
		},
		"-1 steps": {Steps: -1},
	} {
		err := s.SetCoding(c, simd.LookupKernel)
		if !errors.Is(err, ErrBadRequest) || !strings.Contains(err.Error(), text) {
			t.Errorf("%+v: %v, want ErrBadRequest with %q", c, err, text)
		}
		group := s.plan.inputs[0].Group
		if s.coding != (coding.Coding{Steps: 2}) || !slices.Equal(group, []uint8{2, 2, 2}) {
			t.Fatalf("%+v: the refused coding was set", c)
		}
	}
}

// TestCodingsWithASelection: kernels and batches change no bit where steps differ from group to
// group or neuron to neuron, and every selection makes logits of its own.
func TestCodingsWithASelection(t *testing.T) {
	m, tokens := rankedModel(t), randomTokens(31, 21)
	seen := map[float32]coding.Coding{}
	for _, c := range []coding.Coding{
		{Steps: 4}, {Steps: 2}, {Steps: 4, OneRange: true},
		{Steps: 4, Population: [coding.Populations]uint8{coding.AttnOut: 2, coding.Down: 3}},
		{Steps: 4, Select: coding.Selection{By: coding.BySaliency, Share: 0.5, Low: 2}},
		{Steps: 4,
			Select: coding.Selection{By: coding.BySaliency, Share: 0.5, Low: 2, EachInput: true}},
		{Steps: 4,
			Select: coding.Selection{By: coding.BySaliency, Share: 0.2, Middle: 0.5, Low: 1,
				EachInput: true}},
		{Steps: 4, Select: coding.Selection{By: coding.ByAbsolute, Share: 0.5, Low: 2}},
		{Steps: 4, Select: coding.Selection{By: coding.AtRandom, Share: 0.5, Low: 2}},
		{Steps: 4, Select: coding.Selection{By: coding.AtRandom, Share: 0.5, Low: 2, Seed: 1}},
		{Steps: 4,
			Select: coding.Selection{By: coding.BySaliency, Share: 0.1, Low: 1, Neurons: true}},
		{Steps: 4, OneRange: true,
			Select: coding.Selection{By: coding.BySaliency, Share: 0.1, Low: 1, Neurons: true}},
		{Steps: 2, OneRange: true,
			Select: coding.Selection{By: coding.BySaliency, Share: 0.1, Low: 1, Neurons: true}},
		{Steps: 4, CacheSteps: 4},
		{Steps: 4, CacheSteps: 4,
			CacheSelect: coding.HeadSelection{By: coding.BySaliency, Share: 0.5, Low: 1}},
		{Steps: 4, CacheSteps: 4,
			CacheSelect: coding.HeadSelection{By: coding.ByAbsolute, Share: 0.5, Low: 1}},
	} {
		want := newState(t, m, 32, c)
		forward(t, want, tokens)
		if other, ok := seen[want.Logits(0)[0]]; ok {
			t.Errorf("%+v gives the logits of %+v", c, other)
		}
		seen[want.Logits(0)[0]] = c
		for _, k := range kernels {
			s := newState(t, m, 32, c, k)
			runBatches(t, s, tokens, 1, 5, 3)
			if !sameBits(s.Logits(0), want.Logits(0)) || !slices.Equal(s.Counts(), want.Counts()) ||
				!slices.Equal(s.CacheCounts(), want.CacheCounts()) {
				t.Errorf("%+v in batches: other logits or counts", c)
			}
		}
	}
}

// TestCounting: what is counted changes with the setting and changes nothing else.
func TestCounting(t *testing.T) {
	m, tokens := tinyModel(t), randomTokens(32, 5)
	s := newState(t, m, 8, coding.Coding{Steps: 4, OutputSteps: 2})
	forward(t, s, tokens)
	last := slices.Clone(s.Counts())
	neurons, weights := 0, 0
	for p := range coding.Population(coding.Populations) {
		neurons += m.Config.Neurons(p)
	}
	for i, c := range s.Counts()[:coding.Populations] {
		if int(c.Steps) != 4*m.Config.Neurons(coding.Population(i)) {
			t.Errorf("%v: %d steps of T=4", coding.Population(i), c.Steps)
		}
	}
	if c := s.OutputCounts(); c.Steps != 2*96 || c.Spikes == 0 {
		t.Errorf("output: %+v", c)
	}
	m.matrices(func(w *simd.Weights) { weights += len(w.Data) })
	if got := sum(s.WeightBytes()); got != weights {
		t.Errorf("a batch reads %d bytes of weights, want every one of %d once", got, weights)
	}
	logits := slices.Clone(s.Logits(0))
	for _, counting := range []Counting{CountNone, CountAll} {
		s.Truncate(0)
		s.Counting = counting
		forward(t, s, tokens)
		if !sameBits(s.Logits(0), logits) {
			t.Errorf("counting %d changes the logits", counting)
		}
		if got := s.Counts()[0]; (counting == CountNone) != (got == Counts{}) ||
			counting == CountAll && got.Steps != 5*last[0].Steps {
			t.Errorf("counting %d: %+v", counting, got)
		}
		if counting == CountNone && sum(s.WeightBytes()) != 0 {
			t.Error("bytes are counted all the same")
		}
	}
}
