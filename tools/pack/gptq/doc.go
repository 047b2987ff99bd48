// Package gptq quantises the linear layers of a model one column after the other, so that what
// rounding a weight does to the layer's output is taken off the weights of the row that are still
// to be rounded (Frantar et al., GPTQ, https://arxiv.org/abs/2210.17323).
//
// [Hessian] sums up what a layer's input was like in a text, [Factor] inverts that, [Quantise]
// walks a matrix, and [Model] a model, layer by layer, each calibrated with what the layers before
// it give after they were quantised. How a weight is rounded is up to a [Coder].
package gptq
