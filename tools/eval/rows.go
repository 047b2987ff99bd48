package main

import (
	"fmt"

	"github.com/spikechat/spikechat/core/coding"
)

// row is one line of the quality table: a way to code activations.
type row struct {
	Section  string
	Name     string
	coding   coding.Coding
	simulate simulation
}

// id names a row for good: results are kept by it.
func (r *row) id() string { return r.Section + ": " + r.Name }

// Sections of the table.
const (
	plain       = "one T for all"
	tokenRange  = "one range per token"
	groups42    = "groups of 32: T=4 for a share, T=2 for the rest"
	groups41    = "groups of 32: T=4 for a share, T=1 for the rest"
	groups21    = "groups of 32: T=2 for a share, T=1 for the rest"
	populations = "by population"
	outputInput = "output's input"
	keysValues  = "keys and values"
	everywhere  = "layers, output, keys and values"
	presets     = "presets"
)

// controlSeeds are those of the random controls.
var controlSeeds = []uint64{1, 2, 3}

// byMeasures calls add for saliency and both controls, for the random one with each seed, with the
// words of a row's name.
func byMeasures(seeds []uint64, add func(by coding.Measure, seed uint64, words string)) {
	add(coding.BySaliency, 0, "by saliency")
	add(coding.ByAbsolute, 0, "by largest value")
	for _, seed := range seeds {
		add(coding.AtRandom, seed, fmt.Sprintf("at random, seed %d", seed))
	}
}

// tableRows lists the rows in the order of the table.
func tableRows() []row {
	var rows []row
	add := func(section, name string, c coding.Coding) {
		rows = append(rows, row{Section: section, Name: name, coding: c})
	}
	rotated := func(section, name string, s simulation) {
		rows = append(rows, row{Section: section, Name: name, simulate: s})
	}
	// chosen adds a choice by every measure.
	chosen := func(section string, steps int, s coding.Selection, oneRange bool, seeds []uint64) {
		name := fmt.Sprintf("%.0f %% ", 100*s.Share)
		if s.EachInput {
			name += "of each input "
		}
		byMeasures(seeds, func(by coding.Measure, seed uint64, words string) {
			s.By, s.Seed = by, seed
			add(section, name+words, coding.Coding{Steps: steps, Select: s, OneRange: oneRange})
		})
	}

	add(plain, "float", coding.Coding{})
	for steps := 1; steps <= 4; steps++ {
		add(plain, fmt.Sprintf("T=%d", steps), coding.Coding{Steps: steps})
	}
	for _, steps := range []int{1, 2} {
		rotated(plain, fmt.Sprintf("T=%d, Hadamard (simulated)", steps), simulation{steps: steps})
	}

	for _, p := range coding.Presets() {
		add(presets, p.Name, p.Coding)
	}
	for _, steps := range []int{1, 2, 4} {
		add(outputInput, fmt.Sprintf("output T=%d, layers T=4", steps),
			coding.Coding{Steps: 4, OutputSteps: steps})
	}
	add(outputInput, "output T=4 and its second stage, layers T=4",
		coding.Coding{Steps: 4, OutputSteps: 4, OutputResidual: true})
	for _, steps := range []int{1, 2, 4} {
		add(keysValues, fmt.Sprintf("keys and values T=%d, layers T=4", steps),
			coding.Coding{Steps: 4, CacheSteps: steps})
	}
	for _, low := range []int{2, 1} {
		byMeasures(controlSeeds[:1], func(by coding.Measure, seed uint64, words string) {
			add(keysValues,
				fmt.Sprintf("50 %% of the heads T=4 %s, the rest T=%d, layers T=4", words, low),
				coding.Coding{Steps: 4, CacheSteps: 4,
					CacheSelect: coding.HeadSelection{By: by, Share: 0.50, Low: low, Seed: seed}})
		})
	}
	for _, steps := range []int{1, 2, 3} {
		cache := steps
		if cache == 3 {
			cache = 4
		}
		add(everywhere,
			fmt.Sprintf("T=%d, keys and values T=%d, output T=4 and its second stage", steps,
				cache),
			coding.Coding{Steps: steps, CacheSteps: cache, OutputSteps: 4, OutputResidual: true})
	}
	for p := range coding.Population(coding.Populations) {
		for steps := uint8(1); steps < 3; steps++ {
			c := coding.Coding{Steps: 4}
			c.Population[p] = steps
			add(populations, fmt.Sprintf("%v T=%d, the others T=4", p, steps), c)
		}
	}
	add(populations, "attn_out T=2, down T=3, the others T=4",
		coding.Coding{Steps: 4,
			Population: [coding.Populations]uint8{coding.AttnOut: 2, coding.Down: 3}})

	for _, steps := range []int{1, 2, 4} {
		add(tokenRange, fmt.Sprintf("T=%d", steps), coding.Coding{Steps: steps, OneRange: true})
	}
	for _, steps := range []int{1, 2} {
		rotated(tokenRange, fmt.Sprintf("T=%d, Hadamard (simulated)", steps),
			simulation{steps: steps, oneRange: true})
	}
	chosen(tokenRange+": T=2 for a share, T=1 for the rest", 2,
		coding.Selection{Share: 0.10, Low: 1, Neurons: true}, true, controlSeeds[:2])
	chosen(tokenRange+": T=4 for a share, T=1 for the rest", 4,
		coding.Selection{Share: 0.05, Low: 1, Neurons: true}, true, controlSeeds[:2])

	for _, share := range []float32{0.10, 0.25, 0.50, 0.75} {
		seeds := controlSeeds[:1]
		if share == 0.50 {
			seeds = controlSeeds
		}
		chosen(groups42, 4, coding.Selection{Share: share, Low: 2}, false, seeds)
	}
	chosen(groups42, 4, coding.Selection{Share: 0.50, Low: 2, EachInput: true}, false,
		controlSeeds[:1])
	chosen(groups41, 4, coding.Selection{Share: 0.50, Low: 1}, false, controlSeeds[:1])
	chosen(groups21, 2, coding.Selection{Share: 0.25, Low: 1}, false, controlSeeds[:1])
	return rows
}
