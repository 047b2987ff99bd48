package simd

// lookupGeneric computes the tiles from first on.
func lookupGeneric(y []float32, w *Weights, s *Spikes, first int) {
	eachRow(y, w, s, first, func(block []byte, _, g int, sums *[TileRows]int32) {
		var acc [TileRows]int32 // by lane
		table := (*[8 * 16]uint8)(s.tables[g*8*16:])
		for p := range w.Planes {
			plane := (*[planeBytes]byte)(block[p*planeBytes:])
			for i := range acc {
				acc[i] *= 2
			}
			for i, bits := range plane {
				at := i / 16 * 32
				acc[i%16] += int32(table[at+int(bits&15)]) + int32(table[at+16+int(bits>>4)])
			}
		}
		// The 8 tables together hold excess more than the sums from rest, once for each weight of each plane.
		excess := int32(s.excess[g]) * (1<<w.Planes - 1)
		for r := range sums {
			sums[r] = acc[lane(r)] - excess
		}
	})
}
