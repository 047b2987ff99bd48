//go:build goexperiment.simd && (wasm || amd64)

package simd

import (
	"simd/archsimd"
	"unsafe"
)

// Counting the ones of every AND would be most of the work: without AVX-512 a byte count is ten
// instructions on x86. (On arm64 it is one: lanes_popcount_arm64.go.) So the ANDs are added in
// carry-save form first (Harley and Seal), bit by bit as a multiplication on paper adds them, and
// only the 10 to 12 binary digits of the sums are counted.

// digit is one binary digit of 128 sums: of 16 rows (bytes) and every eighth column (bits).
type digit = archsimd.Uint8x16

// addPlane adds the AND of a spike plane and four weight planes, w0 the lowest, to four digits of
// the sums. It is written out, as everything here that is inlined: Go orders instructions by their
// depth of inlining first.
func addPlane(a0, a1, a2, a3, fired, w0, w1, w2, w3 digit) (s0, s1, s2, s3, carry digit) {
	hit := fired.And(w0)
	s0, carry = a0.Xor(hit), a0.And(hit)
	hit = fired.And(w1)
	half := a1.Xor(hit)
	s1, carry = half.Xor(carry), half.And(carry).Or(a1.And(hit))
	hit = fired.And(w2)
	half = a2.Xor(hit)
	s2, carry = half.Xor(carry), half.And(carry).Or(a2.And(hit))
	hit = fired.And(w3)
	half = a3.Xor(hit)
	s3, carry = half.Xor(carry), half.And(carry).Or(a3.And(hit))
	return s0, s1, s2, s3, carry
}

// addCarries adds the carry of each plane, c4 of the lowest, to the upper digits. Digits that P has
// no use for stay 0.
func addCarries[P firedPlanes](
	a4, a5, a6, a7, a8, a9, a10, a11, c4, c5, c6, c7, c8, c9 digit,
) (_, _, _, _, _, _, _, _ digit) {
	var planes P
	a4, c4 = a4.Xor(c4), a4.And(c4)
	half := a5.Xor(c5)
	a5, c5 = half.Xor(c4), half.And(c4).Or(a5.And(c5))
	half = a6.Xor(c6)
	a6, c6 = half.Xor(c5), half.And(c5).Or(a6.And(c6))
	half = a7.Xor(c7)
	a7, c7 = half.Xor(c6), half.And(c6).Or(a7.And(c7))
	if len(planes) == 4 {
		return a4, a5, a6, a7, a8.Xor(c7), a9.Xor(a8.And(c7)), a10, a11
	}
	half = a8.Xor(c8)
	a8, c8 = half.Xor(c7), half.And(c7).Or(a8.And(c8))
	if len(planes) == 5 {
		return a4, a5, a6, a7, a8, a9.Xor(c8), a10.Xor(a9.And(c8)), a11
	}
	half = a9.Xor(c9)
	a9, c9 = half.Xor(c8), half.And(c8).Or(a9.And(c9))
	return a4, a5, a6, a7, a8, a9, a10.Xor(c9), a11.Xor(a10.And(c9))
}

// count4 gives Σ_j c_rj q_j over the 32 columns of a block of 4 weight planes and its spike planes,
// rows 0-7 in low and 8-15 in high. The largest, 32 * 15 * 63, fits 15 bits. It is unrolled by
// hand: the first 8 columns differ from the others, so that a template would be hardly shorter.
func count4[P firedPlanes](block, splats unsafe.Pointer) (low, high archsimd.Uint16x8) {
	var planes P
	w0, w1, w2, w3 := bytes16(block, 192), bytes16(block, 128), bytes16(block, 64), bytes16(block, 0)
	var a4, a5, a6, a7, a8, a9, a10, a11, c4, c5, c6, c7, c8, c9 digit
	fired := bytes16(splats, 0)
	a0, a1, a2, a3 := fired.And(w0), fired.And(w1), fired.And(w2), fired.And(w3)
	a1, a2, a3, a4, a5 = addPlane(a1, a2, a3, a4, bytes16(splats, 64), w0, w1, w2, w3)
	a2, a3, a4, a5, a6 = addPlane(a2, a3, a4, a5, bytes16(splats, 128), w0, w1, w2, w3)
	a3, a4, a5, a6, a7 = addPlane(a3, a4, a5, a6, bytes16(splats, 192), w0, w1, w2, w3)
	if len(planes) > 4 {
		a4, a5, a6, a7, a8 = addPlane(a4, a5, a6, a7, bytes16(splats, 256), w0, w1, w2, w3)
	}
	if len(planes) > 5 {
		a5, a6, a7, a8, a9 = addPlane(a5, a6, a7, a8, bytes16(splats, 320), w0, w1, w2, w3)
	}

	w0, w1, w2, w3 = bytes16(block, 208), bytes16(block, 144), bytes16(block, 80), bytes16(block, 16)
	a0, a1, a2, a3, c4 = addPlane(a0, a1, a2, a3, bytes16(splats, 16), w0, w1, w2, w3)
	a1, a2, a3, a4, c5 = addPlane(a1, a2, a3, a4, bytes16(splats, 80), w0, w1, w2, w3)
	a2, a3, a4, a5, c6 = addPlane(a2, a3, a4, a5, bytes16(splats, 144), w0, w1, w2, w3)
	a3, a4, a5, a6, c7 = addPlane(a3, a4, a5, a6, bytes16(splats, 208), w0, w1, w2, w3)
	if len(planes) > 4 {
		a4, a5, a6, a7, c8 = addPlane(a4, a5, a6, a7, bytes16(splats, 272), w0, w1, w2, w3)
	}
	if len(planes) > 5 {
		a5, a6, a7, a8, c9 = addPlane(a5, a6, a7, a8, bytes16(splats, 336), w0, w1, w2, w3)
	}
	a4, a5, a6, a7, a8, a9, a10, a11 = addCarries[P](a4, a5, a6, a7, a8, a9, a10, a11,
		c4, c5, c6, c7, c8, c9)

	w0, w1, w2, w3 = bytes16(block, 224), bytes16(block, 160), bytes16(block, 96), bytes16(block, 32)
	a0, a1, a2, a3, c4 = addPlane(a0, a1, a2, a3, bytes16(splats, 32), w0, w1, w2, w3)
	a1, a2, a3, a4, c5 = addPlane(a1, a2, a3, a4, bytes16(splats, 96), w0, w1, w2, w3)
	a2, a3, a4, a5, c6 = addPlane(a2, a3, a4, a5, bytes16(splats, 160), w0, w1, w2, w3)
	a3, a4, a5, a6, c7 = addPlane(a3, a4, a5, a6, bytes16(splats, 224), w0, w1, w2, w3)
	if len(planes) > 4 {
		a4, a5, a6, a7, c8 = addPlane(a4, a5, a6, a7, bytes16(splats, 288), w0, w1, w2, w3)
	}
	if len(planes) > 5 {
		a5, a6, a7, a8, c9 = addPlane(a5, a6, a7, a8, bytes16(splats, 352), w0, w1, w2, w3)
	}
	a4, a5, a6, a7, a8, a9, a10, a11 = addCarries[P](a4, a5, a6, a7, a8, a9, a10, a11,
		c4, c5, c6, c7, c8, c9)

	w0, w1, w2, w3 = bytes16(block, 240), bytes16(block, 176), bytes16(block, 112), bytes16(block, 48)
	a0, a1, a2, a3, c4 = addPlane(a0, a1, a2, a3, bytes16(splats, 48), w0, w1, w2, w3)
	a1, a2, a3, a4, c5 = addPlane(a1, a2, a3, a4, bytes16(splats, 112), w0, w1, w2, w3)
	a2, a3, a4, a5, c6 = addPlane(a2, a3, a4, a5, bytes16(splats, 176), w0, w1, w2, w3)
	a3, a4, a5, a6, c7 = addPlane(a3, a4, a5, a6, bytes16(splats, 240), w0, w1, w2, w3)
	if len(planes) > 4 {
		a4, a5, a6, a7, c8 = addPlane(a4, a5, a6, a7, bytes16(splats, 304), w0, w1, w2, w3)
	}
	if len(planes) > 5 {
		a5, a6, a7, a8, c9 = addPlane(a5, a6, a7, a8, bytes16(splats, 368), w0, w1, w2, w3)
	}
	a4, a5, a6, a7, a8, a9, a10, a11 = addCarries[P](a4, a5, a6, a7, a8, a9, a10, a11,
		c4, c5, c6, c7, c8, c9)

	// Five digits of at most 8 ones fit a byte: 8 * 31.
	n0 := onesCount(a4)
	n0 = n0.Add(n0).Add(onesCount(a3))
	n0 = n0.Add(n0).Add(onesCount(a2))
	n0 = n0.Add(n0).Add(onesCount(a1))
	n0 = n0.Add(n0).Add(onesCount(a0))
	n5 := onesCount(a9)
	n5 = n5.Add(n5).Add(onesCount(a8))
	n5 = n5.Add(n5).Add(onesCount(a7))
	n5 = n5.Add(n5).Add(onesCount(a6))
	n5 = n5.Add(n5).Add(onesCount(a5))
	low = n0.ReshapeToUint16s().Add(n5.ReshapeToUint16s().ShiftAllLeft(5))
	high = n0.ReshapeToUint16s().ShiftAllRight(8).
		Add(n5.ReshapeToUint16s().ShiftAllRight(8).ShiftAllLeft(5))
	if len(planes) > 4 {
		n10 := onesCount(a10)
		if len(planes) > 5 {
			top := onesCount(a11)
			n10 = n10.Add(top).Add(top)
		}
		low = low.Add(n10.ReshapeToUint16s().ShiftAllLeft(10))
		high = high.Add(n10.ReshapeToUint16s().ShiftAllRight(8).ShiftAllLeft(10))
	}
	return low.Sub(high.ShiftAllLeft(8)), high
}
