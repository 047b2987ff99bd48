//go:build goexperiment.simd && (wasm || amd64)

package simd

import (
	"simd/archsimd"
	"unsafe"

	"github.com/spikechat/spikechat/core/tile"
)

// lookup8By2 is lookupAny for 8 planes with derived offsets, normal scales, and inputs that are not wide and let the lookups of
// 8 columns fit a byte: the head of a Q8_0 model. The sums of 4 planes fit 16 bits and are joined in 32.
func lookup8By2(y []float32, w *tile.Matrix, s *Spikes, tiles int) {
	groups := w.Groups()
	_ = w.Data[tiles*groups*block8-1]
	data := unsafe.Pointer(&w.Data[0])
	out := unsafe.Pointer(&y[0])
	tables, scales, excesses := unsafe.Pointer(&s.lookup.sums[0]), unsafe.Pointer(&s.scaled[0]), unsafe.Pointer(&s.lookup.excess[0])
	fence := &s.bounds.fence
	mask := archsimd.BroadcastUint8x16(15)
	by := archsimd.BroadcastFloat32x4(w.OffsetBy)
	at := 0
	for tile := range tiles {
		leave()
		var y0, y1, y2, y3 archsimd.Float32x4
		for g := range groups {
			block, table, scaled := unsafe.Add(data, at), unsafe.Add(tables, g*8*16), unsafe.Add(scales, g*8)
			at += block8
			t0, t1, t2, t3 := bytes16(table, 0), bytes16(table, 16), bytes16(table, 32), bytes16(table, 48)
			t4, t5, t6, t7 := bytes16(table, 64), bytes16(table, 80), bytes16(table, 96), bytes16(table, 112)
			var low, high archsimd.Uint16x8
			low, high = widen(low, high, lookups2(bytes16(block, 0), mask, t0, t1))
			low, high = widen(low, high, lookups2(bytes16(block, 16), mask, t2, t3))
			low.StoreArray(fence)
			low, high = widen(low, high, lookups2(bytes16(block, 32), mask, t4, t5))
			low, high = widen(low, high, lookups2(bytes16(block, 48), mask, t6, t7))
			high.StoreArray(fence)
			low, high = low.Add(low), high.Add(high)
			low, high = widen(low, high, lookups2(bytes16(block, 64), mask, t0, t1))
			low, high = widen(low, high, lookups2(bytes16(block, 80), mask, t2, t3))
			low.StoreArray(fence)
			low, high = widen(low, high, lookups2(bytes16(block, 96), mask, t4, t5))
			low, high = widen(low, high, lookups2(bytes16(block, 112), mask, t6, t7))
			high.StoreArray(fence)
			low, high = low.Add(low), high.Add(high)
			low, high = widen(low, high, lookups2(bytes16(block, 128), mask, t0, t1))
			low, high = widen(low, high, lookups2(bytes16(block, 144), mask, t2, t3))
			low.StoreArray(fence)
			low, high = widen(low, high, lookups2(bytes16(block, 160), mask, t4, t5))
			low, high = widen(low, high, lookups2(bytes16(block, 176), mask, t6, t7))
			high.StoreArray(fence)
			low, high = low.Add(low), high.Add(high)
			low, high = widen(low, high, lookups2(bytes16(block, 192), mask, t0, t1))
			low, high = widen(low, high, lookups2(bytes16(block, 208), mask, t2, t3))
			low.StoreArray(fence)
			low, high = widen(low, high, lookups2(bytes16(block, 224), mask, t4, t5))
			low, high = widen(low, high, lookups2(bytes16(block, 240), mask, t6, t7))
			high.StoreArray(fence)
			excess := archsimd.BroadcastUint16x8(15 * *(*uint16)(unsafe.Add(excesses, 2*g)))
			upper0, upper1 := low.Sub(high.ShiftAllLeft(8)).Sub(excess).BitsToInt16(), high.Sub(excess).BitsToInt16()
			low, high = archsimd.Uint16x8{}, archsimd.Uint16x8{}
			low, high = widen(low, high, lookups2(bytes16(block, 256), mask, t0, t1))
			low, high = widen(low, high, lookups2(bytes16(block, 272), mask, t2, t3))
			low.StoreArray(fence)
			low, high = widen(low, high, lookups2(bytes16(block, 288), mask, t4, t5))
			low, high = widen(low, high, lookups2(bytes16(block, 304), mask, t6, t7))
			high.StoreArray(fence)
			low, high = low.Add(low), high.Add(high)
			low, high = widen(low, high, lookups2(bytes16(block, 320), mask, t0, t1))
			low, high = widen(low, high, lookups2(bytes16(block, 336), mask, t2, t3))
			low.StoreArray(fence)
			low, high = widen(low, high, lookups2(bytes16(block, 352), mask, t4, t5))
			low, high = widen(low, high, lookups2(bytes16(block, 368), mask, t6, t7))
			high.StoreArray(fence)
			low, high = low.Add(low), high.Add(high)
			low, high = widen(low, high, lookups2(bytes16(block, 384), mask, t0, t1))
			low, high = widen(low, high, lookups2(bytes16(block, 400), mask, t2, t3))
			low.StoreArray(fence)
			low, high = widen(low, high, lookups2(bytes16(block, 416), mask, t4, t5))
			low, high = widen(low, high, lookups2(bytes16(block, 432), mask, t6, t7))
			high.StoreArray(fence)
			low, high = low.Add(low), high.Add(high)
			low, high = widen(low, high, lookups2(bytes16(block, 448), mask, t0, t1))
			low, high = widen(low, high, lookups2(bytes16(block, 464), mask, t2, t3))
			low.StoreArray(fence)
			low, high = widen(low, high, lookups2(bytes16(block, 480), mask, t4, t5))
			low, high = widen(low, high, lookups2(bytes16(block, 496), mask, t6, t7))
			high.StoreArray(fence)
			lower0, lower1 := low.Sub(high.ShiftAllLeft(8)).Sub(excess).BitsToInt16(), high.Sub(excess).BitsToInt16()
			threshold := archsimd.BroadcastFloat32x4(*(*float32)(scaled))
			groupSum := archsimd.BroadcastFloat32x4(*(*float32)(unsafe.Add(scaled, 4)))
			d0, d1 := halves8(block, 8*planeBytes), halves8(block, 8*planeBytes+16)
			y0 = addDerived(y0, upper0.ExtendLo4ToInt32(), lower0.ExtendLo4ToInt32(), d0.ExtendLo4ToUint32(), by, threshold, groupSum)
			y1 = addDerived(y1, extendHi(upper0), extendHi(lower0), extendHiUnsigned(d0), by, threshold, groupSum)
			y2 = addDerived(y2, upper1.ExtendLo4ToInt32(), lower1.ExtendLo4ToInt32(), d1.ExtendLo4ToUint32(), by, threshold, groupSum)
			y3 = addDerived(y3, extendHi(upper1), extendHi(lower1), extendHiUnsigned(d1), by, threshold, groupSum)
		}
		rows := unsafe.Add(out, tile*4*tileRows)
		storeFloats4(rows, 0, y0)
		storeFloats4(rows, 16, y1)
		storeFloats4(rows, 32, y2)
		storeFloats4(rows, 48, y3)
	}
}
