package core

import (
	"fmt"
	"unicode/utf8"

	"github.com/spikechat/spikechat/core/sample"
)

// TokenLogprob tells how likely a sampled token was: by the log softmax of the logits, at
// temperature 1 and before top-p and whatever else the sampler does.
type TokenLogprob struct {
	sample.Logprob
	Top []sample.Logprob // the likeliest tokens of its place, the likeliest first
}

// logprobs are those of one answer. A token's text may be held back, for the rest of a character or
// of a stop string, and its logprob waits with it. All memory is there from the beginning.
type logprobs struct {
	logits []float32 // [vocab]: a copy, which the sampler may alter
	place  TokenLogprob
	tops   []sample.Logprob // room of place.Top, for each token that waits and one more

	waiting  []waitingLogprob // a ring: from first on, count of them
	first    int
	count    int
	released []TokenLogprob

	decoded int // bytes of text that all tokens before the present one made complete
	said    int // of these, bytes that the answer has
}

type waitingLogprob struct {
	TokenLogprob
	at int // where in the text the character begins that has the token's first byte
}

// newLogprobs makes room for an answer's; nil where it did not ask for them.
func newLogprobs(r *Request, vocab int) (*logprobs, error) {
	if err := sample.CheckTopLogprobs(r.TopLogprobs); err != nil {
		return nil, err
	}
	if !r.Logprobs {
		if r.TopLogprobs != 0 {
			return nil, fmt.Errorf("%w: top_logprobs without logprobs", ErrBadRequest)
		}
		return nil, nil
	}
	// Each token but the first has a byte at least, and each byte of a stop string that is held back
	// came from one at most. Three bytes of a character, the present token, and the first.
	room := utf8.UTFMax + 1
	longest := 0
	for _, stop := range r.Stop {
		longest = max(longest, len(stop))
	}
	room += longest
	return &logprobs{
		logits:   make([]float32, vocab),
		tops:     make([]sample.Logprob, room*r.TopLogprobs),
		waiting:  make([]waitingLogprob, room),
		released: make([]TokenLogprob, 0, room),
	}, nil
}

// sample draws the next token, and notes how likely it was.
func (l *logprobs) sample(logits []float32, sampler *sample.Sampler, history []int32) int32 {
	id := sampler.Sample(l.logits[:copy(l.logits, logits)], history)
	softmax := sample.NewLogSoftmax(logits)
	next := (l.first + l.count) % len(l.waiting)
	top := len(l.tops) / len(l.waiting)
	l.place = TokenLogprob{
		Logprob: sample.Logprob{ID: id, Value: softmax.Of(logits[id])},
		Top:     softmax.Top(l.tops[next*top:][:top], logits),
	}
	return id
}

// begin has the sampled token wait for its text. piece is what its first byte made complete; with
// held that byte is of a character that goes on.
func (l *logprobs) begin(piece []byte, held bool) {
	at := l.decoded + len(piece)
	if !held {
		_, size := utf8.DecodeLastRune(piece)
		at -= size
	}
	l.waiting[(l.first+l.count)%len(l.waiting)] = waitingLogprob{l.place, at}
	l.count++
}

// release gives those whose text begins in the next bytes that are said. They are overwritten by
// the next token's.
func (l *logprobs) release(bytes int) []TokenLogprob {
	if l == nil {
		return nil
	}
	l.said += bytes
	l.released = l.released[:0]
	for ; l.count > 0 && l.waiting[l.first].at < l.said; l.count-- {
		l.released = append(l.released, l.waiting[l.first].TokenLogprob)
		l.first = (l.first + 1) % len(l.waiting)
	}
	return l.released
}
