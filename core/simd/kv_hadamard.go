package simd

import (
	"fmt"
	"math"
)

// Hadamard turns x in place by an orthogonal matrix that is its own inverse. x is cut into parts of
// n, the largest power of two that divides len(x), a multiple of 4; each part is turned by a
// Hadamard matrix of n/4 over the elements i, i+4, i+8, ... for each i < 4. Turned alike, two
// vectors keep their dot product; but a few large entries, which keys have, are spread over all,
// and a range codes them better (QuaRot, arXiv 2404.00456).
func Hadamard(x []float32) {
	if len(x)%4 != 0 {
		panic(fmt.Sprintf("simd: Hadamard matrix for %d values", len(x)))
	}
	n := len(x) & -len(x) // a multiple of 4
	scale := float32(1 / math.Sqrt(float64(n/4)))
	for ; len(x) > 0; x = x[n:] {
		hadamard(x[:n], scale)
	}
}
