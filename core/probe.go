package core

import (
	"slices"

	"github.com/spikechat/spikechat/core/coding"
	"github.com/spikechat/spikechat/core/simd"
)

// Probe watches what a State computes in the layers of a pass. Each function may be nil. What the
// functions are given is overwritten by the next layer.
type Probe struct {
	// Input sees the input of a population before it is coded, and may change it: xs is
	// [tokens][planes.Config.Neurons].
	Input func(layer int, p coding.Population, xs [][]float32)
	// Attention sees what the heads work on: q and attended are [tokens][heads*headDim], k and v
	// [tokens][kvHeads*headDim]. Queries and keys are rotated, and where keys are kept as spikes
	// they are in a Hadamard basis.
	Attention func(layer int, q, k, v, attended [][]float32)
	// Output sees a population's input after the products with all matrices that share it.
	Output func(layer int, p coding.Population, xs [][]float32, products []Product)
}

// Product is one matrix of those that share an input, and where its products go.
type Product struct {
	W *simd.Weights
	Y [][]float32 // [tokens at least][rows of W]
}

func (p *Probe) input(layer int, population coding.Population, xs [][]float32) {
	if p != nil && p.Input != nil {
		p.Input(layer, population, xs)
	}
}

func (p *Probe) attention(layer, n int, a *activations) {
	if p != nil && p.Attention != nil {
		p.Attention(layer, a.q[:n], a.k[:n], a.v[:n], a.attended.all[:n])
	}
}

func (p *Probe) output(
	layer int, population coding.Population, xs [][]float32, products []Product,
) {
	if p != nil && p.Output != nil {
		// A copy, so that the list itself need not move to the heap.
		p.Output(layer, population, xs, slices.Clone(products))
	}
}
