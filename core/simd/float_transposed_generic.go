package simd

// axpy4Generic adds four rows, which stand one after the other, times a, one after the other.
func axpy4Generic(y []float32, a *[4]float32, rows []float32) {
	for r, v := range a {
		axpyGeneric(y, v, rows[r*len(y):][:len(y)])
	}
}
