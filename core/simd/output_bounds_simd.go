//go:build goexperiment.simd && (wasm || amd64)

package simd

import (
	"simd/archsimd"
	"unsafe"

	"github.com/spikechat/spikechat/core/tile"
)

// These kernels store their sums to a place that nobody reads, twice a plane. Without such fences Go's compiler loads and splits
// all planes of a block first and spills the pieces, and a browser's compiler spills them a second time: twice the time in Node.

// block8 is the size of a block with 8 planes and derived offsets.
const block8 = 8*planeBytes + scaleBytes

// upperBounds computes the bounds of all full tiles and returns how many that is. Lookups of 8 columns fit a byte.
func upperBounds(bounds []float32, w *tile.Matrix, s *Spikes) int {
	tiles := w.Rows / tileRows
	if !available || tiles == 0 {
		return 0
	}
	groups := w.Groups()
	_ = w.Data[tiles*groups*block8-1]
	data := unsafe.Pointer(&w.Data[0])
	tables, scales, terms := unsafe.Pointer(&s.lookup.sums[0]), unsafe.Pointer(&s.scaled[0]), unsafe.Pointer(&s.bounds.terms[0])
	fence := &s.bounds.fence
	mask := archsimd.BroadcastUint8x16(15)
	at := 0
	for tile := range tiles {
		leave()
		var y0, y1, y2, y3 archsimd.Float32x4
		for g := range groups {
			block, table := unsafe.Add(data, at), unsafe.Add(tables, g*8*16)
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
			low, high = low.Add(low), high.Add(high)
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
			threshold := archsimd.BroadcastFloat32x4(*(*float32)(unsafe.Add(scales, 8*g)))
			bound := archsimd.BroadcastFloat32x4(*(*float32)(unsafe.Add(terms, 4*g)))
			d0, d1 := halves8(block, 8*planeBytes), halves8(block, 8*planeBytes+16)
			low = low.Sub(high.ShiftAllLeft(8))
			y0 = addBounded(y0, low.ExtendLo4ToUint32(), d0.ExtendLo4ToUint32(), threshold, bound)
			y1 = addBounded(y1, extendHiUnsigned(low), extendHiUnsigned(d0), threshold, bound)
			y2 = addBounded(y2, high.ExtendLo4ToUint32(), d1.ExtendLo4ToUint32(), threshold, bound)
			y3 = addBounded(y3, extendHiUnsigned(high), extendHiUnsigned(d1), threshold, bound)
		}
		var y [4]float32
		y0.Max(y1).Max(y2.Max(y3)).StoreArray(&y)
		bounds[tile] = max(y[0], y[1], y[2], y[3]) * (1 << lowPlanes)
	}
	leave()
	return tiles
}

// addBounded adds a group to the bounds of four rows: y += ((sum + bound) * d) * threshold.
func addBounded(y archsimd.Float32x4, sum, d archsimd.Uint32x4, threshold, bound archsimd.Float32x4) archsimd.Float32x4 {
	return y.Add(sum.BitsToInt32().ConvertToFloat32().Add(bound).Mul(normalHalf(d)).Mul(threshold))
}
