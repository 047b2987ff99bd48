package main

import (
	"math"

	"github.com/spikechat/spikechat/core"
	"github.com/spikechat/spikechat/core/coding"
	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/core/simd"
	"github.com/spikechat/spikechat/core/tile"
)

// simulation codes activations in a rotated basis: each 32 of them are turned by a Hadamard matrix,
// coded, and turned back, and the products then run in float. It shows what such a rotation could
// gain; the engine has none. The zero value simulates nothing.
type simulation struct {
	steps    int
	oneRange bool
}

// simulator is the memory of a simulation.
type simulator struct {
	spikes map[int]*simd.Spikes // by number of neurons
	steps  map[int]*simd.StepPlan
	counts []core.Counts // [layers*Populations]
}

func newSimulator(c *planes.Config, s simulation) *simulator {
	sim := &simulator{spikes: map[int]*simd.Spikes{}, steps: map[int]*simd.StepPlan{},
		counts: make([]core.Counts, c.Layers*coding.Populations)}
	for p := range coding.Population(coding.Populations) {
		cols := c.Neurons(p)
		steps := &simd.StepPlan{Group: make([]uint8, cols/tile.GroupCols), OneRange: s.oneRange}
		for g := range steps.Group {
			steps.Group[g] = uint8(s.steps)
		}
		sim.spikes[cols], sim.steps[cols] = simd.NewSpikes(cols), steps
	}
	return sim
}

// input replaces the input of a population by what its spikes stand for. It is a core.Probe.Input.
func (s *simulator) input(layer int, p coding.Population, xs [][]float32) {
	for _, x := range xs {
		spikes := s.spikes[len(x)]
		hadamard(x)
		if !spikes.EncodeAs(x, s.steps[len(x)]) {
			x[0] = float32(math.NaN()) // the logits will tell
			return
		}
		spikes.Count(&s.counts[layer*coding.Populations+int(p)])
		for j, q := range spikes.Code {
			g := j / tile.GroupCols
			x[j] = spikes.Threshold[g] * float32(int(q)-int(spikes.Rest[g]))
		}
		hadamard(x)
	}
}

// take gives the spikes counted since it was called last.
func (s *simulator) take() []core.Counts {
	counts := append([]core.Counts(nil), s.counts...)
	clear(s.counts)
	return counts
}

// hadamard turns each 32 values by the orthonormal Hadamard matrix, which is its own inverse.
func hadamard(x []float32) {
	for ; len(x) > 0; x = x[tile.GroupCols:] {
		for step := 1; step < tile.GroupCols; step *= 2 {
			for i := range tile.GroupCols {
				if i&step == 0 {
					x[i], x[i+step] = x[i]+x[i+step], x[i]-x[i+step]
				}
			}
		}
		for i := range tile.GroupCols {
			x[i] *= 1 / math.Sqrt2 / 4
		}
	}
}
