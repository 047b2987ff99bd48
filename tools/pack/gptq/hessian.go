package gptq

import (
	"errors"
	"fmt"
	"sync"

	"gonum.org/v1/gonum/blas/blas32"
	"gonum.org/v1/gonum/mat"
)

// tokensTogether is how many tokens are multiplied at once, in float32; their sums are added in
// float64.
const tokensTogether = 256

// Hessian gives 2/n Σ_t x_t x_tᵀ of an input x [tokens][cols]: the second derivatives of what a
// row's error does to its outputs, in the mean of the n tokens. workers is how many processors are
// used, and changes no bit.
func Hessian(x [][]float32, workers int) *mat.SymDense {
	cols := len(x[0])
	h := mat.NewSymDense(cols, nil)
	raw := h.RawSymmetric()
	columns := make([][]float32, cols) // of some tokens
	flat := make([]float32, cols*tokensTogether)
	for c := range columns {
		columns[c] = flat[c*tokensTogether:][:tokensTogether]
	}
	for at := 0; at < len(x); at += tokensTogether {
		n := min(tokensTogether, len(x)-at)
		for t, row := range x[at:][:n] {
			for c, v := range row {
				columns[c][t] = v
			}
		}
		inParallel(cols, workers, func(i int) {
			a := blas32.Vector{N: n, Inc: 1, Data: columns[i]}
			for j := i; j < cols; j++ {
				raw.Data[i*raw.Stride+j] += float64(
					blas32.Dot(a, blas32.Vector{N: n, Inc: 1, Data: columns[j]}))
			}
		})
	}
	h.ScaleSym(2/float64(len(x)), h)
	return h
}

// inParallel calls f for 0 to n-1, each worker in ascending order.
func inParallel(n, workers int, f func(i int)) {
	var group sync.WaitGroup
	for first := range workers {
		group.Go(func() {
			for i := first; i < n; i += workers {
				f(i)
			}
		})
	}
	group.Wait()
}

// errSingular reports a Hessian that has no inverse.
var errSingular = errors.New("the Hessian has no inverse: more damping or more text is needed")

// Factored is the inverse of a Hessian, taken apart.
type Factored struct {
	// Order is the columns in the order in which they are quantised.
	Order []int
	// U is upper triangular with UᵀU = H⁻¹, rows and columns in that order. Its diagonal squared is
	// [H_F⁻¹]_jj of optimal brain surgeon, F being the columns from j on.
	U *mat.TriDense
	// Inverse is the diagonal of H⁻¹, by column.
	Inverse []float64
}

// Factor inverts a Hessian whose diagonal is raised by a share of its mean first. A column that was
// always zero counts as one of that mean. order is that of the columns; nil is the natural one.
func Factor(h *mat.SymDense, damping float64, order []int) (*Factored, error) {
	n := h.SymmetricDim()
	if order == nil {
		order = make([]int, n)
		for i := range order {
			order[i] = i
		}
	}
	mean := mat.Trace(h) / float64(n)
	if !(mean > 0) {
		return nil, fmt.Errorf("%w: the input is always zero", errSingular)
	}
	// U is upper triangular and H = U⁻¹ U⁻ᵀ. Read backwards, U⁻¹ is the lower factor of Cholesky.
	backwards := mat.NewSymDense(n, nil)
	for i := range n {
		for j := i; j < n; j++ {
			v := h.At(order[n-1-i], order[n-1-j])
			if i == j {
				if v == 0 {
					v = mean
				}
				v += damping * mean
			}
			backwards.SetSym(i, j, v)
		}
	}
	var cholesky mat.Cholesky
	if !cholesky.Factorize(backwards) {
		return nil, errSingular
	}
	var lower, inverse mat.TriDense
	cholesky.LTo(&lower)
	if err := inverse.InverseTri(&lower); err != nil {
		// A condition is a warning: the factor is there, and damping has made it usable.
		var condition mat.Condition
		if !errors.As(err, &condition) {
			return nil, fmt.Errorf("%w (%w)", errSingular, err)
		}
	}
	f := &Factored{Order: order, U: mat.NewTriDense(n, mat.Upper, nil),
		Inverse: make([]float64, n)}
	for i := range n {
		for j := i; j < n; j++ {
			v := inverse.At(n-1-i, n-1-j)
			f.U.SetTri(i, j, v)
			f.Inverse[order[j]] += v * v
		}
	}
	return f, nil
}
