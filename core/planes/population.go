package planes

import "github.com/spikechat/spikechat/core/coding"

// Neurons is the number of neurons of a population in each layer: the width of its input.
func (c *Config) Neurons(p coding.Population) int {
	return [coding.Populations]int{c.Hidden, c.Heads * c.HeadDim, c.Hidden, c.Intermediate}[p]
}

// FanOut is the number of synapses of each neuron of a population: the rows of all matrices that
// share the input.
func (c *Config) FanOut(p coding.Population) int {
	heads := (c.Heads + 2*c.KVHeads) * c.HeadDim
	return [coding.Populations]int{heads, c.Hidden, 2 * c.Intermediate, c.Hidden}[p]
}
