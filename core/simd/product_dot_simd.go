//go:build goexperiment.simd && (wasm || amd64 || arm64)

package simd

import (
	"simd/archsimd"
	"unsafe"

	"github.com/spikechat/spikechat/core/tile"
)

// dotCodes computes all full pairs of tiles and returns how many tiles that is.
func dotCodes(y []float32, w *tile.Matrix, u *unpackedCodes, s *Spikes) int {
	pairs := w.Rows / dotRows
	if !available || pairs == 0 {
		return 0
	}
	if w.Planes > 4 || w.OffsetBy != 0 || !w.NormalScales || s.wide {
		dotCodesAny(y, w, u, s, pairs)
	} else {
		dotCodes4(y, w.Groups(), u.data, s, pairs)
	}
	return 2 * pairs
}

// dotCodes4 is the kernel for up to 4 planes with stored offsets, normal scales and inputs that are
// not wide. Its 32 columns are unrolled by hand: a template would save them alone.
func dotCodes4(y []float32, groups int, unpacked []byte, s *Spikes, pairs int) {
	const pair4 = dotNibbleBytes + 4*scaleBytes
	_ = unpacked[pairs*groups*pair4-1]
	data := unsafe.Pointer(&unpacked[0])
	out := unsafe.Pointer(&y[0])
	codes := unsafe.Pointer(&s.signed[0])
	scales := unsafe.Pointer(&s.scaled[0])
	at := 0
	for pair := range pairs {
		leave()
		var y0, y1, y2, y3, y4, y5, y6, y7 archsimd.Float32x4
		for g := range groups {
			block, signed := unsafe.Add(data, at), unsafe.Add(codes, g*16*groupCols)
			scaled := unsafe.Add(scales, g*8)
			at += pair4
			var s0, s1, s2, s3 archsimd.Uint16x8
			s0, s1, s2, s3 = dotColumn(block, signed, 0, s0, s1, s2, s3)
			s0, s1, s2, s3 = dotColumn(block, signed, 16, s0, s1, s2, s3)
			s0, s1, s2, s3 = dotColumn(block, signed, 32, s0, s1, s2, s3)
			s0, s1, s2, s3 = dotColumn(block, signed, 48, s0, s1, s2, s3)
			s0, s1, s2, s3 = dotColumn(block, signed, 64, s0, s1, s2, s3)
			s0, s1, s2, s3 = dotColumn(block, signed, 80, s0, s1, s2, s3)
			s0, s1, s2, s3 = dotColumn(block, signed, 96, s0, s1, s2, s3)
			s0, s1, s2, s3 = dotColumn(block, signed, 112, s0, s1, s2, s3)
			s0, s1, s2, s3 = dotColumn(block, signed, 128, s0, s1, s2, s3)
			s0, s1, s2, s3 = dotColumn(block, signed, 144, s0, s1, s2, s3)
			s0, s1, s2, s3 = dotColumn(block, signed, 160, s0, s1, s2, s3)
			s0, s1, s2, s3 = dotColumn(block, signed, 176, s0, s1, s2, s3)
			s0, s1, s2, s3 = dotColumn(block, signed, 192, s0, s1, s2, s3)
			s0, s1, s2, s3 = dotColumn(block, signed, 208, s0, s1, s2, s3)
			s0, s1, s2, s3 = dotColumn(block, signed, 224, s0, s1, s2, s3)
			s0, s1, s2, s3 = dotColumn(block, signed, 240, s0, s1, s2, s3)
			s0, s1, s2, s3 = dotColumn(block, signed, 256, s0, s1, s2, s3)
			s0, s1, s2, s3 = dotColumn(block, signed, 272, s0, s1, s2, s3)
			s0, s1, s2, s3 = dotColumn(block, signed, 288, s0, s1, s2, s3)
			s0, s1, s2, s3 = dotColumn(block, signed, 304, s0, s1, s2, s3)
			s0, s1, s2, s3 = dotColumn(block, signed, 320, s0, s1, s2, s3)
			s0, s1, s2, s3 = dotColumn(block, signed, 336, s0, s1, s2, s3)
			s0, s1, s2, s3 = dotColumn(block, signed, 352, s0, s1, s2, s3)
			s0, s1, s2, s3 = dotColumn(block, signed, 368, s0, s1, s2, s3)
			s0, s1, s2, s3 = dotColumn(block, signed, 384, s0, s1, s2, s3)
			s0, s1, s2, s3 = dotColumn(block, signed, 400, s0, s1, s2, s3)
			s0, s1, s2, s3 = dotColumn(block, signed, 416, s0, s1, s2, s3)
			s0, s1, s2, s3 = dotColumn(block, signed, 432, s0, s1, s2, s3)
			s0, s1, s2, s3 = dotColumn(block, signed, 448, s0, s1, s2, s3)
			s0, s1, s2, s3 = dotColumn(block, signed, 464, s0, s1, s2, s3)
			s0, s1, s2, s3 = dotColumn(block, signed, 480, s0, s1, s2, s3)
			s0, s1, s2, s3 = dotColumn(block, signed, 496, s0, s1, s2, s3)
			i3 := s3.BitsToInt16()
			i2 := s2.Sub(s3.ShiftAllLeft(4)).BitsToInt16()
			i1 := s1.Sub(s2.ShiftAllLeft(4)).BitsToInt16()
			i0 := s0.Sub(s1.ShiftAllLeft(4)).BitsToInt16()
			threshold := archsimd.BroadcastFloat32x4(*(*float32)(scaled))
			groupSum := archsimd.BroadcastFloat32x4(*(*float32)(unsafe.Add(scaled, 4)))
			d0, d1 := halves8(block, dotNibbleBytes), halves8(block, dotNibbleBytes+16)
			n0, n1 := halves8(block, dotNibbleBytes+32), halves8(block, dotNibbleBytes+48)
			y0 = addNormal(y0, i0.ExtendLo4ToInt32(), d0.ExtendLo4ToUint32(), n0.ExtendLo4ToUint32(),
				threshold, groupSum)
			y1 = addNormal(y1, extendHi(i0), extendHiUnsigned(d0), extendHiUnsigned(n0), threshold, groupSum)
			y2 = addNormal(y2, i1.ExtendLo4ToInt32(), d1.ExtendLo4ToUint32(), n1.ExtendLo4ToUint32(),
				threshold, groupSum)
			y3 = addNormal(y3, extendHi(i1), extendHiUnsigned(d1), extendHiUnsigned(n1), threshold, groupSum)
			d0, d1 = halves8(block, dotNibbleBytes+64), halves8(block, dotNibbleBytes+80)
			n0, n1 = halves8(block, dotNibbleBytes+96), halves8(block, dotNibbleBytes+112)
			y4 = addNormal(y4, i2.ExtendLo4ToInt32(), d0.ExtendLo4ToUint32(), n0.ExtendLo4ToUint32(),
				threshold, groupSum)
			y5 = addNormal(y5, extendHi(i2), extendHiUnsigned(d0), extendHiUnsigned(n0), threshold, groupSum)
			y6 = addNormal(y6, i3.ExtendLo4ToInt32(), d1.ExtendLo4ToUint32(), n1.ExtendLo4ToUint32(),
				threshold, groupSum)
			y7 = addNormal(y7, extendHi(i3), extendHiUnsigned(d1), extendHiUnsigned(n1), threshold, groupSum)
		}
		rows := unsafe.Add(out, pair*4*dotRows)
		storeFloats4(rows, 0, y0)
		storeFloats4(rows, 16, y1)
		storeFloats4(rows, 32, y2)
		storeFloats4(rows, 48, y3)
		storeFloats4(rows, 64, y4)
		storeFloats4(rows, 80, y5)
		storeFloats4(rows, 96, y6)
		storeFloats4(rows, 112, y7)
	}
}

// dotCodesAny is the kernel for every other shape.
func dotCodesAny(y []float32, w *tile.Matrix, u *unpackedCodes, s *Spikes, pairs int) {
	groups := w.Groups()
	_ = u.data[pairs*groups*u.pairBytes-1]
	data := unsafe.Pointer(&u.data[0])
	at := 0
	for pair := range pairs {
		leave()
		var acc [2][4]archsimd.Float32x4
		for g := range groups {
			block := unsafe.Add(data, at)
			at += u.pairBytes
			var i [2][4]archsimd.Int32x4
			for n := range u.nibbles {
				addNibbles(&i, unsafe.Add(block, n*dotNibbleBytes), unsafe.Pointer(&s.signed[g*8*groupCols]))
			}
			for tile := range acc {
				scales := unsafe.Add(block, u.nibbles*dotNibbleBytes+tile*u.scaleBytes)
				addScaled(&acc[tile], &i[tile], w, scales, s.Threshold[g], s.GroupSum[g])
			}
		}
		for tile := range acc {
			for k := range acc[tile] {
				storeFloats4(unsafe.Pointer(&y[pair*dotRows+tile*tileRows+4*k]), 0, acc[tile][k])
			}
		}
	}
}

// addNibbles sets i = 16 i + the products of one run of nibbles.
func addNibbles(i *[2][4]archsimd.Int32x4, codes, signed unsafe.Pointer) {
	var s [4]archsimd.Uint16x8
	var s0, s1, s2, s3 archsimd.Uint16x8
	for j := uintptr(0); j < 16*groupCols; j += 16 {
		s0, s1, s2, s3 = dotColumn(codes, signed, j, s0, s1, s2, s3)
	}
	s[3] = s3
	s[2] = s2.Sub(s3.ShiftAllLeft(4))
	s[1] = s1.Sub(s2.ShiftAllLeft(4))
	s[0] = s0.Sub(s1.ShiftAllLeft(4))
	for n, sum := range s {
		rows := sum.BitsToInt16()
		lower, upper := &i[n/2][n%2*2], &i[n/2][n%2*2+1]
		*lower = lower.ShiftAllLeft(4).Add(rows.ExtendLo4ToInt32())
		*upper = upper.ShiftAllLeft(4).Add(extendHi(rows))
	}
}
