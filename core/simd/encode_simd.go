//go:build goexperiment.simd && (wasm || amd64)

package simd

import (
	"math"
	"simd/archsimd"
	"unsafe"
)

// encode is encodeGeneric, operation by operation.
func encode(s *Spikes, x []float32, group, steps int) bool {
	if !available {
		return encodeGeneric(s, x, group, steps)
	}
	p := unsafe.Pointer((*[GroupCols]float32)(x))
	var lo, hi archsimd.Float32x4
	exponent := archsimd.BroadcastUint32x4(0x7f800000)
	var highest archsimd.Uint32x4
	for i := uintptr(0); i < 4*GroupCols; i += 16 {
		v := floats4(p, i)
		lo, hi = lo.Min(v), hi.Max(v)
		highest = highest.Max(v.ToBits().And(exponent))
	}
	var l, h [4]float32
	var e [4]uint32
	lo.StoreArray(&l)
	hi.StoreArray(&h)
	highest.StoreArray(&e)
	low, high := min(l[0], l[1], l[2], l[3]), max(h[0], h[1], h[2], h[3])
	leave()
	// An exponent of all ones is an infinity or NaN.
	if max(e[0], e[1], e[2], e[3]) == 0x7f800000 || !(high-low <= math.MaxFloat32) {
		return false
	}
	levels := float32(StepLevels * steps)
	threshold := max(high-low, 1e-8) / levels
	rest := round(-low / threshold)
	th, z := archsimd.BroadcastFloat32x4(threshold), archsimd.BroadcastFloat32x4(rest)
	var zero archsimd.Float32x4
	top := archsimd.BroadcastFloat32x4(levels)
	var sum archsimd.Int32x4
	var codes [GroupCols]int32
	for i := 0; i < GroupCols; i += 4 {
		v := floats4(p, uintptr(4*i))
		q := v.Div(th).Round().Add(z).Max(zero).Min(top).ConvertToInt32()
		sum = sum.Add(q)
		q.StoreArray((*[4]int32)(codes[i:]))
	}
	code := (*[GroupCols]uint8)(s.Code[group*GroupCols:])
	for i := range code {
		code[i] = uint8(codes[i])
	}
	var parts [4]int32
	sum.StoreArray(&parts)
	leave()
	total := parts[0] + parts[1] + parts[2] + parts[3] - GroupCols*int32(rest)
	s.Rest[group] = uint8(rest)
	s.Steps[group] = uint8(steps)
	s.Threshold[group] = threshold
	s.Lift[group] = threshold * float32(total)
	return true
}

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
	code := (*[GroupCols]uint8)(s.Code[group*GroupCols:])
	table := (*[8 * 16]uint8)(s.tables[group*8*16:])
	var k [GroupCols]uint8 // q - z, wrapping
	var below, reach [8]uint32
	for half := range 2 {
		q := archsimd.LoadUint8x16Array((*[16]uint8)(code[16*half:]))
		under, over := rest.SubSaturated(q), q.SubSaturated(rest)
		q.Sub(rest).StoreArray((*[16]uint8)(k[16*half:]))
		quads(under).StoreArray((*[4]uint32)(below[4*half:]))
		quads(under.Add(over)).StoreArray((*[4]uint32)(reach[4*half:]))
	}
	m0, m1 := archsimd.LoadUint8x16Array(&nibbleMasks[0]), archsimd.LoadUint8x16Array(&nibbleMasks[1])
	m2, m3 := archsimd.LoadUint8x16Array(&nibbleMasks[2]), archsimd.LoadUint8x16Array(&nibbleMasks[3])
	excess := uint32(0)
	for quad := range GroupCols / 4 {
		excess += below[quad]
		base := archsimd.BroadcastUint8x16(uint8(below[quad]))
		sum := base.Add(archsimd.BroadcastUint8x16(k[4*quad]).And(m0)).Add(archsimd.BroadcastUint8x16(k[4*quad+1]).And(m1)).
			Add(archsimd.BroadcastUint8x16(k[4*quad+2]).And(m2)).Add(archsimd.BroadcastUint8x16(k[4*quad+3]).And(m3))
		sum.StoreArray((*[16]uint8)(table[16*quad:]))
	}
	s.excess[group] = uint16(excess)
	r01, r23, r45, r67 := reach[0]+reach[1], reach[2]+reach[3], reach[4]+reach[5], reach[6]+reach[7]
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

// quads sums each four bytes.
func quads(x archsimd.Uint8x16) archsimd.Uint32x4 {
	v := x.ReshapeToUint32s()
	pairs := v.And(archsimd.BroadcastUint32x4(0x00ff00ff)).Add(v.ShiftAllRight(8).And(archsimd.BroadcastUint32x4(0x00ff00ff)))
	return pairs.And(archsimd.BroadcastUint32x4(0xffff)).Add(pairs.ShiftAllRight(16))
}
