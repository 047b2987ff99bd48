package main

import "golang.org/x/time/rate"

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

// pieceBytes is how much of a body is handed over at once.
func pieceBytes(line *rate.Limiter) int {
	if line == nil {
		return 256 << 10
	}
	return line.Burst()
}
