// Package ternary codes weights as ternary spikes: the second pipeline of SpikeLLM
// (https://arxiv.org/abs/2407.04752), in which a linear layer only adds and subtracts.
//
// A weight of a group of 32 along a row is fired by a ternary generalised integrate-and-fire neuron
// in T steps, w ≈ d Σ_t s_t with s_t in {-1, 0, +1}. Merged, as activations are, the steps are one
// of 2T+1 levels, kept as a code of T more: w = d (q - T). [Fire] has the steps one by one,
// [Matrix] the codes, [BestScale] chooses d, and [Nearest] rounds a whole matrix. Package gptq
// carries the errors of rounding on to the weights that follow.
package ternary
