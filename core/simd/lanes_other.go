//go:build !goexperiment.simd || !(wasm || amd64 || arm64)

package simd

import "github.com/spikechat/spikechat/core/tile"

// Without vector kernels the references do all: a kernel that computed no tile leaves all of them
// to its reference.

const available = false

func lookup([]float32, *tile.Matrix, *Spikes) int                   { return 0 }
func lookupBatch([][]float32, *tile.Matrix, []*Spikes) int          { return 0 }
func batchDot([][]float32, *tile.Matrix, []*Spikes) int             { return 0 }
func popcount([]float32, *tile.Matrix, *[]uint16, *Spikes) int      { return 0 }
func upperBounds([]float32, *tile.Matrix, *Spikes) int              { return 0 }
func dotCodes([]float32, *tile.Matrix, *unpackedCodes, *Spikes) int { return 0 }

func count(codes, rests []uint8, c *Counts) { countGeneric(codes, rests, c) }
func keptSpikes(k []int8) uint32            { return keptSpikesGeneric(k) }

func encode(s *Spikes, x []float32, group, steps int) bool {
	return encodeGeneric(s, x, group, steps)
}

func tables(s *Spikes, group int) int { return tablesGeneric(s, group) }

func distance(block []byte, signed []int16, threshold, square float32,
	largestScale *[8]uint16) float32 {
	return distanceGeneric(block, signed, threshold, square, largestScale)
}

func hadamard(x []float32, scale float32) { hadamardGeneric(x, scale) }
func keep(dst []int8, x []float32, threshold, rest, levels float32) {
	keepGeneric(dst, x, threshold, rest, levels)
}

func codeQuery(codes []int16, q []float32) (threshold float32, finite bool) {
	return codeQueryGeneric(codes, q)
}

func (a *Attention) score3(head int, keys [][]int8, thresholds []float32, positions int,
	scale float32) {
	for h := range 3 {
		a.scoreGeneric(head+h, keys, thresholds, positions, scale)
	}
}

func (a *Attention) list(thresholds []float32) int { return a.listGeneric(thresholds, 0, 0) }

func (a *Attention) values3(head int, out []float32, values [][]int8, listed []int32) {
	for h := range 3 {
		a.valuesGeneric(head+h, out[h*a.dim:][:a.dim], values, listed)
	}
}

func fastDots() bool { return false }

func signGroup(k *[groupCols]int8, codes *[groupCols]uint8, rest uint8) {
	signGroupGeneric(k, codes, rest)
}

func dot(a, b []float32) float32                             { return dotGeneric(a, b) }
func dot4(sums *[4]float32, rows, x []float32)               { dot4Generic(sums, rows, x) }
func axpy(y []float32, a float32, x []float32)               { axpyGeneric(y, a, x) }
func axpy4(y []float32, a *[4]float32, rows []float32)       { axpy4Generic(y, a, rows) }
func swiglu(gate, up []float32)                              { swigluGeneric(gate, up) }
func geglu(gate, up []float32)                               { gegluGeneric(gate, up) }
func expSum(x []float32, highest float32) (lanes [4]float32) { return expSumGeneric(x, highest) }
func highestOf(x []float32) float32                          { return highestOfGeneric(x) }
func divide(x []float32, by float32)                         { divideGeneric(x, by) }
