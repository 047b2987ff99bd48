package core

import (
	"fmt"

	"github.com/spikechat/spikechat/core/simd"
)

// Forward runs tokens, at most the block that the State was made for, through the whole model and appends them to the
// cache. With all it leaves the logits of every position, otherwise those of the last one.
//
// The result does not depend on how a text is cut into passes. Errors: ErrContextFull before anything is changed,
// ErrNotFinite when the weights lead to infinities; the cache is as it was before then too.
func (s *State) Forward(tokens []int32, all bool) error {
	if err := s.layers(tokens); err != nil {
		return err
	}
	first := len(tokens) - 1
	if all {
		first = 0
	}
	if err := s.predict(first, len(tokens)); err != nil {
		return err
	}
	s.position += len(tokens)
	return nil
}

// Extend is Forward without the head: for the tokens of a prompt whose predictions nobody asks for. It leaves no logits.
func (s *State) Extend(tokens []int32) error {
	if err := s.layers(tokens); err != nil {
		return err
	}
	s.position += len(tokens)
	return nil
}

// layers runs tokens through all layers. They stand in the cache then, behind its end.
func (s *State) layers(tokens []int32) error {
	if len(tokens) == 0 || len(tokens) > s.block {
		panic(fmt.Sprintf("core: forward of %d tokens in blocks of %d", len(tokens), s.block))
	}
	if s.position+len(tokens) > s.context {
		return fmt.Errorf("%w: %d tokens and %d more, room for %d", ErrContextFull, s.position, len(tokens), s.context)
	}
	n := len(tokens)
	s.unscored = false
	s.clearCounts()
	for t, id := range tokens {
		s.model.embedding.DequantizeRow(s.x[t], int(id))
	}
	for l := range s.model.layers {
		w := &s.model.layers[l]

		// x += Wo attention(norm(x))
		s.normalise(0, n, w.attentionNorm)
		err := s.linear(l, QKV, s.normed[:n], out{w.wq, s.q}, out{w.wk, s.k}, out{w.wv, s.v})
		if err != nil {
			return err
		}
		if err := s.attend(l, n); err != nil {
			return err
		}
		if err := s.linear(l, AttnOut, s.attended[:n], out{w.wo, s.delta}); err != nil {
			return err
		}
		s.addDelta(n)

		// x += Wdown (silu(Wgate norm(x)) * Wup norm(x))
		s.normalise(0, n, w.mlpNorm)
		if err := s.linear(l, GateUp, s.normed[:n], out{w.gate, s.gate}, out{w.up, s.up}); err != nil {
			return err
		}
		for t := range n {
			simd.SwiGLU(s.gate[t], s.up[t])
		}
		if err := s.linear(l, Down, s.gate[:n], out{w.down, s.delta}); err != nil {
			return err
		}
		s.addDelta(n)
	}
	return nil
}

// normalise sets the norms of tokens first to n-1 of the block.
func (s *State) normalise(first, n int, weight []float32) {
	for t := first; t < n; t++ {
		simd.RMSNorm(s.normed[t], s.x[t], weight, s.model.Config.RMSEpsilon)
	}
}

func (s *State) addDelta(n int) {
	for t := range n {
		simd.Axpy(s.x[t], 1, s.delta[t])
	}
}
