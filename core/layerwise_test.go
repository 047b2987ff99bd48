package core

import (
	"slices"
	"testing"

	"github.com/spikechat/spikechat/core/coding"
	"github.com/spikechat/spikechat/core/simd"
)

// TestLayerByLayer sends texts through one layer after the other, in turns, and wants the residual
// streams of whole passes, and what these have as the last layer's feed-forward input.
func TestLayerByLayer(t *testing.T) {
	m := tinyModel(t)
	last := m.Config.Layers - 1
	for _, c := range []coding.Coding{{}, {Steps: 4}, {Steps: 4, CacheSteps: 4}} {
		for _, multiply := range []bool{false, true} {
			newState := func() *State {
				s, err := NewState(m, 40, 40)
				if err != nil {
					t.Fatal(err)
				}
				s.MultiplyBatches = multiply
				if err := s.SetCoding(c, simd.LookupKernel); err != nil {
					t.Fatal(err)
				}
				return s
			}
			// What the last layer's feed-forward part is given.
			watch := func(s *State) *[][]float32 {
				var seen [][]float32
				s.Probe = &Probe{Input: func(layer int, p coding.Population, xs [][]float32) {
					if layer == last && p == coding.GateUp {
						seen = nil
						for _, x := range xs {
							seen = append(seen, slices.Clone(x))
						}
					}
				}}
				return &seen
			}
			texts := [][]int32{randomTokens(1, 40), randomTokens(2, 17)}
			streams := make([][][]float32, len(texts))
			byLayer := newState()
			got := watch(byLayer)
			for i, text := range texts {
				streams[i] = rows(len(text), m.Config.Hidden)
				if err := byLayer.Embed(streams[i], text); err != nil {
					t.Fatal(err)
				}
			}
			for l := range m.Config.Layers {
				for i, text := range texts {
					// Up to a population the same, and x is left as it is.
					before := slices.Clone(streams[i][0])
					if err := byLayer.LayerUntil(l, coding.GateUp, streams[i]); err != nil {
						t.Fatal(err)
					}
					if !slices.Equal(before, streams[i][0]) {
						t.Error("LayerUntil changed the residual stream")
					}
					reached := *got
					if err := byLayer.Layer(l, streams[i]); err != nil {
						t.Fatal(err)
					}
					if !slices.EqualFunc(reached, *got, slices.Equal) {
						t.Errorf("text %d: another input of layer %d where the pass ends there", i, l)
					}
					if l < last {
						continue
					}
					whole := newState()
					want := watch(whole)
					if err := whole.Extend(text); err != nil {
						t.Fatal(err)
					}
					if len(*got) != len(text) || !slices.EqualFunc(*got, *want, slices.Equal) {
						t.Errorf("%+v, multiplied %v, text %d: another input of the last layer", c,
							multiply, i)
					}
					for j, x := range whole.act.x[:len(text)] {
						if !slices.Equal(x, streams[i][j]) {
							t.Fatalf("%+v, text %d: another residual stream of token %d", c, i, j)
						}
					}
				}
			}
		}
	}
}
