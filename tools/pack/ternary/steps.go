package ternary

import (
	"github.com/spikechat/spikechat/core/simd"
	"github.com/spikechat/spikechat/core/tile"
)

// MaxSteps is the largest T of weights: 15 levels, which four planes hold.
const MaxSteps = tile.MaxTernarySteps

// Levels is how many values T steps have.
func Levels(steps int) int { return 2*steps + 1 }

// Fire gives the spike, -1, 0 or 1, that a neuron of potential v emits in a step, and the potential
// that is left after the soft reset: s_t = clip(v, -1, 1), v -= s_t.
func Fire(v int) (spike, left int) {
	spike = min(max(v, -1), 1)
	return spike, v - spike
}

// Unrolled sets y = W x [Rows] by running the T steps of all weights one after the other: in each
// step a weight that fires adds or subtracts the potential k = q - z of its input's neuron, and
// nothing is multiplied but the sums of a group with their scales. It is the meaning of the merged
// kernels, which equal it bit for bit on the matrix of Tile.
func Unrolled(y []float32, m *Matrix, s *simd.Spikes) {
	for r := range m.Rows {
		sum := float32(0)
		for g := range m.Groups() {
			var potential [tile.GroupCols]int
			var k [tile.GroupCols]int32
			rest := int32(0) // what a layer whose codes are all T would add
			for j := range potential {
				potential[j] = int(m.Codes[r*m.Cols+g*tile.GroupCols+j]) - m.Steps
				k[j] = int32(s.Code[g*tile.GroupCols+j]) - int32(s.Rest[g])
				rest += int32(m.Steps) * k[j]
			}
			i := int32(0)
			for range m.Steps {
				for j := range potential {
					spike, left := Fire(potential[j])
					potential[j] = left
					switch spike {
					case 1:
						i += k[j]
					case -1:
						i -= k[j]
					}
				}
			}
			// From here on as every kernel rounds (core/simd, addGroup): their integers are those of
			// the codes, whose offset is taken off again.
			d := tile.Half(m.Scales[r*m.Groups()+g])
			sum += float32(float32(float32(i+rest)*d) * s.Threshold[g])
			sum -= float32(float32(float32(m.Steps)*d) * s.GroupSum[g])
		}
		y[r] = sum
	}
}
