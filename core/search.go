package core

import (
	"math"

	"github.com/spikechat/spikechat/core/simd"
	"github.com/spikechat/spikechat/core/tile"
)

// scores are the logits of one position as far as they are known: tile by tile of 16 tokens.
//
// With a residual a logit is the sum of two products, y + y', rounded once. No y' of a tile is above its reach, and rounding
// keeps order: so where no y is above some bound, no logit is above the rounded sum of bound and reach. A tile becomes known
// in two steps then. Once its y are computed, the largest of them is the bound, and most tiles need no more.
type scores struct {
	logits   []float32 // [vocab]
	ceilings []float32 // [tiles]: no logit of the tile is above it; -Inf: the logits are known; nil: all are
	reach    []float32 // [tiles at least]: -Inf: the tile's y stand in logits; nil: there is no residual
	head     *simd.Weights
	spikes   *simd.Spikes
	residual *simd.Spikes
}

var minusInfinity = float32(math.Inf(-1))

// tile gives the first token of a tile and the first behind it.
func (p *scores) tile(i int) (first, end int) {
	return i * tile.Rows, min((i+1)*tile.Rows, len(p.logits))
}

func (p *scores) tiles() int { return (len(p.logits) + tile.Rows - 1) / tile.Rows }

func (p *scores) known(tile int) bool { return p.ceilings == nil || p.ceilings[tile] == minusInfinity }

// bytes is what of the head's weights was read to know what is known.
func (p *scores) bytes() int {
	products := 0
	for tile := range p.ceilings {
		if p.known(tile) {
			products++
		}
		if p.reach != nil && p.reach[tile] == minusInfinity {
			products++
		}
	}
	return p.head.UpperBoundBytes() + products*p.head.TileBytes()
}

// promising gives the tile whose first product has the highest ceiling. The reach, which is much the same for most tiles and
// seldom reached, says little about where the largest logit is.
func (p *scores) promising() int {
	best, highest := 0, minusInfinity
	for tile, ceiling := range p.ceilings {
		if p.reach != nil {
			ceiling -= p.reach[tile]
		}
		if ceiling > highest {
			best, highest = tile, ceiling
		}
	}
	return best
}

// multiply computes what a tile's logits are made of until its ceiling is below floor or its logits are known.
func (p *scores) multiply(tile int, floor float32, room *[tile.Rows]float32) {
	first, end := p.tile(tile)
	logits := p.logits[first:end]
	if p.reach == nil {
		simd.LookupTile(logits, p.head, p.spikes, tile)
		p.ceilings[tile] = minusInfinity
		return
	}
	if p.reach[tile] != minusInfinity {
		simd.LookupTile(logits, p.head, p.spikes, tile)
		p.ceilings[tile] = min(p.ceilings[tile], logits[largest(logits)]+p.reach[tile])
		p.reach[tile] = minusInfinity
		if p.ceilings[tile] < floor {
			return
		}
	}
	left := room[:len(logits)]
	simd.LookupTile(left, p.head, p.residual, tile)
	addTo(logits, left)
	p.ceilings[tile] = minusInfinity
}

// search draws the token that Sample would draw from all logits. It computes them tile by tile, highest ceilings first,
// until the rest cannot change the draw. This is the idea of HiRE (arXiv 2402.09360), a cheap estimate that says which
// rows are worth computing, with proven bounds in the place of estimates.
func (s *Sampler) search(p *scores, history []int32) int32 {
	s.mark(history)
	defer s.unmark(history)
	best := s.climb(p)
	if s.sampling.Temperature == 0 {
		return best
	}
	random := splitMix64(&s.state)
	for depth := max(0.5, 3*s.sampling.Temperature); ; depth *= 1.2 {
		for tile, ceiling := range p.ceilings {
			if floor := p.logits[best] - depth; ceiling >= floor {
				s.compute(p, tile, floor)
			}
		}
		if kept, certain := s.narrow(p, p.logits[best]); certain {
			return draw(kept, random)
		}
	}
}

// selective reports whether a search is likely to be faster than computing all logits; the token is the same. A draw from
// all tokens needs all, and one by top-p their sum, which the ceilings bound well enough only where a low temperature
// leaves all but the highest logits next to nothing. Beyond these limits a search was no faster on real text.
func (s *Sampler) selective() bool {
	c := &s.sampling
	switch {
	case c.Temperature == 0:
		return true
	case c.TopK > 0:
		return c.TopK <= 40
	case c.TopP > 0 && c.TopP < 1:
		return c.Temperature <= 0.3
	}
	return c.MinP >= 0.01 && c.Temperature <= 1
}

// climb gives the smallest token of the largest logit, and computes the tiles that might hold it.
func (s *Sampler) climb(p *scores) int32 {
	best, _ := s.compute(p, p.promising(), minusInfinity)
	for tile, ceiling := range p.ceilings {
		if floor := p.logits[best]; ceiling >= floor && ceiling > minusInfinity {
			if id, ok := s.compute(p, tile, floor); ok && (p.logits[id] > floor || p.logits[id] == floor && id < best) {
				best = id
			}
		}
	}
	return best
}

// compute makes a tile known and gives its best token, unless it finds that no logit of it reaches floor. The penalty only
// lowers logits, so the ceilings hold for it too.
func (s *Sampler) compute(p *scores, tile int, floor float32) (best int32, ok bool) {
	p.multiply(tile, floor, &s.room)
	if !p.known(tile) {
		return 0, false
	}
	s.penalise(p, tile)
	first, end := p.tile(tile)
	return int32(first) + largest(p.logits[first:end]), true
}

// highest gives a value that no logit is above that is not known.
func (p *scores) highest() float32 {
	highest := minusInfinity
	for _, ceiling := range p.ceilings {
		if ceiling > highest {
			highest = ceiling
		}
	}
	return highest
}

// unknown is at least what all tokens that are not known weigh together; it gives up where that is more than spare.
func (s *Sampler) unknown(p *scores, best float32, spare uint64) (weight uint64, ok bool) {
	for _, ceiling := range p.ceilings {
		if weight += tile.Rows * s.weightBelow(ceiling, best); weight > spare {
			return 0, false
		}
	}
	return weight, true
}

// spare is what the unknown tokens may weigh, about, before a cut by top-p needs more than the known ones have.
func (s *Sampler) spare(known []candidate) uint64 {
	if top := s.sampling.TopP; top > 0 && top < 1 {
		return uint64(min(float32(totalWeight(known))*(1/top-1), 1<<62))
	}
	return math.MaxUint64
}

// weightBelow is at least the weight of every logit up to x. Exp32 is not monotonic to the last bit; it is off by less
// than 2e-7.
func (s *Sampler) weightBelow(x, best float32) uint64 {
	w := s.weight(x, best)
	if w == 0 {
		return 0
	}
	return w + w>>21 + 3
}
