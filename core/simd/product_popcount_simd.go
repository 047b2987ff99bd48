//go:build goexperiment.simd && (wasm || amd64 || arm64)

package simd

import (
	"simd/archsimd"
	"unsafe"

	"github.com/spikechat/spikechat/core/tile"
)

// popcount computes all full tiles and returns how many that is.
func popcount(y []float32, w *tile.Matrix, codeSums *[]uint16, s *Spikes) int {
	tiles := w.Rows / tileRows
	if !available || tiles == 0 {
		return 0
	}
	fired := s.popcount.fired
	switch {
	case !w.NormalScales || s.wide:
		popcountAny(y, w, codeSums, s, tiles)
	case w.Planes == 4 && w.OffsetBy == 0 && fired == 4:
		popcount4[planes4](y, w, codeSums, s, tiles)
	case w.Planes == 4 && w.OffsetBy == 0 && fired == 5:
		popcount4[planes5](y, w, codeSums, s, tiles)
	case w.Planes == 4 && w.OffsetBy == 0:
		popcount4[planes6](y, w, codeSums, s, tiles)
	case 2 <= w.Planes && w.Planes <= 4 && w.OffsetBy >= 1 && fired == 4:
		popcountTernary[planes4](y, w, codeSums, s, tiles)
	case 2 <= w.Planes && w.Planes <= 4 && w.OffsetBy >= 1 && fired == 5:
		popcountTernary[planes5](y, w, codeSums, s, tiles)
	case 2 <= w.Planes && w.Planes <= 4 && w.OffsetBy >= 1:
		popcountTernary[planes6](y, w, codeSums, s, tiles)
	case w.Planes == 8 && w.OffsetBy != 0 && fired == 4:
		popcount8[planes4](y, w, codeSums, s, tiles)
	case w.Planes == 8 && w.OffsetBy != 0 && fired == 5:
		popcount8[planes5](y, w, codeSums, s, tiles)
	case w.Planes == 8 && w.OffsetBy != 0:
		popcount8[planes6](y, w, codeSums, s, tiles)
	default:
		popcountAny(y, w, codeSums, s, tiles)
	}
	return tiles
}

// firedPlanes is how many spike planes a kernel adds, as the length of a type: each has a compiled
// kernel of its own, so that nothing branches inside. 4 hold the codes of T=1, 5 of T=2, 6 of T=3
// and T=4.
type firedPlanes interface{ planes4 | planes5 | planes6 }

type (
	planes4 = [4]struct{}
	planes5 = [5]struct{}
	planes6 = [6]struct{}
)

// popcount4 is the kernel for 4 planes with stored offsets, normal scales and inputs that are not
// wide. A slice of sums in place of the pointer would be one argument too many for the registers.
func popcount4[P firedPlanes](y []float32, w *tile.Matrix, codeSums *[]uint16, s *Spikes,
	tiles int) {
	groups := w.Groups()
	_ = w.Data[tiles*groups*block4-1]
	data := unsafe.Pointer(&w.Data[0])
	sumsOfCodes := unsafe.Pointer(&(*codeSums)[0])
	out := unsafe.Pointer(&y[0])
	splats := unsafe.Pointer(&s.popcount.splats[0])
	scales := unsafe.Pointer(&s.scaled[0])
	rests := unsafe.Pointer(&s.Rest[0])
	at := 0
	for tile := range tiles {
		leave()
		var y0, y1, y2, y3 archsimd.Float32x4
		for g := range groups {
			block, sums := unsafe.Add(data, at*block4), unsafe.Add(sumsOfCodes, at*2*tileRows)
			scaled := unsafe.Add(scales, g*8)
			at++
			low, high := count4[P](block, unsafe.Add(splats, g*splatBytes))
			rest := archsimd.BroadcastUint16x8(uint16(*(*uint8)(unsafe.Add(rests, g))))
			i0 := low.Sub(rest.Mul(halves8(sums, 0))).BitsToInt16()
			i1 := high.Sub(rest.Mul(halves8(sums, 16))).BitsToInt16()
			threshold := archsimd.BroadcastFloat32x4(*(*float32)(scaled))
			groupSum := archsimd.BroadcastFloat32x4(*(*float32)(unsafe.Add(scaled, 4)))
			d0, d1 := halves8(block, 4*planeBytes), halves8(block, 4*planeBytes+16)
			n0, n1 := halves8(block, 4*planeBytes+32), halves8(block, 4*planeBytes+48)
			y0 = addNormal(y0, i0.ExtendLo4ToInt32(), d0.ExtendLo4ToUint32(), n0.ExtendLo4ToUint32(),
				threshold, groupSum)
			y1 = addNormal(y1, extendHi(i0), extendHiUnsigned(d0), extendHiUnsigned(n0), threshold, groupSum)
			y2 = addNormal(y2, i1.ExtendLo4ToInt32(), d1.ExtendLo4ToUint32(), n1.ExtendLo4ToUint32(),
				threshold, groupSum)
			y3 = addNormal(y3, extendHi(i1), extendHiUnsigned(d1), extendHiUnsigned(n1), threshold, groupSum)
		}
		rows := unsafe.Add(out, tile*4*tileRows)
		storeFloats4(rows, 0, y0)
		storeFloats4(rows, 16, y1)
		storeFloats4(rows, 32, y2)
		storeFloats4(rows, 48, y3)
	}
}
