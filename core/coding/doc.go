// Package coding says how the activations of one answer become spikes: plain data and its
// validation. A Coding holds the number of time steps T of the generalised integrate-and-fire
// neurons (SpikeLLM, arXiv 2407.04752) at each place, a Preset is a Coding with a name, and
// Population names the four inputs of a layer that neurons code. Package core does what a Coding
// says.
//
// Errors wrap core.ErrBadRequest.
package coding
