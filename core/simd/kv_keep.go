package simd

import "fmt"

// Keep codes one key or value of a head as GIF neurons do that share one range, and keeps the
// distances from rest k = q - z, |k| <= 15 T: x_i ≈ threshold * k_i. It reports whether all of x is
// finite; when not, dst must not be used. len(x) must be a multiple of 32, and dst have the same
// length.
func Keep(dst []int8, x []float32, steps int) (threshold float32, rest int, finite bool) {
	if len(dst) != len(x) || len(x)%groupCols != 0 || steps < 1 || steps > MaxSteps {
		panic(fmt.Sprintf("simd: Keep: %d values of %d steps into %d codes", len(x), steps, len(dst)))
	}
	lo, hi, finite := rangeOf(x)
	if !finite {
		return 0, 0, false
	}
	levels := float32(StepLevels * steps)
	threshold = max(hi-lo, 1e-8) / levels
	z := round(-lo / threshold)
	keep(dst, x, threshold, z, levels)
	return threshold, int(z), true
}

// KeptSpikes gives the binary spikes, from rest, of a key or value.
func KeptSpikes(k []int8) (spikes uint32) { return keptSpikes(k) }

// CountKept adds what the neurons of a key or value did to c.
func CountKept(c *Counts, k []int8, rest, steps int) {
	var codes [groupCols]uint8
	for i := 0; i < len(k); i += groupCols {
		for j, v := range k[i:][:groupCols] {
			codes[j] = uint8(int(v) + rest)
		}
		count(codes[:], []uint8{uint8(rest)}, c)
	}
	n := uint32(len(k))
	c.Steps += n * uint32(steps)
	c.Bits += n*codeBits[steps] + thresholdBits + codeBits[steps]
	c.BitsUnrolled += n*uint32(steps)*stepBits + thresholdBits + codeBits[steps]
}
