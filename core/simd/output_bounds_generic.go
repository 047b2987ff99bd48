package simd

import (
	"encoding/binary"
	"math"

	"github.com/spikechat/spikechat/core/tile"
)

// upperBoundsGeneric computes the tiles from first on.
func upperBoundsGeneric(bounds []float32, w *tile.Matrix, s *Spikes, first int) {
	for tile := first; tile < w.Tiles(); tile++ {
		var y [tileRows]float32
		for g := range w.Groups() {
			block := w.Block(tile, g)
			var sums [tileRows]int32
			sumLookups(&sums, block, topPlanes, s.lookup.sums[g*8*16:])
			for r := range y {
				// The bits of a positive normal float16, shifted to float32's places, are its value
				// times 2^-112.
				bits := binary.LittleEndian.Uint16(block[outputPlanes*planeBytes+2*r:])
				d := math.Float32frombits(uint32(bits) << 13)
				y[r] += float32(float32((float32(sums[lane(r)])+s.bounds.terms[g])*d) * s.scaled[2*g])
			}
		}
		highest := y[0]
		for _, v := range y[1:] {
			highest = max(highest, v)
		}
		bounds[tile] = highest * (1 << lowPlanes)
	}
}
