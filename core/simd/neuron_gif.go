package simd

import "fmt"

// Encode codes one token's activations with steps[g] time steps (1 to 4) for group g, and reports
// whether all values were finite; when not, the spikes must not be used. Call Prepare before Lookup
// or Popcount. What a neuron does is written in encodeGeneric.
func (s *Spikes) Encode(x []float32, steps []uint8) bool {
	if len(x) != s.Cols() || len(steps) != s.Groups() {
		panic(fmt.Sprintf("simd: encode %d values and %d steps into %d neurons", len(x), len(steps),
			s.Cols()))
	}
	s.wide, s.neuron, s.oneRange = false, nil, false
	for g, t := range steps {
		if t < 1 || t > MaxSteps {
			panic(fmt.Sprintf("simd: %d steps", t))
		}
		if !encode(s, x[g*groupCols:][:groupCols], g, int(t)) {
			return false
		}
		s.widen(g)
	}
	return true
}

// widen sets wide where group g makes the token so.
func (s *Spikes) widen(g int) {
	const limit = 1 << 15
	s.wide = s.wide || s.Threshold[g] >= limit || s.GroupSum[g] >= limit || s.GroupSum[g] <= -limit
}
