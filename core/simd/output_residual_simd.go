//go:build goexperiment.simd && (wasm || amd64 || arm64)

package simd

import (
	"simd/archsimd"
	"unsafe"
)

// distance is distanceGeneric, operation by operation, with the 8 planes of 8 columns turned into 8
// columns of codes.
func distance(block []byte, signed []int16, threshold, square float32,
	largestScale *[8]uint16) float32 {
	if !available {
		return distanceGeneric(block, signed, threshold, square, largestScale)
	}
	data := unsafe.Pointer((*[block8]byte)(block))
	k := unsafe.Pointer((*[8 * groupCols]int16)(signed))
	flip := archsimd.BroadcastUint8x16(0xff)
	m4, m2, m1 := archsimd.BroadcastUint8x16(0x0f), archsimd.BroadcastUint8x16(0x33),
		archsimd.BroadcastUint8x16(0x55)
	var low, high archsimd.Uint16x8   // Σe² of rows 0-7 and 8-15
	var dot0, dot1 archsimd.Int32x4   // Σek of rows 0-3, 4-7
	var dot2, dot3 archsimd.Int32x4   // and 8-11, 12-15
	var part0, part1 archsimd.Int16x8 // the same for 16 columns: at most 16 * 128 * 15
	for octet := uintptr(0); octet < 4; octet++ {
		at := 16 * octet
		// Plane 7, the highest, is the first; flipped it makes c-128 of c. Three rounds of swaps
		// transpose 8 x 8 bits.
		c7, c6, c5, c4 := bytes16(data, at).Xor(flip), bytes16(data, at+64), bytes16(data, at+128),
			bytes16(data, at+192)
		c3, c2, c1, c0 := bytes16(data, at+256), bytes16(data, at+320), bytes16(data, at+384),
			bytes16(data, at+448)
		c0, c4 = swap4(c0, c4, m4)
		c1, c5 = swap4(c1, c5, m4)
		c2, c6 = swap4(c2, c6, m4)
		c3, c7 = swap4(c3, c7, m4)
		c0, c2 = swap2(c0, c2, m2)
		c1, c3 = swap2(c1, c3, m2)
		c4, c6 = swap2(c4, c6, m2)
		c5, c7 = swap2(c5, c7, m2)
		c0, c1 = swap1(c0, c1, m1)
		c2, c3 = swap1(c2, c3, m1)
		c4, c5 = swap1(c4, c5, m1)
		c6, c7 = swap1(c6, c7, m1)
		var s0, s1 archsimd.Uint16x8
		s0, s1, part0, part1 = addColumn(s0, s1, part0, part1, c0, k, octet*128)
		s0, s1, part0, part1 = addColumn(s0, s1, part0, part1, c1, k, octet*128+16)
		s0, s1, part0, part1 = addColumn(s0, s1, part0, part1, c2, k, octet*128+32)
		s0, s1, part0, part1 = addColumn(s0, s1, part0, part1, c3, k, octet*128+48)
		low, high = low.Add(s0.ShiftAllRight(3)), high.Add(s1.ShiftAllRight(3))
		s0, s1 = archsimd.Uint16x8{}, archsimd.Uint16x8{}
		s0, s1, part0, part1 = addColumn(s0, s1, part0, part1, c4, k, octet*128+64)
		s0, s1, part0, part1 = addColumn(s0, s1, part0, part1, c5, k, octet*128+80)
		s0, s1, part0, part1 = addColumn(s0, s1, part0, part1, c6, k, octet*128+96)
		s0, s1, part0, part1 = addColumn(s0, s1, part0, part1, c7, k, octet*128+112)
		low, high = low.Add(s0.ShiftAllRight(3)), high.Add(s1.ShiftAllRight(3))
		if octet%2 == 1 {
			dot0, dot1 = dot0.Add(part0.ExtendLo4ToInt32()), dot1.Add(extendHi(part0))
			dot2, dot3 = dot2.Add(part1.ExtendLo4ToInt32()), dot3.Add(extendHi(part1))
			part0, part1 = archsimd.Int16x8{}, archsimd.Int16x8{}
		}
	}
	t, q := archsimd.BroadcastFloat32x4(threshold), archsimd.BroadcastFloat32x4(square)
	d0, d1 := halves8(data, 8*planeBytes), halves8(data, 8*planeBytes+16)
	positive := archsimd.BroadcastUint16x8(0x7fff)
	archsimd.LoadUint16x8Array(largestScale).Max(d0.And(positive)).Max(d1.And(positive)).
		StoreArray(largestScale)
	far := farther(low.ExtendLo4ToUint32(), dot0, d0.ExtendLo4ToUint32(), t, q).
		Max(farther(extendHiUnsigned(low), dot1, extendHiUnsigned(d0), t, q)).
		Max(farther(high.ExtendLo4ToUint32(), dot2, d1.ExtendLo4ToUint32(), t, q)).
		Max(farther(extendHiUnsigned(high), dot3, extendHiUnsigned(d1), t, q))
	var y [4]float32
	far.StoreArray(&y)
	leave()
	return max(0, y[0], y[1], y[2], y[3])
}

// swap4, swap2 and swap1 exchange the upper bits of each 8, 4 or 2 of a with the lower ones of b,
// which mask has.
func swap4(a, b, mask archsimd.Uint8x16) (_, _ archsimd.Uint8x16) {
	t := a.ReshapeToUint16s().ShiftAllRight(4).ReshapeToUint8s().Xor(b).And(mask)
	return a.Xor(t.ReshapeToUint16s().ShiftAllLeft(4).ReshapeToUint8s()), b.Xor(t)
}

func swap2(a, b, mask archsimd.Uint8x16) (_, _ archsimd.Uint8x16) {
	t := a.ReshapeToUint16s().ShiftAllRight(2).ReshapeToUint8s().Xor(b).And(mask)
	return a.Xor(t.ReshapeToUint16s().ShiftAllLeft(2).ReshapeToUint8s()), b.Xor(t)
}

func swap1(a, b, mask archsimd.Uint8x16) (_, _ archsimd.Uint8x16) {
	t := a.ReshapeToUint16s().ShiftAllRight(1).ReshapeToUint8s().Xor(b).And(mask)
	return a.Xor(t.ReshapeToUint16s().ShiftAllLeft(1).ReshapeToUint8s()), b.Xor(t)
}

// addColumn adds e² and ek of one column: rows 0-7 are the even bytes of e.
func addColumn(
	s0, s1 archsimd.Uint16x8, p0, p1 archsimd.Int16x8, e archsimd.Uint8x16,
	k unsafe.Pointer, at uintptr,
) (_, _ archsimd.Uint16x8, _, _ archsimd.Int16x8) {
	both := e.ReshapeToUint16s().BitsToInt16()
	low, high := both.ShiftAllLeft(8).ShiftAllRight(8), both.ShiftAllRight(8)
	v := archsimd.LoadInt16x8Array((*[8]int16)(unsafe.Add(k, at)))
	return s0.AddSaturated(low.Mul(low).ToBits()), s1.AddSaturated(high.Mul(high).ToBits()),
		p0.Add(low.Mul(v)), p1.Add(high.Mul(v))
}

// farther gives |w_r - μ|² of four rows.
func farther(squares archsimd.Uint32x4, dot archsimd.Int32x4, d archsimd.Uint32x4, threshold,
	square archsimd.Float32x4) archsimd.Float32x4 {
	scale := normalHalf(d).Mul(archsimd.BroadcastFloat32x4(0x1p112))
	sum := squares.ShiftAllLeft(3).BitsToInt32().Add(archsimd.BroadcastInt32x4(64)).ConvertToFloat32()
	both := sum.Mul(scale).Mul(scale).Add(square)
	return both.Add(both.Mul(archsimd.BroadcastFloat32x4(0x1p-20))).
		Sub(dot.Add(dot).ConvertToFloat32().Mul(scale).Mul(threshold))
}
