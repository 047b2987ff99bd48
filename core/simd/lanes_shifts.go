//go:build goexperiment.simd && (wasm || amd64)

package simd

import (
	"simd/archsimd"
	"unsafe"
)

// What lanes_wasm.go lists, where a shift by a constant is one instruction; lanes_arm64.go has the
// same for where it is not.

// halves starts the 16-bit sums of a plane's lookups.
func halves(sum archsimd.Uint8x16) (low, high archsimd.Uint16x8) {
	pairs := sum.ReshapeToUint16s()
	return pairs, pairs.ShiftAllRight(8)
}

// widen adds summed lookups to the 16-bit sums.
func widen(low, high archsimd.Uint16x8, sum archsimd.Uint8x16) (_, _ archsimd.Uint16x8) {
	pairs := sum.ReshapeToUint16s()
	return low.Add(pairs), high.Add(pairs.ShiftAllRight(8))
}

// normalHalf widens four float16 bit patterns to float32 times 2^-112.
func normalHalf(bits archsimd.Uint32x4) archsimd.Float32x4 {
	return bits.ShiftAllLeft(13).BitsToFloat32()
}

// dotColumn adds a column's codes times k. Every sum fits 16 bits (15 * 60 * 32), so nothing is
// widened and what the shifts leave of the other rows is taken off at the end: s0 = y0 + 16 y1 +
// 256 y2 + 4096 y3 and so on, modulo 2^16.
func dotColumn(
	codes, signed unsafe.Pointer, at uintptr, s0, s1, s2, s3 archsimd.Uint16x8,
) (_, _, _, _ archsimd.Uint16x8) {
	c := archsimd.LoadUint16x8Array((*[8]uint16)(unsafe.Add(codes, at)))
	k := archsimd.LoadUint16x8Array((*[8]uint16)(unsafe.Add(signed, at)))
	return s0.Add(c.Mul(k)), s1.Add(c.ShiftAllRight(4).Mul(k)),
		s2.Add(c.ShiftAllRight(8).Mul(k)), s3.Add(c.ShiftAllRight(12).Mul(k))
}
