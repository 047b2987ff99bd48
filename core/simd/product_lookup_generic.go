package simd

import "github.com/spikechat/spikechat/core/tile"

// lookupGeneric computes the tiles from first on.
func lookupGeneric(y []float32, w *tile.Matrix, s *Spikes, first int) {
	eachRow(y, w, s, first, func(block []byte, _, g int, sums *[tileRows]int32) {
		var acc [tileRows]int32 // by lane
		sumLookups(&acc, block, w.Planes, s.lookup.sums[g*8*16:])
		// The 8 tables together hold excess more than the sums from rest, once for each weight of
		// each plane.
		excess := int32(s.lookup.excess[g]) * (1<<w.Planes - 1)
		for r := range sums {
			sums[r] = acc[lane(r)] - excess
		}
	})
}

// sumLookups sets acc, by lane, to the sums of the lookups of a block's first planes, each plane
// weighing twice the next.
func sumLookups(acc *[tileRows]int32, block []byte, planes int, tables []uint8) {
	table := (*[8 * 16]uint8)(tables)
	for p := range planes {
		plane := (*[planeBytes]byte)(block[p*planeBytes:])
		for i := range acc {
			acc[i] *= 2
		}
		for i, bits := range plane {
			at := i / 16 * 32
			acc[i%16] += int32(table[at+int(bits&15)]) + int32(table[at+16+int(bits>>4)])
		}
	}
}
