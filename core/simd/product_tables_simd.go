//go:build goexperiment.simd && (wasm || amd64 || arm64)

package simd

import "simd/archsimd"

// nibbleMasks has ones where neuron i of a quad is in the nibble.
var nibbleMasks = func() (m [4][16]uint8) {
	for i := range m {
		for n := range 16 {
			m[i][n] = uint8(-(n >> i & 1))
		}
	}
	return m
}()

// tables is tablesGeneric with all 16 nibbles of a table at once.
func tables(s *Spikes, group int) (together int) {
	if !available {
		return tablesGeneric(s, group)
	}
	rest := archsimd.BroadcastUint8x16(s.Rest[group])
	code := (*[groupCols]uint8)(s.Code[group*groupCols:])
	table := (*[8 * 16]uint8)(s.lookup.sums[group*8*16:])
	var k [groupCols]uint8 // q - z, wrapping
	var below, sizes [8]uint32
	for half := range 2 {
		q := archsimd.LoadUint8x16Array((*[16]uint8)(code[16*half:]))
		under, over := rest.SubSaturated(q), q.SubSaturated(rest)
		q.Sub(rest).StoreArray((*[16]uint8)(k[16*half:]))
		quads(under).StoreArray((*[4]uint32)(below[4*half:]))
		quads(under.Add(over)).StoreArray((*[4]uint32)(sizes[4*half:]))
	}
	m0, m1 := archsimd.LoadUint8x16Array(&nibbleMasks[0]), archsimd.LoadUint8x16Array(&nibbleMasks[1])
	m2, m3 := archsimd.LoadUint8x16Array(&nibbleMasks[2]), archsimd.LoadUint8x16Array(&nibbleMasks[3])
	excess := uint32(0)
	for quad := range groupCols / 4 {
		excess += below[quad]
		base := archsimd.BroadcastUint8x16(uint8(below[quad]))
		sum := base.Add(archsimd.BroadcastUint8x16(k[4*quad]).And(m0)).
			Add(archsimd.BroadcastUint8x16(k[4*quad+1]).And(m1)).
			Add(archsimd.BroadcastUint8x16(k[4*quad+2]).And(m2)).
			Add(archsimd.BroadcastUint8x16(k[4*quad+3]).And(m3))
		sum.StoreArray((*[16]uint8)(table[16*quad:]))
	}
	s.lookup.excess[group] = uint16(excess)
	r01, r23, r45, r67 := sizes[0]+sizes[1], sizes[2]+sizes[3], sizes[4]+sizes[5], sizes[6]+sizes[7]
	switch {
	case r01+r23+r45+r67 <= 255:
		return 8
	case max(r01+r23, r45+r67) <= 255:
		return 4
	case max(r01, r23, r45, r67) <= 255:
		return 2
	}
	return 1
}
