package core

import (
	"fmt"

	"github.com/spikechat/spikechat/core/coding"
	"github.com/spikechat/spikechat/core/sample"
	"github.com/spikechat/spikechat/core/simd"
	"github.com/spikechat/spikechat/core/text"
)

// A replay computes tokens of a conversation once more, to look at what is not kept: the codes of a
// token are a hundred kilobytes. A token at position p meets the cache of the positions before it,
// as it did the first time, and the same bits come out; so it leaves the cache as it was.

// Place is a population of one layer.
type Place struct {
	Layer      int
	Population coding.Population
}

// replay runs tokens of the cache, the first at a position, through the first layers again. It
// overwrites the logits and counts of the last pass.
func (s *State) replay(position int, tokens []int32, layers int, p *Probe) error {
	before := s.Probe
	s.Probe = p
	defer func() { s.Probe = before }()
	if err := s.run(position, tokens, layers); err != nil {
		return err
	}
	return s.tally.sum(&s.model.team)
}

// replayable fails with ErrBadRequest while an answer is under way, which the replay would disturb,
// where position is not one of n, and where other bits would come out, because planes were added
// since.
func (s *Session) replayable(position, n int) error {
	if s.answering {
		return fmt.Errorf("%w: an answer is under way", ErrBadRequest)
	}
	if position < 0 || position >= n {
		return fmt.Errorf("%w: position %d, and the conversation has %d tokens", ErrBadRequest,
			position, len(s.tokens))
	}
	if s.outdated() {
		return fmt.Errorf("%w: the answer was given before all of the model had come",
			ErrBadRequest)
	}
	return nil
}

// Tokens gives the tokens that the conversation has in the cache: all that were read, prompt and
// answers. The token that ended an answer is not among them. The slice is overwritten by the next
// answer.
func (s *Session) Tokens() []int32 { return s.tokens[:s.state.Position()] }

// Neurons is how many neurons a population has in each layer.
func (s *Session) Neurons(p coding.Population) int { return s.model.Config.Neurons(p) }

// Text appends what a token of the conversation adds to its text: characters that its bytes
// complete, or the name of a control token.
func (s *Session) Text(dst []byte, position int) []byte {
	var d text.Decoder
	// What is held of a character lies in the last three bytes, and no token is empty.
	for p := max(position-3, 0); p < position; p++ {
		d.Write(nil, s.model.Tokenizer.Bytes(s.tokens[p]))
	}
	return d.Write(dst, s.model.Tokenizer.Bytes(s.tokens[position]))
}

// Replay reads a batch of the conversation's tokens again, from a position on, and shows each with
// the activations [neurons] of a place and the spikes that these were coded as: those of the
// answer, under its coding and lesions. What see is given is overwritten when it returns. most
// bounds the batch, and simd.PromptBatch does. Later layers are not computed. next is the position
// after the batch.
//
// Nothing of the conversation changes: the next answer is what it would have been. Errors wrap
// ErrBadRequest: an answer is under way, there is no such position or place, nothing is coded, or
// planes were added since the answer began.
func (s *Session) Replay(
	at Place, position, most int, see func(position int, x []float32, spikes *simd.Spikes),
) (next int, err error) {
	tokens := s.Tokens()
	if err := s.replayable(position, len(tokens)); err != nil {
		return 0, err
	}
	layers := s.model.Config.Layers
	switch {
	case at.Layer < 0 || at.Layer >= layers:
		return 0, fmt.Errorf("%w: layer %d, want 0 to %d", ErrBadRequest, at.Layer, layers-1)
	case at.Population < 0 || at.Population >= coding.Populations:
		return 0, fmt.Errorf("%w: population %d, want 0 to %d",
			ErrBadRequest, int(at.Population), coding.Populations-1)
	case s.state.plan.inputs == nil:
		return 0, fmt.Errorf("%w: the answer was computed without neurons", ErrBadRequest)
	}
	next = min(position+min(max(most, 1), simd.PromptBatch), len(tokens))
	probe := &Probe{Output: func(layer int, p coding.Population, xs [][]float32, _ []Product) {
		if layer == at.Layer && p == at.Population {
			for t, x := range xs {
				see(position+t, x, s.state.inputs.populations[p].spikes[t])
			}
		}
	}}
	return next, s.state.replay(position, tokens[position:next], at.Layer+1, probe)
}

// ReplayLogprobs tells how likely the token at a position was, and its likeliest alternatives, as
// many as top asks for: what the answer would have told at once with Request.Logprobs. The token
// that ended the last answer is at position len(Tokens()). Errors are those of Replay.
func (s *Session) ReplayLogprobs(position, top int) (TokenLogprob, error) {
	if err := sample.CheckTopLogprobs(top); err != nil {
		return TokenLogprob{}, err
	}
	id := s.last
	if tokens := s.Tokens(); position >= 0 && position < len(tokens) {
		id = tokens[position]
	} else if id < 0 || position != len(tokens) {
		return TokenLogprob{}, fmt.Errorf("%w: position %d, and the conversation has %d tokens",
			ErrBadRequest, position, len(tokens))
	}
	logits, err := s.ReplayLogits(position)
	if err != nil {
		return TokenLogprob{}, err
	}
	softmax := sample.NewLogSoftmax(logits)
	return TokenLogprob{
		Logprob: sample.Logprob{ID: id, Value: softmax.Of(logits[id])},
		Top:     softmax.Top(make([]sample.Logprob, top), logits),
	}, nil
}

// ReplayLogits gives the logits [vocab] that the token at a position was sampled from, or would be:
// position len(Tokens()) is that after the last one. They are valid until the next call of the
// session. Errors are those of Replay.
func (s *Session) ReplayLogits(position int) ([]float32, error) {
	tokens := s.Tokens()
	if err := s.replayable(position-1, len(tokens)); err != nil {
		return nil, err
	}
	read := tokens[position-1 : position]
	if err := s.state.replay(position-1, read, len(s.model.layers), nil); err != nil {
		return nil, err
	}
	if err := s.state.predict(0, 1); err != nil {
		return nil, err
	}
	return s.state.Logits(0), nil
}
