package main

import (
	"fmt"
	"math/bits"
	"sync"

	"github.com/spikechat/spikechat/core/coding"
	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/core/simd"
	"github.com/spikechat/spikechat/core/tile"
	"github.com/spikechat/spikechat/tools/pack/gptq"
	"github.com/spikechat/spikechat/tools/pack/ternary"
)

// ternaryTally counts the spikes of every neuron of the layers' inputs, from rest and unrolled, so
// that the operations of ternary weights can be summed: each of a weight's T spikes adds, or
// subtracts, each spike of its neuron.
type ternaryTally struct {
	steps    int // T of the neurons
	mutex    sync.Mutex
	counters []*spikeCounter // by worker
}

// spikeCounter has, by layer*Populations + population, the spikes above rest and below it of every
// neuron, summed over tokens.
type spikeCounter struct {
	above, below [][]int64
	spikes       map[int]*simd.Spikes // by number of neurons
	plans        map[int]*simd.StepPlan
}

// newCounter makes what counts the spikes of a worker: a core.Probe.Input.
func (t *ternaryTally) newCounter(
	c *planes.Config,
) func(layer int, p coding.Population, xs [][]float32) {
	counter := &spikeCounter{spikes: map[int]*simd.Spikes{}, plans: map[int]*simd.StepPlan{}}
	for i := range c.Layers * coding.Populations {
		cols := c.Neurons(coding.Population(i % coding.Populations))
		counter.above = append(counter.above, make([]int64, cols))
		counter.below = append(counter.below, make([]int64, cols))
		plan := &simd.StepPlan{Group: make([]uint8, cols/tile.GroupCols)}
		for g := range plan.Group {
			plan.Group[g] = uint8(t.steps)
		}
		counter.spikes[cols], counter.plans[cols] = simd.NewSpikes(cols), plan
	}
	t.mutex.Lock()
	t.counters = append(t.counters, counter)
	t.mutex.Unlock()
	return counter.input
}

func (c *spikeCounter) input(layer int, p coding.Population, xs [][]float32) {
	i := layer*coding.Populations + int(p)
	above, below := c.above[i], c.below[i]
	for _, x := range xs {
		spikes := c.spikes[len(x)]
		if !spikes.EncodeAs(x, c.plans[len(x)]) {
			return // the layer fails
		}
		for j, q := range spikes.Code {
			if k := int(q) - int(spikes.Rest[j/tile.GroupCols]); k > 0 {
				above[j] += binarySpikes(k)
			} else {
				below[j] += binarySpikes(-k)
			}
		}
	}
}

// binarySpikes is how many a potential fires, unrolled: each step's graded spike has those of its
// four bits.
func binarySpikes(v int) int64 {
	return int64(v/simd.StepLevels*bits.OnesCount(simd.StepLevels) +
		bits.OnesCount(uint(v%simd.StepLevels)))
}

// operations are those of ternary weights for a token, in the mean.
type operations struct {
	// WeightSpikes is Σ |s|: additions and subtractions where activations are float.
	WeightSpikes float64 `json:"weight_spikes"`
	// Adds and Subtracts are those with the binary spikes of the activations.
	Adds      float64 `json:"adds"`
	Subtracts float64 `json:"subtracts"`
}

// operations sums up, for so many tokens, what the matrices' spikes do with those of their inputs.
func (t *ternaryTally) operations(
	c *planes.Config, matrices map[string]*tile.Matrix, tokens int,
) (o operations, err error) {
	for l := range c.Layers {
		for p, names := range gptq.Linears() {
			for _, name := range names {
				m, err := ternary.FromTile(matrices[fmt.Sprintf("blk.%d.%s", l, name)])
				if err != nil {
					return o, fmt.Errorf("layer %d, %s: %w", l, name, err)
				}
				up, down := make([]int64, m.Cols), make([]int64, m.Cols)
				for i, q := range m.Codes {
					if level := int64(q) - int64(m.Steps); level > 0 {
						up[i%m.Cols] += level
					} else {
						down[i%m.Cols] -= level
					}
				}
				for j := range up {
					o.WeightSpikes += float64(up[j] + down[j])
					for _, counter := range t.counters {
						above := counter.above[l*coding.Populations+p][j]
						below := counter.below[l*coding.Populations+p][j]
						o.Adds += float64(up[j]*above + down[j]*below)
						o.Subtracts += float64(up[j]*below + down[j]*above)
					}
				}
			}
		}
	}
	o.Adds /= float64(tokens)
	o.Subtracts /= float64(tokens)
	return o, nil
}
