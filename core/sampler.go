package core

import (
	"fmt"
	"math"
	"math/bits"

	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/core/tile"
)

// Sampler draws tokens from logits. Probabilities are integers: e^(x-max) in units of
// 2^-40. Their sums are exact, so the result cannot depend on the order of
// summation, and nothing has to be sorted.
type Sampler struct {
	sampling   Sampling
	state      uint64          // of the generator
	candidates []candidate     // room for the whole vocabulary
	seen       []uint64        // one bit a token, all zero between calls
	sums       [cutBins]uint64 // weight by a part of the key
	room       [tile.Rows]float32
}

// candidate is a token that may be drawn. Candidates stand by ascending id.
type candidate struct {
	weight uint64 // probability, not normalised; 1<<weightBits for the likeliest token
	key    uint32 // logit, as an integer of the same order
	id     int32
}

const (
	weightBits = 40
	// Below e^-28 a weight is less than one unit.
	minExponent = -28
)

// NewSampler makes a sampler for logits of the given number of tokens. It
// gives ErrBadRequest when s.Validate does, or when the vocabulary is
// empty or larger than planes.MaxTokens.
func NewSampler(vocab int, s Sampling) (*Sampler, error) {
	if vocab < 1 || vocab > planes.MaxTokens {
		return nil, fmt.Errorf("%w: vocabulary of %d tokens, want 1 to %d", ErrBadRequest, vocab, planes.MaxTokens)
	}
	sampler := &Sampler{candidates: make([]candidate, vocab), seen: make([]uint64, (vocab+63)/64)}
	if err := sampler.Reset(s); err != nil {
		return nil, err
	}
	return sampler, nil
}

// Reset sets other sampling and starts the generator anew from its seed. After
// an error the sampler is as it was.
func (s *Sampler) Reset(sampling Sampling) error {
	if err := sampling.Validate(); err != nil {
		return err
	}
	s.sampling, s.state = sampling, sampling.Seed
	return nil
}

// Sample draws the next token. logits has one entry a token, neither NaN nor
// +Inf, and is altered by the repetition penalty. history holds the ids so
// far. Equally large logits go by smaller id. It does not allocate.
func (s *Sampler) Sample(logits []float32, history []int32) int32 {
	if len(logits) != len(s.candidates) {
		panic(fmt.Sprintf("core: Sampler.Sample: %d logits for a vocabulary of %d", len(logits), len(s.candidates)))
	}
	p := scores{logits: logits}
	s.mark(history)
	for tile := range p.tiles() {
		s.penalise(&p, tile)
	}
	s.unmark(history)
	best := largest(logits)
	if s.sampling.Temperature == 0 {
		return best
	}
	random := splitMix64(&s.state)
	if math.IsInf(float64(logits[best]), -1) {
		return best // no token is possible, so none is likelier than the first
	}
	kept, _ := s.narrow(&p, logits[best])
	return draw(kept, random)
}

// penalised gives the part of the history that the repetition penalty is for.
func (s *Sampler) penalised(history []int32) []int32 {
	if p := s.sampling.RepetitionPenalty; p == 0 || p == 1 {
		return nil
	}
	return history
}

// mark sets the bits of the tokens to penalise, unmark clears them.
func (s *Sampler) mark(history []int32) {
	for _, id := range s.penalised(history) {
		s.seen[id>>6] |= 1 << (id & 63)
	}
}

func (s *Sampler) unmark(history []int32) {
	for _, id := range s.penalised(history) {
		s.seen[id>>6] = 0
	}
}

// penalise applies the repetition penalty to the marked tokens of a tile.
func (s *Sampler) penalise(p *scores, tile int) {
	first, _ := p.tile(tile)
	for marks := uint16(s.seen[first>>6] >> (first & 63)); marks != 0; marks &= marks - 1 {
		x := &p.logits[first+bits.TrailingZeros16(marks)]
		if *x > 0 {
			*x /= s.sampling.RepetitionPenalty
		} else {
			*x *= s.sampling.RepetitionPenalty
		}
	}
}

// largest gives the smallest id of the largest logit.
func largest(logits []float32) int32 {
	best, at := logits[0], 0
	for i, x := range logits {
		if x > best {
			best, at = x, i
		}
	}
	return int32(at)
}

// splitMix64 is the generator of Steele, Lea and Flood (2014): any state to start from is a good one.
func splitMix64(state *uint64) uint64 {
	*state += 0x9E3779B97F4A7C15
	z := *state
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	return z ^ z>>31
}

// draw picks a candidate with a chance in proportion to its weight.
func draw(candidates []candidate, random uint64) int32 {
	left, _ := bits.Mul64(random, totalWeight(candidates))
	for _, c := range candidates {
		if left < c.weight {
			return c.id
		}
		left -= c.weight
	}
	panic("core: Sampler.Sample: no candidate") // left is below the sum of the weights
}

func totalWeight(candidates []candidate) uint64 {
	var sum uint64
	for _, c := range candidates {
		sum += c.weight
	}
	return sum
}
