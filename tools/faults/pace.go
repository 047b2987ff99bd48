package main

import (
	"iter"
	"slices"

	"golang.org/x/time/rate"
)

// ticks is how often a second a line hands over a piece: seldom enough that timers keep up, often
// enough that a browser sees a stream.
const ticks = 50

// limiter is a line of so many bytes a second, nil where that is 0.
func limiter(bytesPerSecond int) *rate.Limiter {
	if bytesPerSecond == 0 {
		return nil
	}
	return rate.NewLimiter(rate.Limit(bytesPerSecond), max(1, bytesPerSecond/ticks))
}

// pieces cuts a body into what the line hands over at once.
func pieces(body []byte, line *rate.Limiter) iter.Seq[[]byte] {
	if line == nil {
		return slices.Chunk(body, max(1, len(body)))
	}
	return slices.Chunk(body, line.Burst())
}
