package sample

import (
	"math"

	"github.com/spikechat/spikechat/core/internal/splitmix"
)

// Search draws the token that Sample would draw from all logits. It makes them known tile by tile,
// highest bounds first, until the rest cannot change the draw. This is the idea of HiRE (arXiv
// 2402.09360), a cheap estimate that says which rows are worth computing, with proven bounds in the
// place of estimates. It alters the values of known tiles by the repetition penalty, and does not
// allocate.
func (s *Sampler) Search(l *Logits, history []int32) int32 {
	s.mark(history)
	defer s.unmark(history)
	best := s.climb(l)
	if s.options.Temperature == 0 {
		return best
	}
	random := splitmix.Next(&s.state)
	for depth := max(0.5, 3*s.options.Temperature); ; depth *= 1.2 {
		for tile, bound := range l.Bounds {
			floor := l.Values[best] - depth // -Inf in the end, where logits are huge
			if bound >= floor && bound != minusInfinity {
				s.compute(l, tile, floor)
			}
		}
		if kept, certain := s.narrow(l, l.Values[best]); certain {
			return draw(kept, random)
		}
	}
}

// Selective reports whether a search is likely to be faster than computing all logits; the token is
// the same. A draw from all tokens needs all, and one by top-p their sum, which the bounds limit
// well enough only where a low temperature leaves all but the highest logits next to nothing.
// Beyond these limits a search was no faster on real text.
func (s *Sampler) Selective() bool {
	o := &s.options
	switch {
	case o.Temperature == 0:
		return true
	case o.TopK > 0:
		return o.TopK <= 40
	case o.TopP > 0 && o.TopP < 1:
		return o.Temperature <= 0.3
	}
	return o.MinP >= 0.01 && o.Temperature <= 1
}

// climb gives the smallest token of the largest logit, and computes the tiles that might hold it.
func (s *Sampler) climb(l *Logits) int32 {
	best, _ := s.compute(l, l.Tiles.Promising(), minusInfinity)
	for tile, bound := range l.Bounds {
		floor := l.Values[best]
		if bound < floor || bound == minusInfinity {
			continue
		}
		if id, ok := s.compute(l, tile, floor); ok && (l.Values[id] > floor ||
			l.Values[id] == floor && id < best) {
			best = id
		}
	}
	return best
}

// compute makes a tile known and gives its best token, unless it turns out that no logit of it
// reaches floor. The penalty only lowers logits, so the bounds hold for it too.
func (s *Sampler) compute(l *Logits, tile int, floor float32) (best int32, ok bool) {
	l.Tiles.Compute(tile, floor)
	if !l.known(tile) {
		return 0, false
	}
	s.penalise(l, tile)
	first, end := l.tile(tile)
	return int32(first) + largest(l.Values[first:end]), true
}

// unknown is at least what all tokens that are not known weigh together; it gives up where that is
// more than spare.
func (s *Sampler) unknown(l *Logits, best float32, spare uint64) (weight uint64, ok bool) {
	for _, bound := range l.Bounds {
		if weight += tileRows * s.weightBelow(bound, best); weight > spare {
			return 0, false
		}
	}
	return weight, true
}

// spare is what the unknown tokens may weigh, about, before a cut by top-p needs more than the
// known ones have.
func (s *Sampler) spare(known []candidate) uint64 {
	if top := s.options.TopP; top > 0 && top < 1 {
		return uint64(min(float32(totalWeight(known))*(1/top-1), 1<<62))
	}
	return math.MaxUint64
}

// weightBelow is at least the weight of every logit up to x. Exp32 is not monotonic to the last
// bit; it is off by less than 2e-7.
func (s *Sampler) weightBelow(x, best float32) uint64 {
	w := s.weight(x, best)
	if w == 0 {
		return 0
	}
	return w + w>>21 + 3
}
