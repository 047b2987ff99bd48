package simd

import "math"

// encodeGeneric codes one group of 32 activations with T = steps and reports whether all are
// finite:
//
//	lo = min(x, 0), hi = max(x, 0), N = 15 T
//	θ = max(hi-lo, 1e-8)/N, z = round(-lo/θ), q = clip(round(x/θ)+z, 0, N)
//
// round is to nearest, ties to even; all in float32. As a spiking neuron the potential q fires
// min(v, 15) in each of T steps and is reset softly by what it fired; the T spikes sum to q because
// N = 15 T.
func encodeGeneric(s *Spikes, x []float32, group, steps int) bool {
	lo, hi, finite := rangeOf(x)
	if finite {
		s.code(x, group, steps, lo, hi, 1)
	}
	return finite
}

// rangeOf gives lo and hi of some activations, and whether these and their distance are finite.
func rangeOf(x []float32) (lo, hi float32, finite bool) {
	finite = true
	for _, v := range x {
		finite = finite && v-v == 0
		if v < lo {
			lo = v
		}
		if v > hi {
			hi = v
		}
	}
	// The range itself can overflow even where every value is finite.
	return lo, hi, finite && hi-lo <= math.MaxFloat32
}

// code sets the codes of one group for a range from lo to hi, with θ raise times as high.
func (s *Spikes) code(x []float32, group, steps int, lo, hi, raise float32) {
	levels := float32(StepLevels * steps)
	threshold := max(hi-lo, 1e-8) / levels * raise
	rest := round(-lo / threshold)
	sum := -groupCols * int(rest)
	code := s.Code[group*groupCols:][:groupCols]
	for i, v := range x {
		// Clamped before it becomes an integer: conversions out of range differ between machines.
		q := min(max(round(v/threshold)+rest, 0), levels)
		code[i] = uint8(q)
		sum += int(q)
	}
	s.Rest[group] = uint8(rest)
	s.Steps[group] = uint8(steps)
	s.Threshold[group] = threshold
	s.GroupSum[group] = threshold * float32(sum)
}
