package text

import (
	"fmt"
	"slices"

	"github.com/spikechat/spikechat/core/internal/request"
)

// Limits of stop strings.
const (
	MaxStops     = 16      // stop strings that an answer may ask for
	MaxStopBytes = 1 << 10 // bytes of one of them
)

// StopMatcher ends a text at the first stop string, wherever token borders
// lie. Text that may yet turn out to be the beginning of a stop string is held back.
//
// The text ends where the first stop string is complete, and all of that string is
// left out; of two complete at the same byte the longer counts. So the cutting of the text
// into tokens never changes the result.
type StopMatcher struct {
	stops   []stopString
	holder  int // the stop string whose beginning is held back
	held    int // bytes held back: the first of that stop string
	stopped bool
}

// stopString is one pattern with the failure table of Knuth, Morris and Pratt.
type stopString struct {
	text    string
	border  []int // by length: longest proper beginning that also ends text[:length]
	matched int   // bytes of text that the input ends with
}

// NewStopMatcher takes the stop strings that an answer asks for, none is allowed, and those that
// every answer has. It gives request.ErrBad for an empty or overlong string and for too many.
func NewStopMatcher(stops []string, always ...string) (*StopMatcher, error) {
	if len(stops) > MaxStops {
		return nil, fmt.Errorf("%w: %d stop strings, at most %d",
			request.ErrBad, len(stops), MaxStops)
	}
	stops = slices.Concat(stops, always)
	m := &StopMatcher{stops: make([]stopString, len(stops))}
	for i, text := range stops {
		if text == "" {
			return nil, fmt.Errorf("%w: stop string %d is empty", request.ErrBad, i)
		}
		if len(text) > MaxStopBytes {
			return nil, fmt.Errorf("%w: stop string %d has %d bytes, at most %d",
				request.ErrBad, i, len(text), MaxStopBytes)
		}
		s := stopString{text: text, border: make([]int, len(text)+1)}
		for n := 1; n < len(text); n++ {
			s.border[n+1] = s.follow(s.border[n], text[n])
		}
		m.stops[i] = s
	}
	return m, nil
}

// follow gives the bytes matched after c, when matched bytes were before it.
func (s *stopString) follow(matched int, c byte) int {
	for matched > 0 && (matched == len(s.text) || s.text[matched] != c) {
		matched = s.border[matched]
	}
	if s.text[matched] == c {
		matched++
	}
	return matched
}

// Write appends to dst the part of the text so far that can no longer belong
// to a stop string. Once stopped is true, it stays true and nothing more comes.
func (m *StopMatcher) Write(dst, text []byte) (out []byte, stopped bool) {
	if len(m.stops) == 0 {
		return append(dst, text...), false
	}
	for _, c := range text {
		if m.stopped {
			break
		}
		dst = m.writeByte(dst, c)
	}
	return dst, m.stopped
}

func (m *StopMatcher) writeByte(dst []byte, c byte) []byte {
	before := m.stops[m.holder].text[:m.held]
	holder, held := 0, 0
	complete := 0 // bytes of the longest stop string that ends here
	for i := range m.stops {
		s := &m.stops[i]
		s.matched = s.follow(s.matched, c)
		if s.matched == len(s.text) {
			complete = max(complete, s.matched)
		}
		if s.matched > held {
			holder, held = i, s.matched
		}
	}
	if complete > 0 {
		m.stopped = true
		held = complete
	}
	// What was held and c, without the last held bytes of them, is free.
	free := len(before) + 1 - held
	if free > len(before) {
		dst = append(dst, before...)
		dst = append(dst, c)
	} else {
		dst = append(dst, before[:free]...)
	}
	m.holder, m.held = holder, held
	return dst
}

// Flush appends what is held back when the text ends by itself, and readies m
// for another text.
func (m *StopMatcher) Flush(dst []byte) []byte {
	if m.held > 0 && !m.stopped {
		dst = append(dst, m.stops[m.holder].text[:m.held]...)
	}
	for i := range m.stops {
		m.stops[i].matched = 0
	}
	m.holder, m.held, m.stopped = 0, 0, false
	return dst
}
