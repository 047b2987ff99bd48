package simd

import (
	"fmt"

	"github.com/spikechat/spikechat/core/tile"
)

// Sampling wants the few largest logits, and the output has very many. UpperBounds gives, from the
// top planes alone, a bound above the 16 products of each tile; LookupTile then computes the tiles
// that can still matter.

const (
	outputPlanes = 8
	topPlanes    = 6 // that an upper bound looks up
	lowPlanes    = outputPlanes - topPlanes

	topLevels = 1<<topPlanes - 1
	lowLevels = 1<<lowPlanes - 1
)

// Bounded reports whether UpperBounds can bound W x for spikes that were prepared for LookupKernel;
// then the products are finite too. Where two lookups fit a byte, Σ|k| of a group is at most 4*255,
// so the sums of its top planes fit 16 bits.
func (w *Weights) Bounded(s *Spikes) bool {
	return w.Planes == outputPlanes && w.OffsetBy > 0 && w.NormalScales && !s.wide &&
		s.lookup.together >= 2
}

// UpperBounds sets bounds [Tiles] to values that no product of the tile's rows, as Lookup rounds
// it, exceeds. It panics unless w.Bounded(s).
//
// A code is 4c + b, where c is the top planes' and b in 0..3, and d >= 0. So in exact arithmetic
//
//	y_r <= Σ_g d_rg θ_g (4 Σ_j c_rj k_j + 3 Σ_j max(k_j, 0) - OffsetBy Σ_j k_j)
//
// To cover rounding, a slack goes into each bracket. In Lookup a term passes at most 2G+3 roundings
// on its way through G groups, in the sum here at most G+5, and all terms of a group together are
// at most A_g = d θ Σ|k| (256 + OffsetBy) in size. So what both lose is below (3G+8) u ΣA_g to
// first order, u = 2^-24. The slack is twice that, which covers the higher orders and its own
// rounding, and underflow too, since a normal d is 0 or at least 2^-14.
func UpperBounds(bounds []float32, w *Weights, s *Spikes) {
	if len(bounds) != w.Tiles() || s.Cols() != w.Cols || !w.Bounded(s) {
		panic(fmt.Sprintf("simd: %d upper bounds and %d inputs for weights %d x %d, bounded %v",
			len(bounds), s.Cols(), w.Rows, w.Cols, w.Bounded(s)))
	}
	slack := 2 * float64(3*w.Groups()+8) * 0x1p-24 * (256 + float64(w.OffsetBy))
	for g := range s.bounds.terms {
		below := int(s.lookup.excess[g]) // Σ max(-k, 0)
		k := -groupCols * int(s.Rest[g])
		for _, q := range s.Code[g*groupCols:][:groupCols] {
			k += int(q)
		}
		// The tables hold more than the sums from rest; that goes off here.
		bound := float64(lowLevels*(k+below)-topLevels<<lowPlanes*below) -
			float64(float64(w.OffsetBy)*float64(k))
		s.bounds.terms[g] = float32((bound + float64(slack*float64(k+2*below))) / (1 << lowPlanes))
	}
	full := upperBounds(bounds, w.Matrix, s)
	upperBoundsGeneric(bounds, w.Matrix, s, full)
}

// UpperBoundBytes is what UpperBounds reads of the weights.
func (w *Weights) UpperBoundBytes() int {
	return w.WholeBlocks() * (topPlanes*planeBytes + 2*tileRows)
}

// TileBytes is what LookupTile reads of the weights.
func (w *Weights) TileBytes() int { return w.Groups() * w.BlockBytes() }

// LookupTile sets y to the products of one tile's rows, 16 or what the last tile has: the same bits
// as Lookup.
func LookupTile(y []float32, w *Weights, s *Spikes, tile int) {
	part := w.tile(tile)
	checkProduct("LookupTile", y, &part, s)
	lookupRows(y, &part, s)
}

// PopcountTile is LookupTile by Popcount.
func PopcountTile(y []float32, w *Weights, s *Spikes, tile int) {
	part := w.tile(tile)
	checkProduct("PopcountTile", y, &part, s)
	sums := w.codeSums.Load()
	if sums == nil {
		panic("simd: PopcountTile before Prepare")
	}
	own := (*sums)[tile*w.Groups()*tileRows:][:w.Groups()*tileRows]
	full := popcount(y, &part, &own, s)
	popcountGeneric(y, &part, &own, s, full)
}

// tile gives one tile as a matrix of its own.
func (w *Weights) tile(i int) tile.Matrix {
	size := w.TileBytes()
	part := *w.Matrix
	part.Rows = min(tileRows, w.Rows-i*tileRows)
	part.Data = w.Data[i*size:][:size]
	return part
}

// boundScratch is the work space of UpperBounds and ResidualBounds.
type boundScratch struct {
	terms []float32 // [groups]: what each group adds
	// fence is where kernels store to keep a compiler from reordering them (product_lookup8_simd.go).
	fence [8]uint16
	// sums are of the tiles that a step is at.
	sums [streamed * tileRows]float32
}
