package simd

import (
	"math/bits"

	"github.com/spikechat/spikechat/core/tile"
)

// Fire gives the graded spike, 0 to 15, that a neuron of potential v emits in a step, and the
// potential that is left after the soft reset: s_t = min(v, 15), v -= s_t (SpikeLLM, section 3.2).
func Fire(v uint8) (spike, left uint8) {
	spike = min(v, StepLevels)
	return spike, v - spike
}

// Unrolled sets y = W x by running the T time steps one after the other: in each step the graded
// spikes are sent as four binary planes and meet the weight planes by AND and counting. It is the
// meaning of the merged kernels, not a fast path: Lookup and Popcount equal it bit for bit, which
// is SpikeLLM's claim that spikes compute the quantised product.
func Unrolled(y []float32, w *Weights, s *Spikes) {
	checkProduct("Unrolled", y, w.Matrix, s)
	eachRow(y, w.Matrix, s, 0, func(block []byte, _, g int, sums *[tileRows]int32) {
		*sums = [tileRows]int32{}
		classes, n := s.classes(g)
		for _, c := range classes[:n] {
			var potential [groupCols]uint8
			for j, k := range s.distances(g, c) {
				if c.mask>>j&1 != 0 {
					potential[j] = uint8(c.rest + k)
				}
			}
			for range c.steps {
				addSpikes(w.Matrix, sums, block, fireGroup(&potential), c.unit)
			}
			// A network at rest sends z from every neuron; what counts is the difference.
			for r := range sums {
				for p := range w.Planes {
					sums[r] -= c.unit * c.rest * int32(bits.OnesCount32(w.PlaneWord(block, p, r)&c.mask)) << p
				}
			}
		}
	})
}

// Rest sets y = W x with spikes from rest alone: k = q - z is fired as signed graded spikes,
// neurons with k = 0 are silent, and no correction follows.
func Rest(y []float32, w *Weights, s *Spikes) {
	checkProduct("Rest", y, w.Matrix, s)
	eachFired(y, w, s, func(block []byte, sums *[tileRows]int32, fired [4]uint32, unit int32) {
		addSpikes(w.Matrix, sums, block, fired, unit)
	})
}

// UnrolledTernary is Rest for weights that are ternary spikes, T = OffsetBy steps of each: in every
// step of the input and of the weight, what a neuron fires is added, taken off, or not sent. What
// the other products have too much by is T times the spikes of the group, which their offsets take
// off; so it is added here.
func UnrolledTernary(y []float32, w *Weights, s *Spikes) {
	checkProduct("UnrolledTernary", y, w.Matrix, s)
	steps := int(w.OffsetBy)
	eachFired(y, w, s, func(block []byte, sums *[tileRows]int32, fired [4]uint32, unit int32) {
		for t := range steps {
			addTernarySpikes(w.Matrix, sums, block, fired, unit, t)
		}
	})
}

// eachFired has add called with what each step of a group's neurons fires from rest: those above
// it, and then those below, with a negative unit.
func eachFired(y []float32, w *Weights, s *Spikes,
	add func(block []byte, sums *[tileRows]int32, fired [4]uint32, unit int32)) {
	eachRow(y, w.Matrix, s, 0, func(block []byte, _, g int, sums *[tileRows]int32) {
		*sums = [tileRows]int32{}
		classes, n := s.classes(g)
		for _, c := range classes[:n] {
			for _, sign := range [...]int32{1, -1} {
				var potential [groupCols]uint8
				for j, k := range s.distances(g, c) {
					potential[j] = uint8(max(sign*k, 0))
				}
				for range c.steps {
					add(block, sums, fireGroup(&potential), sign*c.unit)
				}
			}
		}
	})
}

// addTernarySpikes adds what fires in one step of the input to the rows of a block, as the weights'
// spikes of step t say, and once more.
func addTernarySpikes(w *tile.Matrix, sums *[tileRows]int32, block []byte, fired [4]uint32,
	unit int32, t int) {
	for r := range sums {
		for j := range groupCols {
			code := 0
			for p := range w.Planes {
				code |= int(w.PlaneWord(block, p, r)>>j&1) << p
			}
			spike := int32(0) // of the weight: the sign of its level in as many steps as that is large
			switch level := code - int(w.OffsetBy); {
			case level > t:
				spike = 1
			case -level > t:
				spike = -1
			}
			for b, f := range fired {
				sums[r] += (spike + 1) * unit * int32(f>>j&1) << b
			}
		}
	}
}

// fireGroup runs one step of a group's neurons: each fires and is reset. Bit j of fired[b] is
// neuron j's binary spike of weight 2^b.
func fireGroup(potential *[groupCols]uint8) (fired [4]uint32) {
	for j, v := range potential {
		spike, left := Fire(v)
		potential[j] = left
		for b := range fired {
			fired[b] |= uint32(spike>>b&1) << j
		}
	}
	return fired
}

// addSpikes adds the binary spikes of one step, each counting unit, to the rows of a block.
func addSpikes(w *tile.Matrix, sums *[tileRows]int32, block []byte, fired [4]uint32, unit int32) {
	for r := range sums {
		for p := range w.Planes {
			word := w.PlaneWord(block, p, r)
			for b, f := range fired {
				sums[r] += unit * int32(bits.OnesCount32(word&f)) << (p + b)
			}
		}
	}
}
