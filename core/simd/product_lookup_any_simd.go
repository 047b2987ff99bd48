//go:build goexperiment.simd && (wasm || amd64)

package simd

import (
	"simd/archsimd"
	"unsafe"

	"github.com/spikechat/spikechat/core/tile"
)

// lookupAny is the kernel for every other shape: 1 to 8 planes, stored or derived offsets, scales of any sign, wide
// inputs. The planes run in chunks of at most 4, whose sums fit 16 bits, and are joined in 32.
func lookupAny(y []float32, w *tile.Matrix, s *Spikes, tiles int) {
	if w.Planes == 8 && w.OffsetBy != 0 && w.NormalScales && !s.wide && s.lookup.together >= 2 {
		lookup8By2(y, w, s, tiles)
		return
	}
	groups, size := w.Groups(), w.BlockBytes()
	_ = w.Data[tiles*groups*size-1]
	data := unsafe.Pointer(&w.Data[0])
	at := 0
	top := w.Planes - 4 // planes of the upper chunk, if positive
	pairs := s.lookup.together >= 2
	for t := range tiles {
		leave()
		var acc [4]archsimd.Float32x4
		for g := range groups {
			block, table := unsafe.Add(data, at), unsafe.Pointer(&s.lookup.sums[g*8*16])
			at += size
			var i [4]archsimd.Int32x4
			if top > 0 {
				i = chunk(block, table, top, s.lookup.excess[g], pairs)
				lower := chunk(unsafe.Add(block, top*planeBytes), table, 4, s.lookup.excess[g], pairs)
				for k := range i {
					i[k] = i[k].ShiftAllLeft(4).Add(lower[k])
				}
			} else {
				i = chunk(block, table, w.Planes, s.lookup.excess[g], pairs)
			}
			addScaled(&acc, &i, w, unsafe.Add(block, w.Planes*planeBytes), s.Threshold[g], s.GroupSum[g])
		}
		for k := range acc {
			storeFloats4(unsafe.Pointer(&y[t*tileRows+4*k]), 0, acc[k])
		}
	}
}

// chunk sums the lookups of 1 to 4 planes, what the tables hold above the sums from rest taken off, for rows 0-3, 4-7, 8-11
// and 12-15. pairs says that two lookups fit a byte.
func chunk(block, table unsafe.Pointer, planes int, above uint16, pairs bool) (i [4]archsimd.Int32x4) {
	var low, high archsimd.Uint16x8
	if planes == 4 && pairs {
		low, high = fourPlanes(block, table)
	} else {
		low, high = singleLookups(block, table, planes)
	}
	excess := archsimd.BroadcastUint16x8(above * (1<<planes - 1))
	i0 := low.Sub(high.ShiftAllLeft(8)).Sub(excess).BitsToInt16()
	i1 := high.Sub(excess).BitsToInt16()
	return [4]archsimd.Int32x4{i0.ExtendLo4ToInt32(), extendHi(i0), i1.ExtendLo4ToInt32(), extendHi(i1)}
}

// singleLookups widens every lookup by itself.
func singleLookups(block, table unsafe.Pointer, planes int) (low, high archsimd.Uint16x8) {
	mask := archsimd.BroadcastUint8x16(15)
	for p := range planes {
		plane := unsafe.Add(block, p*planeBytes)
		low, high = low.Add(low), high.Add(high)
		for b := uintptr(0); b < 4; b++ {
			bits := bytes16(plane, 16*b)
			low, high = widen(low, high, lookup16(bytes16(table, 32*b), bits.And(mask)))
			low, high = widen(low, high, lookup16(bytes16(table, 32*b+16), bits.ReshapeToUint16s().ShiftAllRight(4).ReshapeToUint8s().And(mask)))
		}
	}
	return low, high
}

// fourPlanes widens two lookups at a time, written out as in lookup4By2.
func fourPlanes(block, table unsafe.Pointer) (low, high archsimd.Uint16x8) {
	mask := archsimd.BroadcastUint8x16(15)
	t0, t1, t2, t3 := bytes16(table, 0), bytes16(table, 16), bytes16(table, 32), bytes16(table, 48)
	t4, t5, t6, t7 := bytes16(table, 64), bytes16(table, 80), bytes16(table, 96), bytes16(table, 112)
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
	return low, high
}
