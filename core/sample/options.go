package sample

import (
	"fmt"

	"github.com/spikechat/spikechat/core/internal/request"
)

// Options say how a token is drawn from logits. The zero value takes the largest logit ("greedy")
// with everything else off. The steps run in the order of the fields.
type Options struct {
	// RepetitionPenalty makes tokens of the history less likely: positive logits are divided by it,
	// others multiplied. 0 and 1 are off; at most 100.
	RepetitionPenalty float32
	// Temperature divides the logits. 0 is greedy; at most 100.
	Temperature float32
	// TopK keeps the k most likely tokens. 0 is off.
	TopK int
	// TopP keeps the fewest most likely tokens that have this share of the probability together.
	// 0 and 1 are off.
	TopP float32
	// MinP keeps tokens at least this fraction as likely as the most likely one. 0 is off; at
	// most 1.
	MinP float32
	// Seed fixes the draws: the same seed and logits give the same tokens in every build.
	Seed uint64
}

// Validate gives core.ErrBadRequest for a value out of range, naming the field.
func (o Options) Validate() error {
	for _, f := range []struct {
		name          string
		value, lo, hi float32
		zero          bool // 0 is allowed too, as "off"
	}{
		{"temperature", o.Temperature, 0, 100, false},
		{"top_p", o.TopP, 0, 1, false},
		{"min_p", o.MinP, 0, 1, false},
		{"repetition_penalty", o.RepetitionPenalty, 1, 100, true},
	} {
		if f.zero && f.value == 0 {
			continue
		}
		if !(f.lo <= f.value && f.value <= f.hi) { // in this form NaN fails as well
			return fmt.Errorf("%w: %s is %v, want %v to %v",
				request.ErrBad, f.name, f.value, f.lo, f.hi)
		}
	}
	if o.TopK < 0 {
		return fmt.Errorf("%w: top_k is %d, want 0 or more", request.ErrBad, o.TopK)
	}
	return nil
}
