package simd

import "fmt"

// FloatTransposed adds Wᵀ ys[t] to xs[t] for every token of a batch, rows ascending. scratch holds
// 16 rows and grows as needed. It is for calibration.
func FloatTransposed(xs [][]float32, w *Weights, ys [][]float32, scratch *[]float32) {
	if len(ys) != len(xs) {
		panic(fmt.Sprintf("simd: transposed: %d outputs for %d inputs", len(xs), len(ys)))
	}
	for t := range xs {
		if len(ys[t]) != w.Rows || len(xs[t]) != w.Cols {
			panic(fmt.Sprintf("simd: transposed: %d outputs and %d inputs for weights %d x %d", len(xs[t]),
				len(ys[t]), w.Rows, w.Cols))
		}
	}
	if len(*scratch) < tileRows*w.Cols {
		*scratch = make([]float32, tileRows*w.Cols)
	}
	var factors [tileRows]float32
	for tile := range w.Tiles() {
		for r := range tileRows {
			w.DequantizeRow((*scratch)[r*w.Cols:][:w.Cols], tile*tileRows+r)
		}
		for t, y := range ys {
			factors = [tileRows]float32{}
			copy(factors[:], y[tile*tileRows:])
			for r := 0; r < tileRows; r += 4 {
				axpy4(xs[t], (*[4]float32)(factors[r:]), (*scratch)[r*w.Cols:][:4*w.Cols])
			}
		}
	}
}
