package simd

// axpy4Generic adds four rows of a matrix times a, one row after the other.
func axpy4Generic(y []float32, a *[4]float32, rows []float32) {
	for r, v := range a {
		axpyGeneric(y, v, rows[r*len(y):][:len(y)])
	}
}
