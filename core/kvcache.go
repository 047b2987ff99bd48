package core

import (
	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/core/simd"
)

// kvCache holds the keys and values of all tokens. Keys are rotated, and as spikes in a Hadamard
// basis.
type kvCache struct{ keys, values cacheHalf }

// cacheBlock is how many positions the memory of keys and values grows by, a multiple of
// simd.KeySpan. Blocks are never moved: what growing by copying leaves behind a browser would not
// get back.
const cacheBlock = 256

// cacheHalf holds the keys, or the values: as spikes, or as they are in the float mode.
type cacheHalf struct {
	heads, dim, context int // heads of all layers

	// codes are from rest, in blocks [layers*kvHeads][positions of the block][headDim] and
	// simd.ValuesSpare more; keys are laid out in spans of positions, as simd.PlaceKey puts them.
	// There are as many blocks as tokens have needed yet.
	codes [][]int8
	// ofHead is room for the parts of the blocks that belong to one head.
	ofHead [][]int8
	// placed [headDim] is a key before it is placed; nil for values, which stay where they are
	// coded.
	placed     []int8
	thresholds []float32 // [layers*kvHeads][context]
	// spikes [layers*kvHeads][context] is how many binary spikes from rest each token's value has,
	// or all keys up to the token's; those that were not counted have none.
	spikes []uint32

	// exact has blocks [layers*kvHeads][positions of the block][headDim], in the float mode.
	exact [][]float32
}

// newKVCache prepares for the keys and values of some heads of each layer at context positions, a
// multiple of simd.KeySpan. Room for them is made by grow.
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
	blocks := (context + cacheBlock - 1) / cacheBlock
	return cacheHalf{
		heads: heads, dim: dim, context: context,
		codes:      make([][]int8, 0, blocks),
		ofHead:     make([][]int8, blocks),
		thresholds: make([]float32, heads*context),
		spikes:     make([]uint32, heads*context),
		exact:      make([][]float32, 0, blocks),
	}
}

// grow makes room for positions, at most the context, as floats or as spikes. What is there stays,
// also for conversations that are shorter.
func (c *kvCache) grow(positions int, exact bool) {
	c.keys.grow(positions, exact)
	c.values.grow(positions, exact)
}

func (c *cacheHalf) grow(positions int, exact bool) {
	if exact {
		for len(c.exact)*cacheBlock < positions {
			c.exact = append(c.exact, make([]float32, c.heads*c.places(len(c.exact))*c.dim))
		}
		return
	}
	for len(c.codes)*cacheBlock < positions {
		c.codes = append(c.codes,
			make([]int8, c.heads*c.places(len(c.codes))*c.dim+simd.ValuesSpare))
	}
}

// places is how many positions a block has.
func (c *cacheHalf) places(block int) int { return min(cacheBlock, c.context-block*cacheBlock) }

// head gives what is kept of one key or value head: codes in blocks, the rest [context]. The blocks
// are overwritten by the next call.
func (c *cacheHalf) head(h int) (codes [][]int8, thresholds []float32, spikes []uint32) {
	return c.headFrom(h, 0)
}

// headFrom is head of the positions from one on, a multiple of simd.KeySpan.
func (c *cacheHalf) headFrom(
	h, from int,
) (codes [][]int8, thresholds []float32, spikes []uint32) {
	first := from / cacheBlock
	codes = c.ofHead[:len(c.codes)-first]
	for i := range codes {
		codes[i] = c.block(first+i, h)
	}
	codes[0] = codes[0][from%cacheBlock*c.dim:]
	at, n := h*c.context+from, c.context-from
	return codes, c.thresholds[at:][:n], c.spikes[at:][:n]
}

// spikesOfKeys is how many binary spikes the keys of a head have from one position to another, both
// included.
func (c *cacheHalf) spikesOfKeys(h, from, to int) uint32 {
	spikes := c.spikes[h*c.context:][:c.context]
	if from == 0 {
		return spikes[to]
	}
	return spikes[to] - spikes[from-1]
}

// block gives the codes of one head in a block.
func (c *cacheHalf) block(block, h int) []int8 {
	n := c.places(block) * c.dim
	return c.codes[block][h*n:][:n+simd.ValuesSpare]
}

// exactBlock gives the floats of one head in a block.
func (c *cacheHalf) exactBlock(block, h int) []float32 {
	n := c.places(block) * c.dim
	return c.exact[block][h*n:][:n]
}

// keep stores one key or value of a head as spikes of T = steps. With counting it counts the spikes
// that later tokens meet, and where counts is given all that the neurons did. It fails with
// ErrNotFinite.
func (c *cacheHalf) keep(
	h, position int, x []float32, steps int, counting bool, counts *Counts,
) error {
	codes, place := c.block(position/cacheBlock, h), position%cacheBlock
	k := c.placed
	if k == nil {
		k = codes[place*c.dim:][:c.dim]
	}
	threshold, rest, finite := simd.Keep(k, x, steps)
	if !finite {
		return ErrNotFinite
	}
	if c.placed != nil {
		simd.PlaceKey(codes, place, k)
	}
	at := h*c.context + position
	c.thresholds[at] = threshold
	own := uint32(0)
	if counts != nil {
		own = counts.Spikes
		simd.CountKept(counts, k, rest, steps)
		own = counts.Spikes - own
	} else if counting {
		own = simd.KeptSpikes(k)
	}
	if c.placed != nil && position > 0 {
		own += c.spikes[at-1]
	}
	c.spikes[at] = own
	return nil
}
