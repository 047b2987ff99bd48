// Package team lets several engines, each with a memory of its own, compute one model together.
//
// All members run the same program on the same input. Each holds some rows of every matrix and some
// key and value heads, computes what these give, and shares it: after every step that a member does
// a part of, all have the whole. So each value is computed by one member, in the same way as by a
// single engine, and the bits are the same for any number of members.
package team

import (
	"errors"
	"fmt"
)

// ErrBroken: a member died or was told to end, and the others cannot go on.
var ErrBroken = errors.New("team_broken")

// MaxMembers bounds the members of a team.
const MaxMembers = 8

// Team is a member's side of its team.
type Team interface {
	// Rank is 0 for the first member, below Size.
	Rank() int
	Size() int
	// Buffer is where values are shared; it stays the same.
	Buffer() []byte
	// Share publishes bytes from to to-1 of the buffer, and returns when the first total bytes hold
	// what each member published. The parts of the members follow each other by rank, and may be
	// empty. The error wraps ErrBroken; every later call fails as well.
	Share(from, to, total int) error
}

// Span is a part of something that is divided, From to To-1.
type Span struct{ From, To int }

// Len is how many there are.
func (s Span) Len() int { return s.To - s.From }

// Times is the span where each of the things is so many.
func (s Span) Times(n int) Span { return Span{s.From * n, s.To * n} }

// Divide cuts n things, of which each unit stay together, into the spans of the members.
func Divide(n, unit, size int) []Span {
	spans := make([]Span, size)
	units := (n + unit - 1) / unit
	for r := range spans {
		spans[r] = Span{min(units*r/size*unit, n), min(units*(r+1)/size*unit, n)}
	}
	return spans
}

// Check is an error unless rank and size make a team.
func Check(rank, size int) error {
	if size < 1 || size > MaxMembers || rank < 0 || rank >= size {
		return fmt.Errorf("member %d of a team of %d, want at most %d members", rank, size, MaxMembers)
	}
	return nil
}
