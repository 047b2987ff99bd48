package simd

import (
	"fmt"
	"math"
)

// Dot is Σ a_i b_i in four lanes. Lengths must be equal and a multiple of 4.
func Dot(a, b []float32) float32 {
	if len(a) != len(b) || len(a)%4 != 0 {
		panic(fmt.Sprintf("simd: dot product of %d and %d values", len(a), len(b)))
	}
	return dot(a, b)
}

// Axpy adds a*x to y. Lengths must be equal and a multiple of 4.
func Axpy(y []float32, a float32, x []float32) {
	if len(y) != len(x) || len(y)%4 != 0 {
		panic(fmt.Sprintf("simd: adding %d values to %d", len(x), len(y)))
	}
	axpy(y, a, x)
}

// Scale multiplies x by a factor.
func Scale(x []float32, by float32) {
	if by == 1 {
		return
	}
	for i := range x {
		x[i] *= by
	}
}

// RMSNorm sets dst_i = x_i / sqrt(mean(x²) + epsilon) * weight_i. Lengths must be equal and a
// multiple of 4; dst may be x.
func RMSNorm(dst, x, weight []float32, epsilon float32) {
	if len(dst) != len(x) || len(weight) != len(x) {
		panic(fmt.Sprintf("simd: norm of %d values with %d weights into %d", len(x), len(weight),
			len(dst)))
	}
	mean := Dot(x, x) / float32(len(x))
	inverse := 1 / float32(math.Sqrt(float64(mean+epsilon)))
	if !(mean <= math.MaxFloat32) {
		// The inverse of an infinity would be 0, and the norm of what overflowed nothing at all.
		inverse = float32(math.NaN())
	}
	for i, v := range x {
		dst[i] = float32(v*inverse) * weight[i]
	}
}

// SwiGLU sets gate_i = gate_i / (1 + e^-gate_i) * up_i. Lengths must be equal and a multiple of 4.
func SwiGLU(gate, up []float32) {
	if len(gate) != len(up) || len(gate)%4 != 0 {
		panic(fmt.Sprintf("simd: gate of %d values over %d", len(gate), len(up)))
	}
	swiglu(gate, up)
}

// GeGLU sets gate_i = GELU(gate_i) * up_i, with GELU in its tanh form, 0.5 g (1 + tanh(sqrt(2/π) (g
// + 0.044715 g³))) = g / (1 + e^-2u) for tanh's argument u. Lengths are as for SwiGLU.
func GeGLU(gate, up []float32) {
	if len(gate) != len(up) || len(gate)%4 != 0 {
		panic(fmt.Sprintf("simd: gate of %d values over %d", len(gate), len(up)))
	}
	geglu(gate, up)
}

// -2u = g (geluLinear + geluCubic g²).
const (
	geluLinear = -1.5957691216057308 // -2 sqrt(2/π)
	geluCubic  = geluLinear * 0.044715
)

// Softmax turns scores into probabilities, in place: subtract the largest, exponentiate, sum in
// four lanes, divide.
func Softmax(x []float32) {
	if len(x) > 0 {
		divide(x, exponentiate(x))
	}
}

// exponentiate turns scores into e^(score-largest) and gives their sum, taken in four lanes.
func exponentiate(x []float32) (sum float32) {
	whole := len(x) &^ 3
	highest := x[0]
	if whole > 0 {
		highest = highestOf(x[:whole])
	}
	for _, v := range x[whole:] {
		if v > highest {
			highest = v
		}
	}
	lanes := expSum(x[:whole], highest)
	for i, v := range x[whole:] {
		e := Exp32(v - highest)
		x[whole+i] = e
		lanes[i] += e
	}
	return (lanes[0] + lanes[2]) + (lanes[1] + lanes[3])
}

// Rotate turns the pairs (2i, 2i+1) of a head by the angles whose cosine and sine are given (rotary
// embedding, GGUF's interleaved order).
func Rotate(x, cos, sin []float32) {
	for i, c := range cos {
		s := sin[i]
		a, b := x[2*i], x[2*i+1]
		x[2*i] = float32(a*c) - float32(b*s)
		x[2*i+1] = float32(a*s) + float32(b*c)
	}
}

// Float sets ys[t] = W xs[t] for every token of a batch, with weights w = d*c - n in float32 and
// each row's sum in four lanes: the product without spikes, for tests and evaluation. scratch holds
// 16 rows and grows as needed.
func Float(ys [][]float32, w *Weights, xs [][]float32, scratch *[]float32) {
	if len(ys) != len(xs) {
		panic(fmt.Sprintf("simd: float: %d outputs for %d inputs", len(ys), len(xs)))
	}
	for t := range xs {
		if len(ys[t]) != w.Rows || len(xs[t]) != w.Cols {
			panic(fmt.Sprintf("simd: float: %d outputs and %d inputs for weights %d x %d", len(ys[t]),
				len(xs[t]), w.Rows, w.Cols))
		}
	}
	if len(*scratch) < tileRows*w.Cols {
		*scratch = make([]float32, tileRows*w.Cols)
	}
	var sums [4]float32
	for tile := range w.Tiles() {
		for r := range tileRows {
			w.DequantizeRow((*scratch)[r*w.Cols:][:w.Cols], tile*tileRows+r)
		}
		for t, x := range xs {
			for r := 0; r < tileRows; r += 4 {
				dot4(&sums, (*scratch)[r*w.Cols:][:4*w.Cols], x)
				copy(ys[t][min(tile*tileRows+r, w.Rows):], sums[:])
			}
		}
	}
}
