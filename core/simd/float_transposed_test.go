package simd

import (
	"math/rand/v2"
	"slices"
	"testing"
)

func TestAxpy4EqualsReference(t *testing.T) {
	r := rand.New(rand.NewPCG(41, 42))
	for n := 0; n <= 68; n += 4 {
		for offset := range 4 {
			y, rows := randomFloats(r, n+offset+8, 1), randomFloats(r, 4*n+offset, 1)[offset:]
			a := (*[4]float32)(randomFloats(r, 4, 1))
			got, want := slices.Clone(y), slices.Clone(y)
			axpy4(got[offset:][:n], a, rows)
			axpy4Generic(want[offset:][:n], a, rows)
			if !sameBits(got, want) {
				t.Fatalf("%d values at %d: %v, want %v", n, offset, got, want)
			}
		}
	}
}

// TestFloatTransposed adds the rows of the dequantised matrix one by one.
func TestFloatTransposed(t *testing.T) {
	r := rand.New(rand.NewPCG(43, 44))
	for _, rows := range []int{1, 3, 16, 21, 32} {
		w := randomWeights(r, rows, 64, 4, 0, scaleKinds[1], patterns[0])
		ys := [][]float32{randomFloats(r, rows, 1), randomFloats(r, rows, 1)}
		xs := [][]float32{randomFloats(r, 64, 1), randomFloats(r, 64, 1)}
		want := [][]float32{slices.Clone(xs[0]), slices.Clone(xs[1])}
		var scratch []float32
		FloatTransposed(xs, w, ys, &scratch)
		row := make([]float32, 64)
		for i := range rows {
			w.DequantizeRow(row, i)
			for t := range want {
				for j := range row {
					want[t][j] += float32(ys[t][i] * row[j])
				}
			}
		}
		if !sameBits(xs[0], want[0]) || !sameBits(xs[1], want[1]) {
			t.Errorf("%d rows: %v, want %v", rows, xs, want)
		}
	}
}
