package sample

import (
	"fmt"
	"math"
	"math/bits"

	"github.com/spikechat/spikechat/core/internal/request"
	"github.com/spikechat/spikechat/core/internal/splitmix"
)

// Sampler draws tokens from logits. Probabilities are integers: e^(x-max) in units of 2^-40. Their
// sums are exact, so the result cannot depend on the order of summation, and nothing has to be
// sorted.
type Sampler struct {
	options    Options
	state      uint64          // of the generator
	candidates []candidate     // room for the whole vocabulary
	seen       []uint64        // one bit a token, all zero between calls
	sums       [cutBins]uint64 // weight by a part of the key
}

// candidate is a token that may be drawn. Candidates are ordered by ascending id.
type candidate struct {
	weight uint64 // probability, not normalised; 1<<weightBits for the likeliest token
	key    uint32 // logit, as an integer of the same order
	id     int32
}

const (
	weightBits = 40
	// Below e^-28 a weight is less than one unit.
	minExponent = -28

	// maxVocab is what a sampler can be for: so many weights add up to 2^60 at most.
	maxVocab = 1 << 20
)

// NewSampler makes a sampler for logits of the given number of tokens. It gives core.ErrBadRequest
// when o.Validate does, or when the vocabulary is empty or larger than 2^20.
func NewSampler(vocab int, o Options) (*Sampler, error) {
	if vocab < 1 || vocab > maxVocab {
		return nil, fmt.Errorf("%w: vocabulary of %d tokens, want 1 to %d",
			request.ErrBad, vocab, maxVocab)
	}
	s := &Sampler{candidates: make([]candidate, vocab), seen: make([]uint64, (vocab+63)/64)}
	if err := s.Reset(o); err != nil {
		return nil, err
	}
	return s, nil
}

// Reset sets other options and starts the generator anew from its seed. After an error the sampler
// is as it was.
func (s *Sampler) Reset(o Options) error {
	if err := o.Validate(); err != nil {
		return err
	}
	s.options, s.state = o, o.Seed
	return nil
}

// Sample draws the next token. logits has one entry for each of the first tokens, at most the
// vocabulary, neither NaN nor +Inf, and is altered by the repetition penalty. history holds the ids
// so far, which are of these too. Of equally large logits the smaller id comes first. It does not
// allocate.
func (s *Sampler) Sample(logits []float32, history []int32) int32 {
	if len(logits) == 0 || len(logits) > len(s.candidates) {
		panic(fmt.Sprintf("sample: Sampler.Sample: %d logits for a vocabulary of %d",
			len(logits), len(s.candidates)))
	}
	l := Logits{Values: logits}
	s.mark(history)
	for tile := range l.tiles() {
		s.penalise(&l, tile)
	}
	s.unmark(history)
	best := largest(logits)
	if s.options.Temperature == 0 {
		return best
	}
	random := splitmix.Next(&s.state)
	if math.IsInf(float64(logits[best]), -1) {
		return best // no token is possible, so none is likelier than the first
	}
	kept, _ := s.narrow(&l, logits[best])
	return draw(kept, random)
}

// penalised gives the part of the history that the repetition penalty is for.
func (s *Sampler) penalised(history []int32) []int32 {
	if p := s.options.RepetitionPenalty; p == 0 || p == 1 {
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
func (s *Sampler) penalise(l *Logits, tile int) {
	first, _ := l.tile(tile)
	for marks := uint16(s.seen[first>>6] >> (first & 63)); marks != 0; marks &= marks - 1 {
		x := &l.Values[first+bits.TrailingZeros16(marks)]
		if *x > 0 {
			*x /= s.options.RepetitionPenalty
		} else {
			*x *= s.options.RepetitionPenalty
		}
	}
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
	panic("sample: no candidate") // left is below the sum of the weights
}

func totalWeight(candidates []candidate) uint64 {
	var sum uint64
	for _, c := range candidates {
		sum += c.weight
	}
	return sum
}
