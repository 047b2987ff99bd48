package simd

import (
	"fmt"
	"math"
	"slices"

	"github.com/spikechat/spikechat/core/tile"
)

// A head's input can be sent as two digits: its codes, and what these leave over, coded again (Residual). Reach bounds what
// the second digit can add to the 16 products of each tile, without reading a weight.

// Residual sets left [cols] to what the codes of x leave over: x_j - θ_g (q_j - z_g), the product rounded before it is taken
// off. left may be x.
func (s *Spikes) Residual(left, x []float32) {
	if len(left) != s.Cols() || len(x) != s.Cols() {
		panic(fmt.Sprintf("simd: residual of %d values in %d for %d neurons", len(x), len(left), s.Cols()))
	}
	for g, threshold := range s.Threshold {
		rest := int32(s.Rest[g])
		part, out := x[g*groupCols:][:groupCols], left[g*groupCols:][:groupCols]
		for j, q := range s.Code[g*groupCols:][:groupCols] {
			out[j] = part[j] - float32(threshold*float32(int32(q)-rest))
		}
	}
}

// reach is what Reach knows of the rows of a matrix: how far they lie from a common centre μ, group by group. The rows of a
// trained head share much: seen from their mean they are a quarter shorter than from 0.
type reach struct {
	centre    *Spikes   // μ [cols], which need not be the exact mean, coded with T=1
	steepest  []float32 // [groups]: the largest d
	distances []float32 // [groups x ReachTiles]: the largest |w_rg - μ_g| of a tile's rows, or a little more
}

// centreRows is how many rows the centre is the mean of, about: enough that more would hardly move it.
const centreRows = 256

// reachable reports whether rows can be measured: the weights are d (c-128) with positive d.
func (w *Weights) reachable() bool {
	return w.Planes == headPlanes && w.OffsetBy == 128 && w.NormalScales
}

// ReachTiles is the number of tiles of some rows, rounded up to a multiple of 4.
func ReachTiles(rows int) int { return (rows + 4*tileRows - 1) / (4 * tileRows) * 4 }

// PrepareBounds makes what Reach needs, 4 bytes for each tile and group, if it has not been made yet.
// It does nothing for weights that Reach is not for.
func (w *Weights) PrepareBounds() {
	if w.reachable() {
		w.reach.makeOnce(w.measureRows)
	}
}

func (w *Weights) measureRows() *reach {
	groups, tiles, size := w.Groups(), w.Tiles(), w.BlockBytes()
	r := &reach{centre: w.centre(), steepest: make([]float32, groups), distances: make([]float32, groups*ReachTiles(w.Rows))}
	squares := make([]float32, groups) // |μ_g|², or a little more
	for g := range squares {
		sum := 0
		for _, k := range r.centre.fromRest(g) {
			sum += int(k * k)
		}
		t := float64(r.centre.Threshold[g])
		squares[g] = float32(t*t*float64(sum)) * (1 + 0x1p-20)
	}
	steepest := make([][8]uint16, groups)
	for tile := range tiles {
		for g := range groups {
			block := w.Data[(tile*groups+g)*size:][:size]
			far := distance(block, r.centre.signed[8*groupCols*g:][:8*groupCols], r.centre.Threshold[g], squares[g], &steepest[g])
			r.distances[g*ReachTiles(w.Rows)+tile] = float32(math.Sqrt(float64(far))) * (1 + 0x1p-22)
		}
	}
	for g := range steepest {
		r.steepest[g] = tile.Half(slices.Max(steepest[g][:]))
	}
	return r
}

// centre codes the mean of rows from all over the matrix.
func (w *Weights) centre() *Spikes {
	mean, row := make([]float32, w.Cols), make([]float32, w.Cols)
	every := max(1, w.Rows/centreRows)
	for at := 0; at < w.Rows; at += every {
		w.DequantizeRow(row, at)
		Axpy(mean, 1/float32((w.Rows+every-1)/every), row)
	}
	s := NewSpikes(w.Cols)
	if !s.Encode(mean, slices.Repeat([]uint8{1}, w.Groups())) {
		panic("simd: tame weights have a mean")
	}
	s.signCodes()
	return s
}

// fromRest gives the codes of a group from rest.
func (s *Spikes) fromRest(group int) (k [groupCols]int32) {
	for j, q := range s.Code[group*groupCols:][:groupCols] {
		k[j] = int32(q) - int32(s.Rest[group])
	}
	return k
}

// Reach sets above [ReachTiles] to values that no product of the tile's rows with s, as Lookup rounds it, exceeds. It panics
// unless w.Reaches(s).
//
// With x_j = θ_g k_j what s stands for, Cauchy and Schwarz bound the product of every row in exact arithmetic:
//
//	y_r = Σ_j μ_j x_j + Σ_j (w_rj - μ_j) x_j <= μ x + Σ_g |w_rg - μ_g| |x_g|
//
// What Lookup's roundings lose is below (2G+3) u Σ_g d θ Σ|k| (256 + 128) to first order, as Ceilings has it; twice that
// goes on top, with the largest d of all rows. The sum here passes G+1 roundings and each term two before: 4 (G+4) u of all
// that is added, which is many times as much as they can lose, goes into the terms.
func Reach(above []float32, w *Weights, s *Spikes) {
	if len(above) != ReachTiles(w.Rows) || s.Cols() != w.Cols || !w.Reaches(s) {
		panic(fmt.Sprintf("simd: reach of %d tiles and %d inputs for weights %d x %d, reaching %v", len(above), s.Cols(), w.Rows, w.Cols,
			w.Reaches(s)))
	}
	r, groups := w.reach.get(), w.Groups()
	const u = 0x1p-24
	raise, lost := float64(float64(4*(groups+4))*u), 2*float64(2*groups+4)*u*(256+128)
	var common, slack float64
	for g, threshold := range s.Threshold {
		var size, squares, dot int32
		for j, k := range s.fromRest(g) {
			dot += k * int32(r.centre.signed[8*(g*groupCols+j)])
			squares += k * k
			size += max(k, -k)
		}
		term := float64(float64(r.centre.Threshold[g]) * float64(threshold) * float64(dot))
		common += term
		slack += float64(raise * math.Abs(term))
		slack += float64(lost * float64(r.steepest[g]) * float64(threshold) * float64(size))
		s.bounds.terms[g] = float32(float64(threshold) * math.Sqrt(float64(squares)) * (1 + raise))
	}
	base := float32(common + slack)
	for i := range above {
		above[i] = base
	}
	for g, length := range s.bounds.terms {
		Axpy(above, length, r.distances[g*len(above):][:len(above)])
	}
}

// Reaches reports whether Reach can bound W x for spikes that were prepared for LookupKernel: PrepareBounds has been called
// for weights that it is for, and the spikes are not wide. The products are finite then.
func (w *Weights) Reaches(s *Spikes) bool { return w.reach.get() != nil && w.Bounded(s) }
