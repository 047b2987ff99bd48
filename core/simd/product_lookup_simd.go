//go:build goexperiment.simd && (wasm || amd64)

package simd

import (
	"simd/archsimd"
	"unsafe"

	"github.com/spikechat/spikechat/core/tile"
)

// lookup computes all full tiles and returns how many that is.
func lookup(y []float32, w *tile.Matrix, s *Spikes) int {
	tiles := w.Rows / tileRows
	if !available || tiles == 0 {
		return 0
	}
	switch {
	case w.Planes != 4 || w.OffsetBy != 0 || !w.NormalScales || s.wide || s.lookup.together == 1:
		lookupAny(y, w, s, tiles)
	case s.lookup.together == 8:
		lookup4By8(y, w, s, tiles)
	case s.lookup.together == 4:
		lookup4By4(y, w, s, tiles)
	default:
		lookup4By2(y, w, s, tiles)
	}
	return tiles
}

// Rows 0-7 of a tile take the even bytes of a vector and rows 8-15 the odd ones. Bytes of several lookups are summed as
// long as they cannot overflow (lookupTables.together); then they are seen as uint16: low collects both bytes and high the odd
// one alone, and at the end low - high<<8 leaves rows 0-7, with no unpacking in the loop.

// halves starts the 16-bit sums of a plane's lookups.
func halves(sum archsimd.Uint8x16) (low, high archsimd.Uint16x8) {
	pairs := sum.ReshapeToUint16s()
	return pairs, pairs.ShiftAllRight(8)
}

// widen adds summed lookups to the 16-bit sums.
func widen(low, high archsimd.Uint16x8, sum archsimd.Uint8x16) (archsimd.Uint16x8, archsimd.Uint16x8) {
	pairs := sum.ReshapeToUint16s()
	return low.Add(pairs), high.Add(pairs.ShiftAllRight(8))
}

// block4 is the size of a block with 4 planes and stored offsets.
const block4 = 4*planeBytes + 2*scaleBytes

// lookup4By2 is the kernel for 4 planes with stored offsets, normal scales and inputs that are not wide (the layers of a Q4_1
// model), where the lookups of 8 columns fit a byte: the usual case at T=4. What could be a helper is written out: a call
// passes vectors through memory, and a loop costs a jump through Go's dispatch on wasm.
func lookup4By2(y []float32, w *tile.Matrix, s *Spikes, tiles int) {
	groups := w.Groups()
	_ = w.Data[tiles*groups*block4-1]
	data := unsafe.Pointer(&w.Data[0])
	out := unsafe.Pointer(&y[0])
	tables := unsafe.Pointer(&s.lookup.sums[0])
	scales := unsafe.Pointer(&s.scaled[0])
	excesses := unsafe.Pointer(&s.lookup.excess[0])
	mask := archsimd.BroadcastUint8x16(15)
	at := 0
	for tile := range tiles {
		leave()
		var y0, y1, y2, y3 archsimd.Float32x4
		for g := range groups {
			block, table, scaled := unsafe.Add(data, at), unsafe.Add(tables, g*8*16), unsafe.Add(scales, g*8)
			at += block4
			t0, t1, t2, t3 := bytes16(table, 0), bytes16(table, 16), bytes16(table, 32), bytes16(table, 48)
			t4, t5, t6, t7 := bytes16(table, 64), bytes16(table, 80), bytes16(table, 96), bytes16(table, 112)
			var low, high archsimd.Uint16x8
			low, high = widen(low, high, lookups2(bytes16(block, 0), mask, t0, t1))
			low, high = widen(low, high, lookups2(bytes16(block, 16), mask, t2, t3))
			low, high = widen(low, high, lookups2(bytes16(block, 32), mask, t4, t5))
			low, high = widen(low, high, lookups2(bytes16(block, 48), mask, t6, t7))
			low, high = low.Add(low), high.Add(high)
			low, high = widen(low, high, lookups2(bytes16(block, 64), mask, t0, t1))
			low, high = widen(low, high, lookups2(bytes16(block, 80), mask, t2, t3))
			low, high = widen(low, high, lookups2(bytes16(block, 96), mask, t4, t5))
			low, high = widen(low, high, lookups2(bytes16(block, 112), mask, t6, t7))
			low, high = low.Add(low), high.Add(high)
			low, high = widen(low, high, lookups2(bytes16(block, 128), mask, t0, t1))
			low, high = widen(low, high, lookups2(bytes16(block, 144), mask, t2, t3))
			low, high = widen(low, high, lookups2(bytes16(block, 160), mask, t4, t5))
			low, high = widen(low, high, lookups2(bytes16(block, 176), mask, t6, t7))
			low, high = low.Add(low), high.Add(high)
			low, high = widen(low, high, lookups2(bytes16(block, 192), mask, t0, t1))
			low, high = widen(low, high, lookups2(bytes16(block, 208), mask, t2, t3))
			low, high = widen(low, high, lookups2(bytes16(block, 224), mask, t4, t5))
			low, high = widen(low, high, lookups2(bytes16(block, 240), mask, t6, t7))
			excess := archsimd.BroadcastUint16x8(15 * *(*uint16)(unsafe.Add(excesses, 2*g)))
			i0 := low.Sub(high.ShiftAllLeft(8)).Sub(excess).BitsToInt16()
			i1 := high.Sub(excess).BitsToInt16()
			threshold := archsimd.BroadcastFloat32x4(*(*float32)(scaled))
			groupSum := archsimd.BroadcastFloat32x4(*(*float32)(unsafe.Add(scaled, 4)))
			d0, d1 := halves8(block, 4*planeBytes), halves8(block, 4*planeBytes+16)
			n0, n1 := halves8(block, 4*planeBytes+32), halves8(block, 4*planeBytes+48)
			y0 = addNormal(y0, i0.ExtendLo4ToInt32(), d0.ExtendLo4ToUint32(), n0.ExtendLo4ToUint32(), threshold, groupSum)
			y1 = addNormal(y1, extendHi(i0), extendHiUnsigned(d0), extendHiUnsigned(n0), threshold, groupSum)
			y2 = addNormal(y2, i1.ExtendLo4ToInt32(), d1.ExtendLo4ToUint32(), n1.ExtendLo4ToUint32(), threshold, groupSum)
			y3 = addNormal(y3, extendHi(i1), extendHiUnsigned(d1), extendHiUnsigned(n1), threshold, groupSum)
		}
		rows := unsafe.Add(out, tile*4*tileRows)
		storeFloats4(rows, 0, y0)
		storeFloats4(rows, 16, y1)
		storeFloats4(rows, 32, y2)
		storeFloats4(rows, 48, y3)
	}
}

// lookup4By4 is lookup4By2 where the lookups of 16 columns fit a byte: most inputs at T=4.
func lookup4By4(y []float32, w *tile.Matrix, s *Spikes, tiles int) {
	groups := w.Groups()
	_ = w.Data[tiles*groups*block4-1]
	data := unsafe.Pointer(&w.Data[0])
	out := unsafe.Pointer(&y[0])
	tables := unsafe.Pointer(&s.lookup.sums[0])
	scales := unsafe.Pointer(&s.scaled[0])
	excesses := unsafe.Pointer(&s.lookup.excess[0])
	mask := archsimd.BroadcastUint8x16(15)
	at := 0
	for tile := range tiles {
		leave()
		var y0, y1, y2, y3 archsimd.Float32x4
		for g := range groups {
			block, table, scaled := unsafe.Add(data, at), unsafe.Add(tables, g*8*16), unsafe.Add(scales, g*8)
			at += block4
			t0, t1, t2, t3 := bytes16(table, 0), bytes16(table, 16), bytes16(table, 32), bytes16(table, 48)
			t4, t5, t6, t7 := bytes16(table, 64), bytes16(table, 80), bytes16(table, 96), bytes16(table, 112)
			var low, high archsimd.Uint16x8
			low, high = widen(low, high, lookups2(bytes16(block, 0), mask, t0, t1).
				Add(lookups2(bytes16(block, 16), mask, t2, t3)))
			low, high = widen(low, high, lookups2(bytes16(block, 32), mask, t4, t5).
				Add(lookups2(bytes16(block, 48), mask, t6, t7)))
			low, high = low.Add(low), high.Add(high)
			low, high = widen(low, high, lookups2(bytes16(block, 64), mask, t0, t1).
				Add(lookups2(bytes16(block, 80), mask, t2, t3)))
			low, high = widen(low, high, lookups2(bytes16(block, 96), mask, t4, t5).
				Add(lookups2(bytes16(block, 112), mask, t6, t7)))
			low, high = low.Add(low), high.Add(high)
			low, high = widen(low, high, lookups2(bytes16(block, 128), mask, t0, t1).
				Add(lookups2(bytes16(block, 144), mask, t2, t3)))
			low, high = widen(low, high, lookups2(bytes16(block, 160), mask, t4, t5).
				Add(lookups2(bytes16(block, 176), mask, t6, t7)))
			low, high = low.Add(low), high.Add(high)
			low, high = widen(low, high, lookups2(bytes16(block, 192), mask, t0, t1).
				Add(lookups2(bytes16(block, 208), mask, t2, t3)))
			low, high = widen(low, high, lookups2(bytes16(block, 224), mask, t4, t5).
				Add(lookups2(bytes16(block, 240), mask, t6, t7)))
			excess := archsimd.BroadcastUint16x8(15 * *(*uint16)(unsafe.Add(excesses, 2*g)))
			i0 := low.Sub(high.ShiftAllLeft(8)).Sub(excess).BitsToInt16()
			i1 := high.Sub(excess).BitsToInt16()
			threshold := archsimd.BroadcastFloat32x4(*(*float32)(scaled))
			groupSum := archsimd.BroadcastFloat32x4(*(*float32)(unsafe.Add(scaled, 4)))
			d0, d1 := halves8(block, 4*planeBytes), halves8(block, 4*planeBytes+16)
			n0, n1 := halves8(block, 4*planeBytes+32), halves8(block, 4*planeBytes+48)
			y0 = addNormal(y0, i0.ExtendLo4ToInt32(), d0.ExtendLo4ToUint32(), n0.ExtendLo4ToUint32(), threshold, groupSum)
			y1 = addNormal(y1, extendHi(i0), extendHiUnsigned(d0), extendHiUnsigned(n0), threshold, groupSum)
			y2 = addNormal(y2, i1.ExtendLo4ToInt32(), d1.ExtendLo4ToUint32(), n1.ExtendLo4ToUint32(), threshold, groupSum)
			y3 = addNormal(y3, extendHi(i1), extendHiUnsigned(d1), extendHiUnsigned(n1), threshold, groupSum)
		}
		rows := unsafe.Add(out, tile*4*tileRows)
		storeFloats4(rows, 0, y0)
		storeFloats4(rows, 16, y1)
		storeFloats4(rows, 32, y2)
		storeFloats4(rows, 48, y3)
	}
}

// lookup4By8 is lookup4By2 where all 8 lookups of a plane fit a byte: nearly all inputs at T=1 and T=2.
func lookup4By8(y []float32, w *tile.Matrix, s *Spikes, tiles int) {
	groups := w.Groups()
	_ = w.Data[tiles*groups*block4-1]
	data := unsafe.Pointer(&w.Data[0])
	out := unsafe.Pointer(&y[0])
	tables := unsafe.Pointer(&s.lookup.sums[0])
	scales := unsafe.Pointer(&s.scaled[0])
	excesses := unsafe.Pointer(&s.lookup.excess[0])
	mask := archsimd.BroadcastUint8x16(15)
	at := 0
	for tile := range tiles {
		leave()
		var y0, y1, y2, y3 archsimd.Float32x4
		for g := range groups {
			block, table, scaled := unsafe.Add(data, at), unsafe.Add(tables, g*8*16), unsafe.Add(scales, g*8)
			at += block4
			t0, t1, t2, t3 := bytes16(table, 0), bytes16(table, 16), bytes16(table, 32), bytes16(table, 48)
			t4, t5, t6, t7 := bytes16(table, 64), bytes16(table, 80), bytes16(table, 96), bytes16(table, 112)
			var low, high archsimd.Uint16x8
			low, high = widen(low, high, lookups2(bytes16(block, 0), mask, t0, t1).
				Add(lookups2(bytes16(block, 16), mask, t2, t3)).
				Add(lookups2(bytes16(block, 32), mask, t4, t5)).
				Add(lookups2(bytes16(block, 48), mask, t6, t7)))
			low, high = low.Add(low), high.Add(high)
			low, high = widen(low, high, lookups2(bytes16(block, 64), mask, t0, t1).
				Add(lookups2(bytes16(block, 80), mask, t2, t3)).
				Add(lookups2(bytes16(block, 96), mask, t4, t5)).
				Add(lookups2(bytes16(block, 112), mask, t6, t7)))
			low, high = low.Add(low), high.Add(high)
			low, high = widen(low, high, lookups2(bytes16(block, 128), mask, t0, t1).
				Add(lookups2(bytes16(block, 144), mask, t2, t3)).
				Add(lookups2(bytes16(block, 160), mask, t4, t5)).
				Add(lookups2(bytes16(block, 176), mask, t6, t7)))
			low, high = low.Add(low), high.Add(high)
			low, high = widen(low, high, lookups2(bytes16(block, 192), mask, t0, t1).
				Add(lookups2(bytes16(block, 208), mask, t2, t3)).
				Add(lookups2(bytes16(block, 224), mask, t4, t5)).
				Add(lookups2(bytes16(block, 240), mask, t6, t7)))
			excess := archsimd.BroadcastUint16x8(15 * *(*uint16)(unsafe.Add(excesses, 2*g)))
			i0 := low.Sub(high.ShiftAllLeft(8)).Sub(excess).BitsToInt16()
			i1 := high.Sub(excess).BitsToInt16()
			threshold := archsimd.BroadcastFloat32x4(*(*float32)(scaled))
			groupSum := archsimd.BroadcastFloat32x4(*(*float32)(unsafe.Add(scaled, 4)))
			d0, d1 := halves8(block, 4*planeBytes), halves8(block, 4*planeBytes+16)
			n0, n1 := halves8(block, 4*planeBytes+32), halves8(block, 4*planeBytes+48)
			y0 = addNormal(y0, i0.ExtendLo4ToInt32(), d0.ExtendLo4ToUint32(), n0.ExtendLo4ToUint32(), threshold, groupSum)
			y1 = addNormal(y1, extendHi(i0), extendHiUnsigned(d0), extendHiUnsigned(n0), threshold, groupSum)
			y2 = addNormal(y2, i1.ExtendLo4ToInt32(), d1.ExtendLo4ToUint32(), n1.ExtendLo4ToUint32(), threshold, groupSum)
			y3 = addNormal(y3, extendHi(i1), extendHiUnsigned(d1), extendHiUnsigned(n1), threshold, groupSum)
		}
		rows := unsafe.Add(out, tile*4*tileRows)
		storeFloats4(rows, 0, y0)
		storeFloats4(rows, 16, y1)
		storeFloats4(rows, 32, y2)
		storeFloats4(rows, 48, y3)
	}
}
