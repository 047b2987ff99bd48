package simd

import (
	"encoding/binary"
	"math/bits"
)

// popcountGeneric computes the tiles from first on.
func popcountGeneric(y []float32, w *Weights, s *Spikes, first int) {
	eachRow(y, w, s, first, func(block []byte, tile, g int, sums *[TileRows]int32) {
		sumCodes := w.codeSums[(tile*w.Groups()+g)*TileRows:][:TileRows]
		for r := range sums {
			var sum int32
			for p := range w.Planes {
				word := w.planeWord(block, p, r)
				for q := range spikePlanes {
					fired := binary.LittleEndian.Uint32(s.planes[(g*spikePlanes+q)*4:])
					sum += int32(bits.OnesCount32(word&fired)) << (p + q)
				}
			}
			sums[r] = sum - int32(s.Rest[g])*int32(sumCodes[r])
		}
	})
}
