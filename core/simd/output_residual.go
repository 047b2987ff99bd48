package simd

import (
	"fmt"
	"math"
	"slices"

	"github.com/spikechat/spikechat/core/tile"
)

// The output's input can be coded in two stages: its codes, and their quantisation error
// (Residual), coded again. ResidualBounds bounds what the second stage can add to the 16 products
// of each tile, without reading a weight.

// Residual sets residual [cols] to the quantisation error of the codes of x: x_j - θ_g (q_j - z_g),
// the product rounded before it is taken off. residual may be x.
func (s *Spikes) Residual(residual, x []float32) {
	if len(residual) != s.Cols() || len(x) != s.Cols() {
		panic(fmt.Sprintf("simd: residual of %d values in %d for %d neurons", len(x), len(residual),
			s.Cols()))
	}
	for g, threshold := range s.Threshold {
		rest := int32(s.Rest[g])
		part, out := x[g*groupCols:][:groupCols], residual[g*groupCols:][:groupCols]
		for j, q := range s.Code[g*groupCols:][:groupCols] {
			out[j] = part[j] - float32(threshold*float32(int32(q)-rest))
		}
	}
}

// rowDistances is what ResidualBounds knows of the rows of a matrix: how far they lie from a common
// centre μ, group by group. The rows of a trained output share much: seen from their mean they are
// a quarter shorter than from 0.
type rowDistances struct {
	centre       *Spikes   // μ [cols], which need not be the exact mean, coded with T=1
	largestScale []float32 // [groups]: the largest d
	// distances [groups x BoundTiles] are the largest |w_rg - μ_g| of a tile's rows, or a little more.
	distances []float32
}

// centreRows is about how many rows the centre is the mean of: enough that more would hardly move
// it.
const centreRows = 256

// measurable reports whether rows can be measured: the weights are d (c-128) with positive d.
func (w *Weights) measurable() bool {
	return w.Planes == outputPlanes && w.OffsetBy == 128 && w.NormalScales
}

// BoundTiles is the number of tiles of some rows, rounded up to a multiple of 4.
func BoundTiles(rows int) int { return (rows + 4*tileRows - 1) / (4 * tileRows) * 4 }

// PrepareBounds makes what ResidualBounds needs, 4 bytes for each tile and group, if it has not
// been made yet. It does nothing for weights that ResidualBounds is not for.
func (w *Weights) PrepareBounds() {
	w.making.Lock()
	defer w.making.Unlock()
	if w.measurable() && w.rows.Load() == nil {
		w.rows.Store(w.measureRows())
	}
}

func (w *Weights) measureRows() *rowDistances {
	groups, tiles, size := w.Groups(), w.Tiles(), w.BlockBytes()
	r := &rowDistances{centre: w.centre(), largestScale: make([]float32, groups),
		distances: make([]float32, groups*BoundTiles(w.Rows))}
	squares := make([]float32, groups) // |μ_g|², or a little more
	for g := range squares {
		sum := 0
		for _, k := range r.centre.fromRest(g) {
			sum += int(k * k)
		}
		t := float64(r.centre.Threshold[g])
		squares[g] = float32(t*t*float64(sum)) * (1 + 0x1p-20)
	}
	largestScale := make([][8]uint16, groups)
	for tile := range tiles {
		for g := range groups {
			block := w.Data[(tile*groups+g)*size:][:size]
			far := distance(block, r.centre.signed[8*groupCols*g:][:8*groupCols], r.centre.Threshold[g],
				squares[g], &largestScale[g])
			r.distances[g*BoundTiles(w.Rows)+tile] = float32(math.Sqrt(float64(far))) * (1 + 0x1p-22)
		}
	}
	for g := range largestScale {
		r.largestScale[g] = tile.Half(slices.Max(largestScale[g][:]))
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
		panic("simd: weights of normal scales have a mean")
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

// ResidualBounds sets above [BoundTiles] to values that no product of the tile's rows with s, as
// Lookup rounds it, exceeds. It panics unless w.ResidualBounded(s).
//
// With x_j = θ_g k_j the decoded inputs, Cauchy and Schwarz bound the product of every row in exact
// arithmetic:
//
//	y_r = Σ_j μ_j x_j + Σ_j (w_rj - μ_j) x_j <= μ x + Σ_g |w_rg - μ_g| |x_g|
//
// What Lookup's roundings lose is below (2G+3) u Σ_g d θ Σ|k| (256 + 128) to first order, as
// UpperBounds has it; twice that goes on top, with the largest d of all rows. The sum here passes
// G+1 roundings and each term two before: 4 (G+4) u of all that is added, which is many times as
// much as they can lose, goes into the terms.
func ResidualBounds(above []float32, w *Weights, s *Spikes) {
	if len(above) != BoundTiles(w.Rows) || s.Cols() != w.Cols || !w.ResidualBounded(s) {
		panic(fmt.Sprintf("simd: residual bounds of %d tiles and %d inputs for weights %d x %d, "+
			"bounded %v", len(above), s.Cols(), w.Rows, w.Cols, w.ResidualBounded(s)))
	}
	r, groups := w.rows.Load(), w.Groups()
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
		slack += float64(lost * float64(r.largestScale[g]) * float64(threshold) * float64(size))
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

// ResidualBounded reports whether ResidualBounds can bound W x, whatever kernel computes it:
// PrepareBounds has been called for weights that it is for, and the spikes are not wide. The
// products are finite then.
func (w *Weights) ResidualBounded(s *Spikes) bool { return w.rows.Load() != nil && !s.wide }
