package core

import (
	"errors"
	"fmt"

	"github.com/spikechat/spikechat/core/coding"
)

// Embed writes the residual stream before the first layer, x [tokens][hidden]. It is for tools that
// run a model layer by layer, and for an engine alone, as are Layer and LayerUntil.
func (s *State) Embed(x [][]float32, tokens []int32) error {
	if len(x) != len(tokens) {
		panic(fmt.Sprintf("core: embedding of %d tokens into %d rows", len(tokens), len(x)))
	}
	if err := s.enter(0, tokens); err != nil {
		return err
	}
	for t, row := range s.act.x[:len(tokens)] {
		copy(x[t], row)
	}
	return nil
}

// Layer sends the residual stream x [tokens][hidden] of a whole text, at most the batch of the
// State, through one layer alone, in place. The cache keeps nothing of use, and no logits are left.
func (s *State) Layer(layer int, x [][]float32) error {
	if err := s.oneLayer(layer, x); err != nil {
		return err
	}
	for t, row := range s.act.x[:len(x)] {
		copy(x[t], row)
	}
	return nil
}

// LayerUntil is Layer as far as the input of a population, which the Probe has seen then. It leaves
// x as it is.
func (s *State) LayerUntil(layer int, p coding.Population, x [][]float32) error {
	s.until = p + 1
	err := s.oneLayer(layer, x)
	s.until = 0
	if errors.Is(err, errReached) {
		return nil
	}
	return err
}

// errReached ends the pass of LayerUntil.
var errReached = errors.New("core: the population is reached")

func (s *State) oneLayer(layer int, x [][]float32) error {
	if len(x) == 0 || len(x) > min(s.batch, s.context) || layer < 0 || layer >= len(s.model.layers) {
		panic(fmt.Sprintf("core: %d tokens, in batches of %d, through layer %d of %d", len(x),
			min(s.batch, s.context), layer, len(s.model.layers)))
	}
	s.Truncate(0)
	s.makeRoom(len(x))
	s.tally.begin(s.Counting)
	s.output.forget()
	for t, row := range x {
		copy(s.act.x[t], row)
	}
	return s.through(0, len(x), layer, layer+1)
}
