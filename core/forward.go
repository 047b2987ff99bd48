package core

import (
	"fmt"

	"github.com/spikechat/spikechat/core/coding"
	"github.com/spikechat/spikechat/core/simd"
)

// Forward runs tokens, at most the batch that the State was made for, through the whole model and
// appends them to the cache. With all it leaves the logits of every position, otherwise those of
// the last one.
//
// The result does not depend on how a text is cut into passes. Errors: ErrContextFull before
// anything is changed, ErrNotFinite when the weights lead to infinities; the cache is as it was
// before then too.
func (s *State) Forward(tokens []int32, all bool) error {
	if err := s.run(s.position, tokens, len(s.model.layers)); err != nil {
		return err
	}
	first := len(tokens) - 1
	if all {
		first = 0
	}
	return s.leave(first, len(tokens))
}

// Extend is Forward without the output: for the tokens of a prompt whose predictions nobody asks
// for. It leaves no logits.
func (s *State) Extend(tokens []int32) error {
	if err := s.run(s.position, tokens, len(s.model.layers)); err != nil {
		return err
	}
	return s.leave(len(tokens), len(tokens))
}

// run sends tokens, the first at a position, through the first layers. Their keys and values are in
// the cache then, but the tokens are not yet counted in the state's position.
func (s *State) run(position int, tokens []int32, layers int) error {
	if err := s.enter(position, tokens); err != nil {
		return err
	}
	return s.through(position, len(tokens), 0, layers)
}

// leave ends a pass of n tokens, which all layers have: those from first on get an output.
func (s *State) leave(first, n int) error {
	if err := s.tally.sum(&s.model.team); err != nil {
		return err
	}
	if first < n {
		if err := s.predict(first, n); err != nil {
			return err
		}
	}
	s.position += n
	return nil
}

// enter begins a pass: tokens, the first at a position, become the input of the first layer.
func (s *State) enter(position int, tokens []int32) error {
	if len(tokens) == 0 || len(tokens) > s.batch {
		panic(fmt.Sprintf("core: forward of %d tokens in batches of %d", len(tokens), s.batch))
	}
	if position+len(tokens) > s.context {
		return fmt.Errorf("%w: %d tokens and %d more, room for %d",
			ErrContextFull, position, len(tokens), s.context)
	}
	s.makeRoom(position + len(tokens))
	s.tally.begin(s.Counting)
	s.output.forget()
	return s.embed(tokens)
}

// through sends the n tokens of the pass through the layers from one to before another, in as many
// calls as the caller likes.
func (s *State) through(position, n, from, to int) error {
	a, epsilon := &s.act, s.model.Config.RMSEpsilon
	activate := simd.SwiGLU
	if s.model.Config.Kind().GELU {
		activate = simd.GeGLU
	}
	for l := from; l < to; l++ {
		w := s.layer(l)

		// x += Wo attention(norm(x)); of what is added there may be a norm.
		a.normalise(n, w.attentionNorm, epsilon)
		err := s.linear(l, coding.QKV, a.normed[:n],
			Product{w.wq, a.q}, Product{w.wk, a.k}, Product{w.wv, a.v})
		if err != nil {
			return err
		}
		a.completeHeads(n, w, epsilon)
		if err := s.attend(l, position, n); err != nil {
			return err
		}
		err = s.linear(l, coding.AttnOut, a.attended.all[:n], Product{w.wo, a.delta.own})
		if err != nil {
			return err
		}
		if err := s.share(&a.delta, n); err != nil {
			return err
		}
		a.addDelta(n, w.postAttentionNorm, epsilon)

		// x += Wdown (activate(Wgate norm(x)) * Wup norm(x)); likewise.
		a.normalise(n, w.mlpNorm, epsilon)
		err = s.linear(l, coding.GateUp, a.normed[:n], Product{w.gate, a.gate.own}, Product{w.up, a.up})
		if err != nil {
			return err
		}
		for t := range n {
			activate(a.gate.own[t], a.up[t])
		}
		if err := s.share(&a.gate, n); err != nil {
			return err
		}
		if err := s.linear(l, coding.Down, a.gate.all[:n], Product{w.down, a.delta.own}); err != nil {
			return err
		}
		if err := s.share(&a.delta, n); err != nil {
			return err
		}
		a.addDelta(n, w.postMLPNorm, epsilon)
	}
	return nil
}

// embed sets x to the rows of the embedding that the tokens name, scaled where the architecture has
// it so.
func (s *State) embed(tokens []int32) error {
	m, x := s.model, s.act.x[:len(tokens)]
	own, scale := m.division.vocab[m.team.Rank()], m.Config.EmbeddingScale()
	for t, id := range tokens {
		if row := int(id) - own.From; row >= 0 && row < own.Len() {
			m.embedding.DequantizeRow(x[t], row)
			simd.Scale(x[t], scale)
		}
	}
	return m.team.Pick(x, func(t int) int { return m.division.memberOf(tokens[t]) })
}
