package core

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/core/team"
	"github.com/spikechat/spikechat/core/tile"
)

// division says which part of a model each member of a team holds, by rank. Rows that are coded
// later are cut between groups of neurons, so that each group's values are one member's.
type division struct {
	heads        []team.Span // key and value heads
	hidden       []team.Span // rows of wo and down
	intermediate []team.Span // rows of gate and up
	vocab        []team.Span // rows of embedding and output
}

func divide(c *planes.Config, size int) division {
	return division{
		heads:        team.Divide(c.KVHeads, 1, size),
		hidden:       team.Divide(c.Hidden, tile.GroupCols, size),
		intermediate: team.Divide(c.Intermediate, tile.GroupCols, size),
		vocab:        team.Divide(c.Vocab, tile.Rows, size),
	}
}

// rowsOf gives the rows of a matrix that a member holds. The rows of a head are whole tiles.
func (d *division) rowsOf(c *planes.Config, tensor string, rank int) team.Span {
	name := tensor
	if strings.HasPrefix(tensor, "blk.") {
		_, name, _ = strings.Cut(tensor[len("blk."):], ".")
	}
	switch name {
	case "attn_q.weight":
		return d.heads[rank].Times(c.Heads / c.KVHeads * c.HeadDim)
	case "attn_k.weight", "attn_v.weight":
		return d.heads[rank].Times(c.HeadDim)
	case "attn_output.weight", "ffn_down.weight":
		return d.hidden[rank]
	case "ffn_gate.weight", "ffn_up.weight":
		return d.intermediate[rank]
	}
	return d.vocab[rank]
}

// memberOf is the rank of who holds a token's rows of the embedding and the output.
func (d *division) memberOf(token int32) int {
	return slices.IndexFunc(d.vocab, func(s team.Span) bool { return int(token) < s.To })
}

// Part tells a planes.Reader which rows of a model's matrices a member of a team holds.
func Part(c *planes.Config, rank, size int) planes.Part {
	d := divide(c, size)
	return func(tensor string, rows int) (from, to int) {
		span := d.rowsOf(c, tensor, rank)
		return span.From, span.To
	}
}

// CheckTeam fails with ErrBadRequest unless rank and size make a team.
func CheckTeam(rank, size int) error {
	if err := team.Check(rank, size); err != nil {
		return fmt.Errorf("%w: %w", ErrBadRequest, err)
	}
	return nil
}

// divided is a list of vectors, one for each token of a batch, that the members of a team compute
// together.
type divided struct {
	all   [][]float32 // [batch][width]
	own   [][]float32 // [batch][of the member's span]: views of all
	spans []team.Span // by rank
}

func newDivided(batch, width int, spans []team.Span, rank int) divided {
	d := divided{all: rows(batch, width), own: make([][]float32, batch), spans: spans}
	span := spans[rank]
	for t := range d.own {
		d.own[t] = d.all[t][span.From:span.To:span.To]
	}
	return d
}

// share gives all members the vectors of the first n tokens.
func (s *State) share(d *divided, n int) error {
	return s.model.team.Rows(d.all[:n], d.spans)
}
