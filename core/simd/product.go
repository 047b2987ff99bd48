package simd

import (
	"fmt"

	"github.com/spikechat/spikechat/core/tile"
)

// A product y = W x is computed row by row from the codes of x (RATIONALE.md, "Why bit planes?"):
//
//	I_rg = Σ_j c_rj (q_j - z_g)                      integer
//	y_r  = Σ_g (I_rg d_rg) θ_g - n_rg GroupSum_g     float32
//
// Groups are added in ascending order, and every operation is rounded. The functions below differ
// only in how they find I.

// Lookup sets y = W x [Rows]. For each 4 input columns a table has the 16 possible sums of their
// codes, and each weight plane's nibble picks one: a lookup adds the spikes of four presynaptic
// neurons. s must have been prepared for LookupKernel.
func Lookup(y []float32, w *Weights, s *Spikes) {
	checkProduct("Lookup", y, w.Matrix, s)
	lookupRows(y, w.Matrix, s)
}

func lookupRows(y []float32, w *tile.Matrix, s *Spikes) {
	full := lookup(y, w, s)
	lookupGeneric(y, w, s, full)
}

// Popcount sets y = W x [Rows]: each weight plane AND each spike plane, the ones counted and
// shifted by the weights of both. s and w must have been prepared for PopcountKernel.
func Popcount(y []float32, w *Weights, s *Spikes) {
	checkProduct("Popcount", y, w.Matrix, s)
	sums := w.codeSums.Load()
	if sums == nil {
		panic("simd: Popcount before Prepare")
	}
	full := popcount(y, w.Matrix, sums, s)
	popcountGeneric(y, w.Matrix, sums, s, full)
}

// DotCodes sets y = W x [Rows] by multiplying the codes of both sides, without spikes: what the
// other kernels are measured by. s and w must have been prepared for DotKernel.
func DotCodes(y []float32, w *Weights, s *Spikes) {
	checkProduct("DotCodes", y, w.Matrix, s)
	unpacked := w.unpacked.Load()
	if unpacked == nil {
		panic("simd: DotCodes before Prepare")
	}
	full := dotCodes(y, w.Matrix, unpacked, s)
	dotCodesGeneric(y, w.Matrix, unpacked, s, full)
}

func checkProduct(name string, y []float32, w *tile.Matrix, s *Spikes) {
	if len(y) != w.Rows || s.Cols() != w.Cols {
		panic(fmt.Sprintf("simd: %s: %d outputs and %d inputs for weights %d x %d", name, len(y),
			s.Cols(), w.Rows, w.Cols))
	}
}

// addGroup adds one group to a row's sum, in the order every kernel keeps.
func addGroup(y float32, i int32, d, n, threshold, groupSum float32) float32 {
	y += float32(float32(float32(i)*d) * threshold)
	return y - float32(n*groupSum)
}

// eachRow calls integers for every block from tile first on and sums the groups; integers gives I
// for the 16 rows of a tile. It is the common part of the references.
func eachRow(y []float32, w *tile.Matrix, s *Spikes, first int,
	integers func(block []byte, tile, group int, i *[tileRows]int32)) {
	// Kept in s: a local would move to the heap with every call, because integers is not known here.
	sums := &s.sums
	for tile := first; tile < w.Tiles(); tile++ {
		var acc [tileRows]float32
		for g := range w.Groups() {
			block := w.Block(tile, g)
			integers(block, tile, g, sums)
			for r := range acc {
				d, n := w.Scales(block, r)
				acc[r] = addGroup(acc[r], sums[r], d, n, s.Threshold[g], s.GroupSum[g])
			}
		}
		copy(y[tile*tileRows:], acc[:])
	}
}
