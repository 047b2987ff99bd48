//go:build goexperiment.simd && (wasm || amd64 || arm64)

package simd

import (
	"simd/archsimd"
	"unsafe"

	"github.com/spikechat/spikechat/core/tile"
)

// popcountTernary is popcount4 for 2 to 4 planes with derived offsets, which matrices of ternary
// spikes have. Planes that are missing above these are put there, as zeros: four planes are counted
// together faster than three by themselves.
func popcountTernary[P firedPlanes](y []float32, w *tile.Matrix, codeSums *[]uint16, s *Spikes,
	tiles int) {
	groups, size, planes := w.Groups(), w.BlockBytes(), uintptr(w.ScalesAt())
	_ = w.Data[tiles*groups*size-1]
	data := unsafe.Pointer(&w.Data[0])
	sumsOfCodes := unsafe.Pointer(&(*codeSums)[0])
	out := unsafe.Pointer(&y[0])
	splats := unsafe.Pointer(&s.popcount.splats[0])
	scales := unsafe.Pointer(&s.scaled[0])
	rests := unsafe.Pointer(&s.Rest[0])
	by := archsimd.BroadcastFloat32x4(w.OffsetBy)
	var four [4 * planeBytes]uint8
	below := unsafe.Pointer(&four[4*planeBytes-planes])
	at := 0
	for tile := range tiles {
		leave()
		var y0, y1, y2, y3 archsimd.Float32x4
		for g := range groups {
			block, sums := unsafe.Add(data, at*size), unsafe.Add(sumsOfCodes, at*2*tileRows)
			scaled := unsafe.Add(scales, g*8)
			at++
			for b := uintptr(0); b < planes; b += 16 {
				bytes16(block, b).StoreArray((*[16]uint8)(unsafe.Add(below, b)))
			}
			low, high := count4[P](unsafe.Pointer(&four), unsafe.Add(splats, g*splatBytes))
			rest := archsimd.BroadcastUint16x8(uint16(*(*uint8)(unsafe.Add(rests, g))))
			i0 := low.Sub(rest.Mul(halves8(sums, 0))).BitsToInt16()
			i1 := high.Sub(rest.Mul(halves8(sums, 16))).BitsToInt16()
			threshold := archsimd.BroadcastFloat32x4(*(*float32)(scaled))
			groupSum := archsimd.BroadcastFloat32x4(*(*float32)(unsafe.Add(scaled, 4)))
			d0, d1 := halves8(block, planes), halves8(block, planes+16)
			y0 = addTimes(y0, i0.ExtendLo4ToInt32(), d0.ExtendLo4ToUint32(), by, threshold, groupSum)
			y1 = addTimes(y1, extendHi(i0), extendHiUnsigned(d0), by, threshold, groupSum)
			y2 = addTimes(y2, i1.ExtendLo4ToInt32(), d1.ExtendLo4ToUint32(), by, threshold, groupSum)
			y3 = addTimes(y3, extendHi(i1), extendHiUnsigned(d1), by, threshold, groupSum)
		}
		rows := unsafe.Add(out, tile*4*tileRows)
		storeFloats4(rows, 0, y0)
		storeFloats4(rows, 16, y1)
		storeFloats4(rows, 32, y2)
		storeFloats4(rows, 48, y3)
	}
}
