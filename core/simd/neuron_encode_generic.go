package simd

import "math"

// encodeGeneric codes one group of 32 activations with T = steps and reports whether all are finite:
//
//	lo = min(x, 0), hi = max(x, 0), N = 15 T
//	θ = max(hi-lo, 1e-8)/N, z = round(-lo/θ), q = clip(round(x/θ)+z, 0, N)
//
// round is to nearest, ties to even; all in float32. As a spiking neuron the potential q fires min(v, 15) in each of T
// steps and is reset softly by what it fired; the T spikes sum to q because N = 15 T.
func encodeGeneric(s *Spikes, x []float32, group, steps int) bool {
	lo, hi, finite := span(x)
	if finite {
		s.code(x, group, steps, lo, hi)
	}
	return finite
}

// span gives lo and hi of some activations, and whether these and their distance are finite.
func span(x []float32) (lo, hi float32, finite bool) {
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

// code sets the codes of one group for a range from lo to hi.
func (s *Spikes) code(x []float32, group, steps int, lo, hi float32) {
	levels := float32(StepLevels * steps)
	threshold := max(hi-lo, 1e-8) / levels
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
	s.Lift[group] = threshold * float32(sum)
}

// round is to nearest, ties to even.
func round(x float32) float32 { return float32(math.RoundToEven(float64(x))) }

// tablesGeneric fills the lookup tables of one group: for four neurons of codes k = q - z and a nibble of weight bits,
//
//	e[nibble] = Σ_{bits set} k_j + Σ max(-k_j, 0)
//
// which lies in 0..Σ|k_j| <= 240 and so fits a byte; excess is the second sum over all 8 tables. It returns how many
// tables (1, 2, 4 or 8) can be added without overflow of a byte.
func tablesGeneric(s *Spikes, group int) (together int) {
	rest := int(s.Rest[group])
	s.lookup.excess[group] = 0
	var reach [8]int // Σ|k| by table
	for quad := range reach {
		code := s.Code[group*groupCols+4*quad:][:4]
		table := s.lookup.sums[(group*8+quad)*16:][:16]
		below := 0
		for _, q := range code {
			k := int(q) - rest
			below += max(-k, 0)
			reach[quad] += max(k, -k)
		}
		s.lookup.excess[group] += uint16(below)
		table[0] = uint8(below)
		for i, q := range code {
			for n := range 1 << i {
				// Bytes wrap on the way; the results do not.
				table[1<<i+n] = table[n] + q - uint8(rest)
			}
		}
	}
	return byteSums(&reach)
}

// byteSums gives how many neighbouring tables of the given reaches can be added in a byte.
func byteSums(reach *[8]int) int {
	for _, n := range [...]int{8, 4, 2} {
		fits := true
		for at := 0; at < 8; at += n {
			sum := 0
			for _, v := range reach[at : at+n] {
				sum += v
			}
			fits = fits && sum <= 255
		}
		if fits {
			return n
		}
	}
	return 1
}
