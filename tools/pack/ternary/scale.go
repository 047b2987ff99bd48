package ternary

import (
	"math"

	"github.com/spikechat/spikechat/core/tile"
)

// leastNormal is the smallest normal float16: kernels have a shorter way for scales that are zero
// or not below it.
const leastNormal = 0x0400

// Bounds of the search for a scale: candidates are shares of the one that reaches the largest
// weight. Fewer levels clip more of the weights.
const (
	candidates   = 16 // and as many for each step: more levels have more minima
	leastShare   = 0.2
	largestShare = 1.5 // the outermost levels may stay unused
	refinements  = 3
)

// BestScale chooses the scale of a group of weights, as float16 bits, for codes of so many steps:
// it looks for the least Σ_j h_j (w_j - d q_j)², the codes being the nearest for that scale, among
// some clippings of the largest weight, and refines the best by least squares. h is what an error
// of each weight costs, nil for all alike.
func BestScale(w, h []float64, steps int) uint16 {
	largest := 0.0
	for _, v := range w {
		largest = max(largest, math.Abs(v))
	}
	if largest == 0 {
		return 0
	}
	best, least := uint16(0), Error(w, h, 0, steps)
	last := candidates * (1 + steps)
	for i := range last + 1 {
		share := leastShare + (largestShare-leastShare)*float64(i)/float64(last)
		bits := scaleBits(share * largest / float64(steps))
		if e := Error(w, h, bits, steps); e < least {
			best, least = bits, e
		}
	}
	for range refinements {
		bits := scaleBits(LeastSquares(w, h, best, steps))
		e := Error(w, h, bits, steps)
		if e >= least {
			break
		}
		best, least = bits, e
	}
	return best
}

// LeastSquares gives the scale that fits weights best once they have the codes that are nearest for
// another one, 0 where all of these are zero.
func LeastSquares(w, h []float64, scale uint16, steps int) float64 {
	d := float64(tile.Half(scale))
	wq, qq := 0.0, 0.0
	for j, v := range w {
		q, cost := float64(Level(v, d, steps)), 1.0
		if h != nil {
			cost = h[j]
		}
		wq += cost * v * q
		qq += cost * q * q
	}
	if qq == 0 {
		return 0
	}
	return wq / qq
}

// Error is Σ_j h_j (w_j - d q_j)² for the nearest codes.
func Error(w, h []float64, scale uint16, steps int) float64 {
	d, limit, sum := float64(tile.Half(scale)), float64(steps), 0.0
	for j, v := range w {
		e := v
		if d != 0 { // as Level rounds
			e -= d * math.RoundToEven(min(max(v/d, -limit), limit))
		}
		e *= e
		if h != nil {
			e *= h[j]
		}
		sum += e
	}
	return sum
}

// Level is the nearest of -steps to steps to w/d, ties to even.
func Level(w, d float64, steps int) int {
	if d == 0 {
		return 0
	}
	limit := float64(steps)
	return int(math.RoundToEven(min(max(w/d, -limit), limit)))
}

// scaleBits rounds a scale to a float16 that is zero or normal and finite.
func scaleBits(d float64) uint16 {
	bits := tile.ToHalf(float32(d))
	switch {
	case bits >= 0x7c00: // an infinity
		return 0x7bff
	case bits < leastNormal && d > 0:
		return leastNormal
	}
	return bits
}

// Nearest rounds a matrix [rows][cols] to the nearest codes of so many steps, with BestScale for
// each group, all weights alike.
func Nearest(rows [][]float64, steps int) *Matrix {
	m := NewMatrix(len(rows), len(rows[0]), steps)
	for r, w := range rows {
		for g := range m.Groups() {
			at := r*m.Groups() + g
			group := w[g*tile.GroupCols:][:tile.GroupCols]
			m.Scales[at] = BestScale(group, nil, steps)
			d := float64(tile.Half(m.Scales[at]))
			for j, v := range group {
				m.Codes[at*tile.GroupCols+j] = uint8(Level(v, d, steps) + steps)
			}
		}
	}
	return m
}
