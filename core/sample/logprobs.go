package sample

import (
	"fmt"
	"math"
	"math/bits"

	"github.com/spikechat/spikechat/core/internal/request"
)

// MaxTopLogprobs is how many of a position's likeliest tokens can be asked for.
const MaxTopLogprobs = 20

// Logprob is a token and the natural logarithm of its probability.
type Logprob struct {
	ID    int32
	Value float32 // at most 0, and finite
}

// LogSoftmax gives the logarithms of the probabilities that logits stand for: x - log Σ e^logits,
// at temperature 1 and before anything that a Sampler does to them. It has the same bits in every
// build.
type LogSoftmax struct {
	highest float32
	sum     float64 // log Σ e^(logit-highest)
}

// NewLogSoftmax sums over the finite logits of all tokens. Each summand is off by less than one
// part in 4 million; what is below e^-28 of the likeliest token counts as nothing.
func NewLogSoftmax(logits []float32) LogSoftmax {
	highest := logits[largest(logits)]
	var total uint64
	for _, x := range logits {
		total += weightOf(x - highest)
	}
	return LogSoftmax{highest, logWeight(total)}
}

// Of gives the logarithm of the probability of a logit.
func (l LogSoftmax) Of(x float32) float32 {
	value := float64(x) - float64(l.highest) - l.sum
	// Logits may lie further apart than any float32 tells, and JSON has no infinity.
	return float32(max(value, -math.MaxFloat32))
}

// Top fills dst with the likeliest tokens, as many as it holds and there are, the likeliest first.
// Of equally large logits the smaller id comes first. It gives the part that it filled.
func (l LogSoftmax) Top(dst []Logprob, logits []float32) []Logprob {
	n := 0
	for id, x := range logits {
		if n == len(dst) && (n == 0 || x <= dst[n-1].Value) {
			continue
		}
		n = min(n+1, len(dst))
		i := n - 1
		for ; i > 0 && dst[i-1].Value < x; i-- {
			dst[i] = dst[i-1]
		}
		dst[i] = Logprob{int32(id), x} // its logit, until all are found
	}
	for i := range dst[:n] {
		dst[i].Value = l.Of(dst[i].Value)
	}
	return dst[:n]
}

// CheckTopLogprobs gives core.ErrBadRequest for a number of likeliest tokens that is out of range.
func CheckTopLogprobs(n int) error {
	if n < 0 || n > MaxTopLogprobs {
		return fmt.Errorf("%w: top_logprobs is %d, want 0 to %d", request.ErrBad, n, MaxTopLogprobs)
	}
	return nil
}

// logWeight is log(weight) for a weight in units of 2^-40, at least one whole.
func logWeight(weight uint64) float64 {
	// weight = m 2^e with m in 1 to 2; log m = 2 artanh s, s = (m-1)/(m+1), at most 1/3: the 15th
	// term of the series is below 2^-50 of the first.
	e := bits.Len64(weight) - 1
	m := float64(weight) / float64(uint64(1)<<e)
	s := (m - 1) / (m + 1)
	square := float64(s * s)
	series := 0.0
	for n := 29; n > 0; n -= 2 {
		series = float64(series*square) + 1/float64(n)
	}
	return float64(float64(e-weightBits)*math.Ln2) + float64(2*s*series)
}
