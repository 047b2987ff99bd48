package gptq

import (
	"cmp"
	"slices"

	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"

	"github.com/spikechat/spikechat/core/tile"
)

// A Coder rounds weights. Rows are coded at the same time, a row's weights one after the other.
type Coder interface {
	// Begin chooses how a group of 32 weights of a row is coded. w [cols] is the row as it is when
	// the first of them comes, errors of others carried to it; cost [cols] is what an error of each
	// then costs: 1/U_jj².
	Begin(row, group int, w, cost []float64)
	// Round codes the weight of a row and column as near to w as it can, and gives what it became.
	Round(row, col int, w float64) float64
}

// rowsTogether is how many rows read a row of U while it is in the cache.
const rowsTogether = 8

// Quantise codes the matrix w [rows][cols], which it overwrites. Where the columns do not come in
// the natural order, all groups begin before the first of them. workers changes no bit.
func Quantise(w [][]float64, f *Factored, c Coder, workers int) {
	cols, natural := len(f.Order), slices.IsSorted(f.Order)
	cost := make([]float64, cols) // by column
	for i, col := range f.Order {
		u := f.U.At(i, i)
		cost[col] = 1 / (u * u)
	}
	u := f.U.RawTriangular()
	chunks := (len(w) + rowsTogether - 1) / rowsTogether
	inParallel(chunks, workers, func(chunk int) {
		first := chunk * rowsTogether
		rows := w[first:min(first+rowsTogether, len(w))]
		// In the order of the columns, so that a row of U meets them side by side.
		left := make([][]float64, len(rows))
		for r, row := range rows {
			left[r] = row
			if natural {
				continue
			}
			for g := range cols / tile.GroupCols {
				c.Begin(first+r, g, row, cost)
			}
			left[r] = make([]float64, cols)
			for i, col := range f.Order {
				left[r][i] = row[col]
			}
		}
		for i, col := range f.Order {
			behind := u.Data[i*u.Stride:][i+1 : cols]
			diagonal := u.Data[i*u.Stride+i]
			for r := range rows {
				if natural && col%tile.GroupCols == 0 {
					c.Begin(first+r, col/tile.GroupCols, left[r], cost)
				}
				q := c.Round(first+r, col, left[r][i])
				if e := (left[r][i] - q) / diagonal; e != 0 && len(behind) > 0 {
					blas64.Axpy(-e, blas64.Vector{N: len(behind), Inc: 1, Data: behind},
						blas64.Vector{N: len(behind), Inc: 1, Data: left[r][i+1:]})
				}
				left[r][i] = q
			}
		}
		if !natural {
			for r, row := range rows {
				for i, col := range f.Order {
					row[col] = left[r][i]
				}
			}
		}
	})
}

// ByDiagonal orders columns by the diagonal of the Hessian, from the largest down.
func ByDiagonal(h mat.Symmetric) []int {
	order := make([]int, h.SymmetricDim())
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(h.At(b, b), h.At(a, a)) })
	return order
}

// Loss is what an error e [cols] of a row does to its outputs: ½ e H eᵀ, the mean square.
func Loss(e []float64, h mat.Symmetric) float64 {
	v := mat.NewVecDense(len(e), e)
	return mat.Inner(v, h, v) / 2
}
