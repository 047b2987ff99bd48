//go:build goexperiment.simd && (wasm || amd64 || arm64)

package simd

import (
	"unsafe"

	"github.com/spikechat/spikechat/core/tile"
)

// upperBounds computes the bounds of all full tiles and returns how many that is. Lookups of 8
// columns fit a byte.
func upperBounds(bounds []float32, w *tile.Matrix, s *Spikes) int {
	tiles := w.Rows / tileRows
	if !available || tiles < streamed {
		return 0
	}
	blocks := w.Groups() * block8
	_ = w.Data[tiles*blocks-1]
	data := unsafe.Pointer(&w.Data[0])
	sums := unsafe.Pointer(&s.bounds.sums)
	step := newStreamStep(w, s, unsafe.Pointer(&s.bounds.terms[0]))
	steps, second, third := streams(tiles)
	for tile := range steps {
		leave()
		places := [streamed]int{tile, second + tile, third + tile}
		for i, at := range places {
			step.begin(i, unsafe.Add(data, at*blocks), unsafe.Add(sums, i*4*tileRows))
		}
		if s.lookup.together >= 4 {
			upperBoundsBy4(&step)
		} else {
			upperBoundsBy2(&step)
		}
		for i, at := range places {
			bounds[at] = largest(step.rows[i])
		}
	}
	leave()
	return tiles
}

// largest gives the bound of a tile by the 16 sums of its rows.
func largest(rows unsafe.Pointer) float32 {
	y0, y1, y2, y3 := floats4(rows, 0), floats4(rows, 16), floats4(rows, 32), floats4(rows, 48)
	var y [4]float32
	y0.Max(y1).Max(y2.Max(y3)).StoreArray(&y)
	return max(y[0], y[1], y[2], y[3]) * (1 << lowPlanes)
}
