package ternary

import "github.com/spikechat/spikechat/core/tile"

// MaxSteps is the largest T of weights: 15 levels, which four planes hold.
const MaxSteps = tile.MaxTernarySteps

// Levels is how many values T steps have.
func Levels(steps int) int { return 2*steps + 1 }

// Fire gives the spike, -1, 0 or 1, that a neuron of potential v emits in a step, and the potential
// that is left after the soft reset: s_t = clip(v, -1, 1), v -= s_t.
func Fire(v int) (spike, left int) {
	spike = min(max(v, -1), 1)
	return spike, v - spike
}
