package main

import (
	"fmt"

	"github.com/spikechat/spikechat/tools/internal/quantised"
	"github.com/spikechat/spikechat/tools/pack/gptq"
)

// weightRow is one line of the table of weights.
type weightRow struct {
	Section, Name string
	way           *quantised.Way // nil: the weights of the model
	ternary       bool
}

// Sections of the table of weights.
const (
	exactWeights = "the model's weights"
	uniform      = "one T for all weights"
	unequal      = "T=2 for a share of each matrix's groups more"
	binarised    = "binarised, but for what is salient"
)

// weightRows lists the rows in the order of the table.
func weightRows() []weightRow {
	rows := []weightRow{{Section: exactWeights, Name: "4 bits, as published"}}
	add := func(section, name string, r gptq.Recipe) {
		rows = append(rows, weightRow{section, name, &quantised.Way{Name: r.String(), Bits: r.Bits(),
			Method: r.Method(), Calibrated: !r.Nearest}, true})
	}
	for _, steps := range []int{7, 4, 3, 2, 1} {
		add(uniform, fmt.Sprintf("T=%d, GPTQ", steps), gptq.Recipe{Steps: steps})
		add(uniform, fmt.Sprintf("T=%d, GPTQ, largest activations first", steps),
			gptq.Recipe{Steps: steps, Ordered: true})
		add(uniform, fmt.Sprintf("T=%d, nearest, scales by least squares", steps),
			gptq.Recipe{Steps: steps, Nearest: true})
	}
	for _, more := range []struct {
		steps int
		share float64
	}{{3, 0.20}, {7, 0.05}} {
		for by := gptq.BySaliency; by <= gptq.AtRandom; by++ {
			r := gptq.Recipe{Steps: 2, More: more.steps, Share: more.share, By: by}
			words := map[gptq.Measure]string{gptq.BySaliency: "by saliency",
				gptq.ByWeight: "by largest weight", gptq.ByActivation: "by largest activation",
				gptq.AtRandom: "at random"}[by]
			if by == gptq.AtRandom {
				r.Seed = controlSeeds[0]
			}
			add(unequal, fmt.Sprintf("%.0f %% T=%d %s", 100*more.share, more.steps, words), r)
		}
	}
	for _, way := range []quantised.Way{pbLLM(), biLLM()} {
		rows = append(rows, weightRow{Section: binarised, Name: way.Name, way: &way})
	}
	return rows
}
