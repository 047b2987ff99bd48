package core

import (
	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/core/simd"
)

// kvCache holds the keys and values of all tokens. Keys are rotated, and as spikes in a Hadamard
// basis.
type kvCache struct{ keys, values cacheHalf }

// cacheHalf holds the keys, or the values: as spikes, or as they are in the float mode.
type cacheHalf struct {
	dim, context int

	// codes [layers*kvHeads][context][headDim] are from rest; keys are laid out in spans of
	// positions, as simd.PlaceKey puts them.
	codes []int8
	// placed [headDim] is a key before it is placed; nil for values, which stay where they are
	// coded.
	placed     []int8
	thresholds []float32 // [layers*kvHeads][context]
	// spikes [layers*kvHeads][context] is how many binary spikes from rest each token's value has,
	// or all keys up to the token's; those that were not counted have none.
	spikes []uint32

	exact []float32 // [layers*kvHeads][context][headDim], in the float mode
}

// newKVCache makes room for the keys and values of some heads of each layer at context positions, a
// multiple of simd.KeySpan.
func newKVCache(c *planes.Config, heads, context int) kvCache {
	heads *= c.Layers
	cache := kvCache{
		keys:   newCacheHalf(heads, c.HeadDim, context),
		values: newCacheHalf(heads, c.HeadDim, context),
	}
	cache.keys.placed = make([]int8, c.HeadDim)
	return cache
}

func newCacheHalf(heads, dim, context int) cacheHalf {
	return cacheHalf{
		dim: dim, context: context,
		codes:      make([]int8, heads*context*dim+simd.ValuesSpare),
		thresholds: make([]float32, heads*context),
		spikes:     make([]uint32, heads*context),
	}
}

// hold makes room for floats.
func (c *kvCache) hold() {
	c.keys.hold()
	c.values.hold()
}

// head gives what is kept of one key or value head.
func (c *cacheHalf) head(h int) (codes []int8, thresholds []float32, spikes []uint32) {
	at := h * c.context
	codes = c.codes[at*c.dim:][:c.context*c.dim+simd.ValuesSpare]
	return codes, c.thresholds[at:][:c.context], c.spikes[at:][:c.context]
}

// hold makes room for floats. It stays: dropped, it would be garbage that nothing hurries to
// collect.
func (c *cacheHalf) hold() {
	if c.exact == nil {
		c.exact = make([]float32, len(c.thresholds)*c.dim)
	}
}

func (c *cacheHalf) exactHead(h int) []float32 {
	c.hold() // a State that was never given a coding
	return c.exact[h*c.context*c.dim:][:c.context*c.dim]
}

// keep stores one key or value of a head as spikes of T = steps. With counting it counts the spikes
// that later tokens meet, and where counts is given all that the neurons did. It fails with
// ErrNotFinite.
func (c *cacheHalf) keep(
	h, position int, x []float32, steps int, counting bool, counts *Counts,
) error {
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
