package core

import "github.com/spikechat/spikechat/core/simd"

// cache holds the keys or the values of all tokens: as spikes, or as they are in the float mode.
type cache struct {
	dim, context int

	codes      []int8    // [layers*kvHeads][context][headDim], from rest; keys in blocks, as simd.PlaceKey puts them
	placed     []int8    // [headDim]: a key before it is placed; nil for values, which stay where they are coded
	thresholds []float32 // [layers*kvHeads][context]
	// spikes is how many binary spikes from rest each token's value has, or all keys up to the token's [layers*kvHeads][context];
	// those that were not counted have none.
	spikes []uint32

	exact []float32 // [layers*kvHeads][context][headDim], in the float mode
}

// newCache makes room for the values of context positions, a multiple of simd.KeySpan.
func newCache(heads, dim, context int) cache {
	return cache{dim: dim, context: context, codes: make([]int8, heads*context*dim+simd.ValuesSpare),
		thresholds: make([]float32, heads*context), spikes: make([]uint32, heads*context)}
}

// newKeyCache is newCache for keys.
func newKeyCache(heads, dim, context int) cache {
	c := newCache(heads, dim, context)
	c.placed = make([]int8, dim)
	return c
}

func (c *cache) head(h int) (codes []int8, thresholds []float32, spikes []uint32) {
	at := h * c.context
	return c.codes[at*c.dim:][:c.context*c.dim+simd.ValuesSpare], c.thresholds[at:][:c.context], c.spikes[at:][:c.context]
}

// hold makes room for floats. It stays: dropped, it would be garbage that nothing hurries to collect.
func (c *cache) hold() {
	if c.exact == nil {
		c.exact = make([]float32, len(c.thresholds)*c.dim)
	}
}

func (c *cache) exactHead(h int) []float32 {
	c.hold() // a State that was never given a coding
	return c.exact[h*c.context*c.dim:][:c.context*c.dim]
}

// keep stores one key or value of a head as spikes of T = steps. With counting it counts the spikes that later tokens meet, and
// where counts is given all that the neurons did. It fails with ErrNotFinite.
func (c *cache) keep(h, position int, x []float32, steps int, counting bool, counts *Counts) error {
	codes, thresholds, spikes := c.head(h)
	k := c.placed
	if k == nil {
		k = codes[position*c.dim:][:c.dim]
	}
	threshold, rest, finite := simd.Keep(k, x, steps)
	if !finite {
		return ErrNotFinite
	}
	if c.placed != nil {
		simd.PlaceKey(codes, position, k)
	}
	thresholds[position] = threshold
	own := uint32(0)
	if counts != nil {
		own = counts.Spikes
		simd.CountKept(counts, k, rest, steps)
		own = counts.Spikes - own
	} else if counting {
		own = simd.KeptSpikes(k)
	}
	if c.placed != nil && position > 0 {
		own += spikes[position-1]
	}
	spikes[position] = own
	return nil
}
