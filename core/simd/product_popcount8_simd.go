//go:build goexperiment.simd && (wasm || amd64 || arm64)

package simd

import (
	"simd/archsimd"
	"unsafe"

	"github.com/spikechat/spikechat/core/tile"
)

// popcount8 is the kernel for 8 planes with derived offsets, normal scales and inputs that are not
// wide: the output's. The sums of each 4 planes fit 16 bits and are joined in 32.
func popcount8[P firedPlanes](y []float32, w *tile.Matrix, codeSums *[]uint16, s *Spikes,
	tiles int) {
	groups := w.Groups()
	_ = w.Data[tiles*groups*block8-1]
	data := unsafe.Pointer(&w.Data[0])
	sumsOfCodes := unsafe.Pointer(&(*codeSums)[0])
	out := unsafe.Pointer(&y[0])
	splats := unsafe.Pointer(&s.popcount.splats[0])
	scales := unsafe.Pointer(&s.scaled[0])
	rests := unsafe.Pointer(&s.Rest[0])
	by := archsimd.BroadcastFloat32x4(w.OffsetBy)
	at := 0
	for tile := range tiles {
		leave()
		var y0, y1, y2, y3 archsimd.Float32x4
		for g := range groups {
			block, sums := unsafe.Add(data, at*block8), unsafe.Add(sumsOfCodes, at*2*tileRows)
			scaled, spikes := unsafe.Add(scales, g*8), unsafe.Add(splats, g*splatBytes)
			at++
			u0, u1 := count4[P](block, spikes)
			l0, l1 := count4[P](unsafe.Add(block, 4*planeBytes), spikes)
			rest := archsimd.BroadcastInt32x4(int32(*(*uint8)(unsafe.Add(rests, g))))
			c0, c1 := halves8(sums, 0), halves8(sums, 16)
			threshold := archsimd.BroadcastFloat32x4(*(*float32)(scaled))
			groupSum := archsimd.BroadcastFloat32x4(*(*float32)(unsafe.Add(scaled, 4)))
			d0, d1 := halves8(block, 8*planeBytes), halves8(block, 8*planeBytes+16)
			y0 = addDerived(y0, u0.ExtendLo4ToUint32().BitsToInt32(), l0.ExtendLo4ToUint32().BitsToInt32().
				Sub(rest.Mul(c0.ExtendLo4ToUint32().BitsToInt32())), d0.ExtendLo4ToUint32(),
				by, threshold, groupSum)
			y1 = addDerived(y1, extendHiUnsigned(u0).BitsToInt32(), extendHiUnsigned(l0).BitsToInt32().
				Sub(rest.Mul(extendHiUnsigned(c0).BitsToInt32())), extendHiUnsigned(d0),
				by, threshold, groupSum)
			y2 = addDerived(y2, u1.ExtendLo4ToUint32().BitsToInt32(), l1.ExtendLo4ToUint32().BitsToInt32().
				Sub(rest.Mul(c1.ExtendLo4ToUint32().BitsToInt32())), d1.ExtendLo4ToUint32(),
				by, threshold, groupSum)
			y3 = addDerived(y3, extendHiUnsigned(u1).BitsToInt32(), extendHiUnsigned(l1).BitsToInt32().
				Sub(rest.Mul(extendHiUnsigned(c1).BitsToInt32())), extendHiUnsigned(d1),
				by, threshold, groupSum)
		}
		rows := unsafe.Add(out, tile*4*tileRows)
		storeFloats4(rows, 0, y0)
		storeFloats4(rows, 16, y1)
		storeFloats4(rows, 32, y2)
		storeFloats4(rows, 48, y3)
	}
}
