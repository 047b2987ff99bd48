package sample

import (
	"math"
	"math/bits"

	"github.com/spikechat/spikechat/core/simd"
)

// narrow gives the tokens that may be drawn, by ascending id, after temperature, top-k, top-p and
// min-p. best is the largest logit, and finite. certain is false, and the result useless, where
// logits that are not known could change it.
func (s *Sampler) narrow(l *Logits, best float32) (kept []candidate, certain bool) {
	highest, unknown := l.highest(), uint64(0)
	if k := s.options.TopK; k > 0 && k < len(l.Values) {
		kept = s.cut(s.possible(l), uint64(k))
		if highest > minusInfinity && !(len(kept) == k && above(kept, highest)) {
			return nil, false
		}
		kept = s.weigh(kept, l.Values, best)
	} else {
		kept = s.weighAll(l, best)
		if unknown, certain = s.unknown(l, best, s.spare(kept)); !certain {
			return nil, false
		}
	}
	if top := s.options.TopP; top > 0 && top < 1 {
		total := totalWeight(kept)
		least, most := share(total, top), share(total+unknown, top)
		if total < most {
			return nil, false
		}
		kept = s.cut(kept, most)
		if unknown > 0 {
			n := len(kept)
			if kept = s.cut(kept, least); len(kept) < n || !above(kept, highest) {
				return nil, false
			}
		}
		unknown = 0
	}
	if s.options.MinP > 0 {
		least := uint64(s.options.MinP * (1 << weightBits))
		kept = atLeast(kept, least)
		if s.weightBelow(highest, best) < least {
			unknown = 0
		}
	}
	return kept, unknown == 0
}

// above reports whether all candidates have larger logits than x.
func above(candidates []candidate, x float32) bool {
	key := orderedKey(x)
	for _, c := range candidates {
		if c.key <= key {
			return false
		}
	}
	return true
}

// possible gives every known token that is not at -Inf, all of weight 1.
func (s *Sampler) possible(l *Logits) []candidate {
	n := 0
	for tile := range l.tiles() {
		if !l.known(tile) {
			continue
		}
		for id, end := l.tile(tile); id < end; id++ {
			if x := l.Values[id]; x >= -math.MaxFloat32 {
				s.candidates[n] = candidate{1, orderedKey(x), int32(id)}
				n++
			}
		}
	}
	return s.candidates[:n]
}

// weigh sets the weights of candidates and drops those of weight 0.
func (s *Sampler) weigh(candidates []candidate, logits []float32, best float32) []candidate {
	n := 0
	for _, c := range candidates {
		if c.weight = s.weight(logits[c.id], best); c.weight > 0 {
			candidates[n] = c
			n++
		}
	}
	return candidates[:n]
}

// weighAll is possible and weigh in one pass.
func (s *Sampler) weighAll(l *Logits, best float32) []candidate {
	n := 0
	for tile := range l.tiles() {
		if !l.known(tile) {
			continue
		}
		for id, end := l.tile(tile); id < end; id++ {
			x := l.Values[id]
			if w := s.weight(x, best); w > 0 {
				s.candidates[n] = candidate{w, orderedKey(x), int32(id)}
				n++
			}
		}
	}
	return s.candidates[:n]
}

// weight is e^((x-best)/temperature) in units of 2^-40, rounded down.
func (s *Sampler) weight(x, best float32) uint64 {
	return weightOf((x - best) / s.options.Temperature)
}

// weightOf is e^x for x up to 0 in units of 2^-40, rounded down.
func weightOf(x float32) uint64 {
	if x < minExponent {
		return 0
	}
	return uint64(simd.Exp32(x) * (1 << weightBits))
}

// orderedKey maps floats to integers of the same order, with both zeros alike.
func orderedKey(x float32) uint32 {
	b := math.Float32bits(x)
	switch {
	case b == 1<<31:
		return 1 << 31
	case b>>31 != 0:
		return ^b
	}
	return b | 1<<31
}

// share is the part p of total, rounded up and at least 1. p is below 1, so its product with 2^32
// fits 32 bits.
func share(total uint64, p float32) uint64 {
	high, low := bits.Mul64(total, uint64(p*(1<<32)))
	part := high<<32 | low>>32
	if low<<32 != 0 {
		part++
	}
	return max(part, 1)
}

// atLeast drops candidates below a weight.
func atLeast(candidates []candidate, weight uint64) []candidate {
	n := 0
	for _, c := range candidates {
		if c.weight >= weight {
			candidates[n] = c
			n++
		}
	}
	return candidates[:n]
}

// cut looks at 11, 11 and 10 bits of the key, from the top.
const cutBins = 1 << 11

// cut keeps the fewest candidates, by descending key and then ascending id,
// that together weigh at least want, or all when they weigh less. It is a
// radix selection: the sums by the key's top bits tell in which bin the border lies, and the next
// bits part that bin. So the time does not depend on the logits.
func (s *Sampler) cut(candidates []candidate, want uint64) []candidate {
	if totalWeight(candidates) <= want {
		return candidates
	}
	var border, known uint32 // bits of the border's key, and which of them are known
	parts := [...]struct{ shift, bins uint32 }{{21, 1 << 11}, {10, 1 << 11}, {0, 1 << 10}}
	for _, part := range parts {
		sums := s.sums[:part.bins]
		clear(sums)
		for _, c := range candidates {
			if (c.key^border)&known == 0 {
				sums[c.key>>part.shift&(part.bins-1)] += c.weight
			}
		}
		bin := part.bins - 1
		for sums[bin] < want {
			want -= sums[bin]
			bin--
		}
		border |= bin << part.shift
		known |= (part.bins - 1) << part.shift
	}
	// Now want is what the candidates at the border itself must give.
	n, given := 0, uint64(0)
	for _, c := range candidates {
		if c.key < border || c.key == border && given >= want {
			continue
		}
		if c.key == border {
			given += c.weight
		}
		candidates[n] = c
		n++
	}
	return candidates[:n]
}
