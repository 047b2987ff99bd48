package simd

import (
	"math/rand/v2"
	"testing"
)

// TestBatchesOfManyGroups: kernels of batches take some groups of a tile at a time, and the sums of
// the parts are those of the whole.
func TestBatchesOfManyGroups(t *testing.T) {
	r := rand.New(rand.NewPCG(21, 22))
	for _, groups := range []int{17, 18, 19, 24, 25, 36, 37, 48, 49} {
		rows, cols := 40, groupCols*groups
		w := randomWeights(r, rows, cols, 4, 0, scaleKinds[1], patterns[0])
		for _, tokens := range []int{2, 5} {
			ss, ys := make([]*Spikes, tokens), make([][]float32, tokens)
			for i := range ss {
				ss[i], ys[i] = randomSpikes(t, r, cols, 0, 1), make([]float32, rows)
			}
			want := make([]float32, rows)
			for _, kernel := range []Kernel{LookupKernel, BatchDotKernel} {
				kernel.Product(ys, w, ss)
				for i, s := range ss {
					if Unrolled(want, w, s); !sameBits(ys[i], want) {
						t.Fatalf("kernel %d, %d groups: token %d of %d differs", kernel, groups, i, tokens)
					}
				}
			}
		}
	}
}
