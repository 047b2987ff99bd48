package simd

import "fmt"

// Encode codes one token's activations with steps[g] time steps (1 to 4) for group g, and reports whether all values
// were finite; when not, the spikes must not be used. Call Prepare before Lookup or Popcount.
func (s *Spikes) Encode(x []float32, steps []uint8) bool {
	if len(x) != s.Cols() || len(steps) != s.Groups() {
		panic(fmt.Sprintf("simd: encode %d values and %d steps into %d neurons", len(x), len(steps), s.Cols()))
	}
	s.Wide = false
	for g, t := range steps {
		if t < 1 || t > MaxSteps {
			panic(fmt.Sprintf("simd: %d steps", t))
		}
		if !encode(s, x[g*GroupCols:][:GroupCols], g, int(t)) {
			return false
		}
		const limit = 1 << 15
		s.Wide = s.Wide || s.Threshold[g] >= limit || s.Lift[g] >= limit || s.Lift[g] <= -limit
	}
	return true
}

// Kernel names a way to compute the product.
type Kernel uint8

const (
	LookupKernel Kernel = iota
	PopcountKernel
)

// Prepare builds what a kernel needs beside the codes, once for all matrices that share the input.
func (s *Spikes) Prepare(k Kernel) {
	if k == PopcountKernel {
		for g := range s.Groups() {
			spikePlanesGeneric(s, g)
		}
		return
	}
	s.together = 8
	for g := range s.Groups() {
		s.together = min(s.together, tables(s, g))
		// The kernels for tame weights read d and n without float16's exponent bias of 112; it goes in here.
		s.scaled[2*g] = s.Threshold[g] * 0x1p112
		s.scaled[2*g+1] = s.Lift[g] * 0x1p112
	}
}
