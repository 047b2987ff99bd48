package simd

import "github.com/spikechat/spikechat/core/tile"

// BatchDotKernel multiplies the codes of both sides for several tokens: each tile of weights is
// taken apart once for all of them. Its integers are those of the other kernels, the sum of
// c_rj (q_j - z_g), so it changes speed alone.

// batchDotInput is what BatchDotKernel needs of an input.
type batchDotInput struct {
	k      []int8    // [cols]: q - z, -60 to 60
	scales []float32 // [groups*2]: θ, GroupSum
}

func newBatchDotInput(cols int) batchDotInput {
	return batchDotInput{make([]int8, cols), make([]float32, 2*cols/groupCols)}
}

// signForBatches prepares it.
func (s *Spikes) signForBatches() {
	for g, rest := range s.Rest {
		codes := (*[groupCols]uint8)(s.Code[g*groupCols:])
		k := (*[groupCols]int8)(s.batchDot.k[g*groupCols:])
		signGroup(k, codes, rest)
		s.batchDot.scales[2*g], s.batchDot.scales[2*g+1] = s.Threshold[g], s.GroupSum[g]
	}
}

func signGroupGeneric(k *[groupCols]int8, codes *[groupCols]uint8, rest uint8) {
	for j, q := range codes {
		k[j] = int8(q - rest)
	}
}

// MultipliesBatches reports whether BatchDotKernel is faster for several tokens than LookupKernel
// here: where dot products of bytes are instructions.
func MultipliesBatches() bool { return fastDots() }

// dotPlanes is how many planes BatchDotKernel multiplies: the sums of more would leave 16 bits.
const dotPlanes = 4

// InBatches reports whether BatchDotKernel is more than its reference for these weights.
func (w *Weights) InBatches() bool { return w.Planes <= dotPlanes }

// batchDotGeneric computes the tiles from first on.
func batchDotGeneric(y []float32, w *tile.Matrix, s *Spikes, first int) {
	eachRow(y, w, s, first, func(block []byte, _, g int, sums *[tileRows]int32) {
		k := s.batchDot.k[g*groupCols:][:groupCols]
		for r := range sums {
			sum := int32(0)
			for p := range w.Planes {
				word := w.PlaneWord(block, p, r)
				for j := range groupCols {
					sum += int32(word>>j&1) << p * int32(k[j])
				}
			}
			sums[r] = sum
		}
	})
}
