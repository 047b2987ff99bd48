package team

import (
	"fmt"
	"unsafe"
)

// LeastBuffer is room enough for a batch of a prompt.
const LeastBuffer = 256 << 10

// BufferBytes is the size of a buffer through which rows of such a width are shared, and Sum's
// counts and Pick's rows of any model that fits the limits of a manifest.
func BufferBytes(width int) int { return max(LeastBuffer, 4*width) }

// Exchange shares values of Go's types through a team's buffer. The zero value is of an engine that
// works alone.
type Exchange struct {
	team   Team
	floats []float32 // the buffer
	err    error     // the first
}

// NewExchange shares through a team; nil is an engine alone.
func NewExchange(t Team) Exchange {
	if t == nil || t.Size() == 1 {
		return Exchange{}
	}
	buffer := t.Buffer()
	return Exchange{team: t,
		floats: unsafe.Slice((*float32)(unsafe.Pointer(unsafe.SliceData(buffer))), len(buffer)/4)}
}

// Alone reports whether there is nobody to share with.
func (e *Exchange) Alone() bool { return e.team == nil }

// Rank is the member's, 0 alone.
func (e *Exchange) Rank() int {
	if e.team == nil {
		return 0
	}
	return e.team.Rank()
}

// Size is how many members there are.
func (e *Exchange) Size() int {
	if e.team == nil {
		return 1
	}
	return e.team.Size()
}

// Err is what the first share that failed gave.
func (e *Exchange) Err() error { return e.err }

// share calls the team.
func (e *Exchange) share(from, to, total int) error {
	if e.err == nil {
		e.err = e.team.Share(4*from, 4*to, 4*total)
	}
	return e.err
}

// Rows fills in rows [n][width] what other members computed: columns spans[rank] are each member's.
func (e *Exchange) Rows(rows [][]float32, spans []Span) error {
	if e.team == nil || len(rows) == 0 {
		return nil
	}
	width := len(rows[0])
	if width > len(e.floats) {
		panic(fmt.Sprintf("team: rows of %d values through a buffer of %d", width, len(e.floats)))
	}
	for most := max(len(e.floats)/max(width, 1), 1); len(rows) > 0; {
		n := min(most, len(rows))
		own := spans[e.team.Rank()]
		at := n * own.From
		for t := range n {
			at += copy(e.floats[at:], rows[t][own.From:own.To])
		}
		if err := e.share(n*own.From, n*own.To, n*width); err != nil {
			return err
		}
		for r, span := range spans {
			if r == e.team.Rank() {
				continue
			}
			at := n * span.From
			for t := range n {
				at += copy(rows[t][span.From:span.To], e.floats[at:])
			}
		}
		rows = rows[n:]
	}
	return nil
}

// Pick gives all members row t [width] of the one that owns it, owner(t); rows of others are
// overwritten.
func (e *Exchange) Pick(rows [][]float32, owner func(t int) int) error {
	if e.team == nil || len(rows) == 0 {
		return nil
	}
	rank, size, width := e.team.Rank(), e.team.Size(), len(rows[0])
	most := len(e.floats) / (width * size)
	for first := 0; first < len(rows); first += most {
		rows := rows[first:min(first+most, len(rows))]
		n := len(rows)
		for t, row := range rows {
			copy(e.floats[(rank*n+t)*width:], row)
		}
		if err := e.share(rank*n*width, (rank+1)*n*width, size*n*width); err != nil {
			return err
		}
		for t, row := range rows {
			copy(row, e.floats[(owner(first+t)*n+t)*width:])
		}
	}
	return nil
}

// From gives all members the values of one.
func (e *Exchange) From(rank int, values []float32) error {
	if e.team == nil {
		return nil
	}
	from, to := 0, len(values)
	switch {
	case e.team.Rank() < rank:
		to = 0
	case e.team.Rank() > rank:
		from = to
	default:
		copy(e.floats, values)
	}
	if err := e.share(from, to, len(values)); err != nil {
		return err
	}
	copy(values, e.floats)
	return nil
}

// Sum adds the counts of all members.
func (e *Exchange) Sum(counts []uint64) error {
	if e.team == nil {
		return nil
	}
	rank, size, n := e.team.Rank(), e.team.Size(), len(counts)
	words := unsafe.Slice((*uint64)(unsafe.Pointer(unsafe.SliceData(e.floats))), len(e.floats)/2)
	copy(words[rank*n:], counts)
	if err := e.share(2*rank*n, 2*(rank+1)*n, 2*size*n); err != nil {
		return err
	}
	clear(counts)
	for r := range size {
		for i, c := range words[r*n:][:n] {
			counts[i] += c
		}
	}
	return nil
}
