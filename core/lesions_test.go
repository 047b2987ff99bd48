package core

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/spikechat/spikechat/core/coding"
	"github.com/spikechat/spikechat/core/simd"
)

// lesionCases are lesions of the tiny model, with their edges.
func lesionCases(m *Model) map[string]coding.Lesions {
	const every, all = coding.Every, coding.AllHeads
	var layers, heads []coding.Silence
	for l := range m.Config.Layers {
		layers = append(layers, coding.Silence{Layer: l, Population: every, Head: all})
		for h := range m.Config.Heads {
			heads = append(heads, coding.Silence{Layer: l, Population: every, Head: h})
		}
	}
	raise := func(layer int, p coding.Population, factor float32) coding.Lesions {
		return coding.Lesions{Thresholds: []coding.RaisedThreshold{
			{Layer: layer, Population: p, Factor: factor}}}
	}
	return map[string]coding.Lesions{
		"all thresholds": raise(every, every, 3),
		"anaesthesia":    raise(every, every, coding.MaxRaise),
		"a population's": raise(1, coding.Down, 8),
		"a layer":        {Silenced: layers[1:2]},
		"all layers":     {Silenced: layers},
		"keys and values of a layer": {Silenced: []coding.Silence{
			{Layer: 0, Population: coding.QKV, Head: all}}},
		"a population": {Silenced: []coding.Silence{
			{Layer: every, Population: coding.Down, Head: all}}},
		"the last head":      {Silenced: heads[len(heads)-1:]},
		"all heads":          {Silenced: heads},
		"one plane":          {DroppedPlanes: 1},
		"all planes but one": {DroppedPlanes: m.Planes() - 1},
		"all together": {
			Thresholds: []coding.RaisedThreshold{{Layer: 0, Population: every, Factor: 2}},
			Silenced:   []coding.Silence{{Layer: 1, Population: coding.GateUp, Head: all}, heads[0]},

			DroppedPlanes: 2,
		},
	}
}

func setLesions(tb testing.TB, s *State, l coding.Lesions) {
	tb.Helper()
	if err := s.SetLesions(l); err != nil {
		tb.Fatal(err)
	}
}

// TestLesionsAreTheSameInEveryKernel: logits, cache and counts, however the prompt is cut. They
// change the answer, and healed the state is as if nothing had been.
func TestLesionsAreTheSameInEveryKernel(t *testing.T) {
	m, tokens := tinyModel(t), randomTokens(21, 19)
	codings := []coding.Coding{
		{Steps: 4, CacheSteps: 4, OutputSteps: 4, OutputResidual: true},
		{Steps: 1, OneRange: true, OutputSteps: 2},
		{Steps: 4, Select: coding.Selection{By: coding.AtRandom, Share: 0.1, Low: 1, Neurons: true}},
	}
	for name, l := range lesionCases(m) {
		for _, c := range codings {
			healthy := newState(t, m, 64, c)
			forward(t, healthy, tokens)
			// Of the first kernel, in one batch.
			first := newState(t, m, 64, c)
			setLesions(t, first, l)
			forward(t, first, tokens)
			if sameBits(first.Logits(0), healthy.Logits(0)) {
				t.Errorf("%s, %+v: nothing changes", name, c)
			}
			for i, kernel := range kernels {
				s := newState(t, m, 64, c, kernel)
				setLesions(t, s, l)
				runBatches(t, s, tokens, [][]int{{1}, {16}, {5, 3, 20}}[i]...)
				if !sameBits(s.Logits(0), first.Logits(0)) || !sameCache(&s.cache, &first.cache) ||
					!slices.Equal(s.Counts(), first.Counts()) {
					t.Errorf("%s, %+v, kernel %d: differs from the first kernel", name, c, kernel)
				}
				if kernel == simd.LookupKernel {
					setLesions(t, s, coding.Lesions{})
					s.Truncate(0)
					if s.damaged != nil || !sameBits(forward(t, s, tokens), healthy.Logits(0)) {
						t.Errorf("%s, %+v: not healed", name, c)
					}
				}
			}
		}
	}
}

// TestLesionsEqualTheFormulas compares the float mode with float64 weights and inputs that were
// damaged by hand.
func TestLesionsEqualTheFormulas(t *testing.T) {
	m, tokens := tinyModel(t), randomTokens(22, 24)
	for name, l := range lesionCases(m) {
		if len(l.Thresholds) > 0 {
			continue
		}
		ref := openReference(t)
		for layer := range m.Config.Layers {
			matrix := func(s string) [][]float64 {
				return ref.Matrix[fmt.Sprintf("blk.%d.%s.weight", layer, s)]
			}
			// An input that is silent meets weights that might as well be 0.
			inputs := [coding.Populations][]string{
				{"attn_q", "attn_k", "attn_v"}, {"attn_output"}, {"ffn_gate", "ffn_up"}, {"ffn_down"}}
			for p, names := range inputs {
				for i, name := range names {
					w := *m.layers[layer].matrices()[[]int{0, 3, 4, 6}[p]+i]
					for r, row := range matrix(name) {
						upper(row, w, r, l.DroppedPlanes)
						if l.Silent(layer, coding.Population(p)) {
							clear(row)
						}
					}
				}
			}
			for _, s := range l.Silenced {
				if s.Head != coding.AllHeads && s.Layer == layer {
					for _, row := range matrix("attn_output") {
						clear(row[s.Head*m.Config.HeadDim:][:m.Config.HeadDim])
					}
				}
			}
		}
		want := ref.Logits(tokens)
		s := newState(t, m, len(tokens), coding.Coding{})
		setLesions(t, s, l)
		if err := s.Forward(tokens, true); err != nil {
			t.Fatal(err)
		}
		worst, size := 0.0, 0.0
		for p := range tokens {
			for i, v := range s.Logits(p) {
				size = max(size, math.Abs(want[p][i]))
				worst = max(worst, math.Abs(float64(v)-want[p][i]))
			}
		}
		if !(worst <= 1e-4*size) {
			t.Errorf("%s: a logit differs by %v where they reach %v", name, worst, size)
		}
	}
}

// upper cuts a row of weights to its upper planes: each code becomes the middle of those that share
// these.
func upper(row []float64, w *simd.Weights, r, dropped int) {
	for g := range w.Groups() {
		var codes [32]uint8
		w.Group(r, g, &codes)
		d, _ := w.Scales(w.Block(r/16, g), r%16)
		for j, c := range codes {
			levels := int(1) << dropped
			middle := float64(int(c)/levels*levels) + float64(levels-1)/2
			row[32*g+j] += float64(d) * (middle - float64(c))
		}
	}
}

// TestSilenceIsSilent: what is silenced fires no spike, and under the highest thresholds nothing
// does.
func TestSilenceIsSilent(t *testing.T) {
	m, tokens := tinyModel(t), randomTokens(23, 8)
	for name, l := range lesionCases(m) {
		s := newState(t, m, 8, coding.Coding{Steps: 4, CacheSteps: 4})
		setLesions(t, s, l)
		forward(t, s, tokens)
		for i, n := range s.Counts() {
			layer, p := i/coding.Populations, coding.Population(i%coding.Populations)
			silent := l.Silent(layer, p) || l.Raise(layer, p) == coding.MaxRaise
			if silent && n.Spikes != 0 {
				t.Errorf("%s: %d spikes of layer %d, %v", name, n.Spikes, layer, p)
			}
		}
	}
}

func TestLesionsAreRefused(t *testing.T) {
	m := tinyModel(t)
	s := newState(t, m, 8, coding.Coding{Steps: 4})
	for name, l := range map[string]coding.Lesions{
		"layer": {Silenced: []coding.Silence{
			{Layer: m.Config.Layers, Population: coding.Every, Head: coding.AllHeads}}},
		"head": {Silenced: []coding.Silence{
			{Layer: 0, Population: coding.Every, Head: m.Config.Heads}}},
		"planes": {DroppedPlanes: m.Planes()},
		"factor": {Thresholds: []coding.RaisedThreshold{{Factor: 0.5}}},
	} {
		if err := s.SetLesions(l); !errors.Is(err, ErrBadRequest) {
			t.Errorf("%s: %v, want ErrBadRequest", name, err)
		}
	}
	raised := coding.Lesions{Thresholds: []coding.RaisedThreshold{{Layer: 0, Factor: 2}}}
	setLesions(t, s, raised)
	if err := s.SetCoding(coding.Coding{}, simd.LookupKernel); !errors.Is(err, ErrBadRequest) {
		t.Errorf("raised thresholds in the float mode: %v", err)
	}
	if s.coding.Steps != 4 || !s.damage.asked.Equal(&raised) {
		t.Error("an error has changed something")
	}
}

// TestLesionsAllocateNothing: damaged tokens are computed as cheaply in memory as others.
func TestLesionsAllocateNothing(t *testing.T) {
	m := tinyModel(t)
	for name, l := range lesionCases(m) {
		for _, kernel := range kernels {
			s := newState(t, m, 16, coding.Coding{Steps: 4, CacheSteps: 4, OutputSteps: 4}, kernel)
			setLesions(t, s, l)
			forward(t, s, randomTokens(9, 16))
			one := []int32{77}
			if n := testing.AllocsPerRun(5, func() {
				if err := s.Forward(one, false); err != nil {
					t.Error(err)
				}
			}); n != 0 {
				t.Errorf("%s, kernel %d: %v allocations a token", name, kernel, n)
			}
		}
	}
}

// TestLesionsOfMultipliedBatches: what is damaged computes the same where batches are multiplied.
func TestLesionsOfMultipliedBatches(t *testing.T) {
	m, tokens := tinyModel(t), randomTokens(9, 9)
	for name, l := range lesionCases(m) {
		s := newState(t, m, 16, coding.Coding{Steps: 4, CacheSteps: 4, OutputSteps: 4}, simd.LookupKernel)
		setLesions(t, s, l)
		want := slices.Clone(forward(t, s, tokens))
		s.Truncate(0)
		s.MultiplyBatches = true
		if !sameBits(forward(t, s, tokens), want) {
			t.Errorf("%s: other logits", name)
		}
	}
}

// TestDroppedPlanesTakeNoCopy: the matrices lie over the model's bytes.
func TestDroppedPlanesTakeNoCopy(t *testing.T) {
	m := tinyModel(t)
	s := newState(t, m, 8, coding.Coding{Steps: 4})
	setLesions(t, s, coding.Lesions{DroppedPlanes: 2})
	for i := range s.damaged {
		for j, w := range s.damaged[i].matrices() {
			if whole := *m.layers[i].matrices()[j]; &(*w).Data[0] != &whole.Data[0] {
				t.Fatalf("layer %d, matrix %d is a copy", i, j)
			}
		}
	}
}

// TestCachedPrefixesKnowTheirLesions: a turn under other lesions, or none, shares nothing with the
// turn before and equals a fresh session's; one under the same lesions does both.
func TestCachedPrefixesKnowTheirLesions(t *testing.T) {
	m := tinyModel(t)
	s := newSession(t, m, 512)
	r := ask("Hello!")
	var list []coding.Lesions
	for _, l := range lesionCases(m) {
		list = append(list, l, l, coding.Lesions{})
	}
	var before coding.Lesions
	for turn, l := range list {
		r.Lesions = l
		got, fresh := complete(t, s, r, 0), complete(t, newSession(t, m, 512), r, 0)
		if !sameAnswer(got, fresh) {
			t.Fatalf("turn %d under %+v: %+v, a fresh session gives %+v", turn, l, got, fresh)
		}
		if same := turn > 0 && l.Equal(&before); (got.prompt.Cached > 0) != same {
			t.Errorf("turn %d: %d tokens cached, same lesions: %v", turn, got.prompt.Cached, same)
		}
		before = l.Clone()
	}
	// What the caller does with its list afterwards is its own affair.
	r.Lesions = coding.Lesions{Silenced: []coding.Silence{
		{Layer: 0, Population: coding.Every, Head: coding.AllHeads}}}
	complete(t, s, r, 0)
	r.Lesions.Silenced[0].Layer = 1
	if got, fresh := complete(t, s, r, 0), complete(t, newSession(t, m, 512), r, 0); got.prompt.
		Cached != 0 || !sameAnswer(got, fresh) {
		t.Error("a list that was altered is taken for the one before")
	}
}

// TestAutotunerLeavesLesionsAlone: it neither measures nor exchanges the kernel under them.
func TestAutotunerLeavesLesionsAlone(t *testing.T) {
	m := ownTinyModel(t)
	s := newSession(t, m, 256)
	r := ask("Hello!")
	r.MaxTokens, r.Lesions = tuneWarm+tuneRounds+8, coding.Lesions{DroppedPlanes: 1}
	want := complete(t, newSession(t, m, 256), r, 0)
	r.Autotuner = NewAutotuner(m)
	if got := complete(t, s, r, 0); !sameAnswer(got, want) || r.Autotuner.tokens != 0 {
		t.Errorf("measured %d times, answer %q, want %q", r.Autotuner.tokens, got.text, want.text)
	}
}
