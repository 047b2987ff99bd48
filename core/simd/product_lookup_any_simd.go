//go:build goexperiment.simd && (wasm || amd64 || arm64)

package simd

import (
	"simd/archsimd"
	"unsafe"

	"github.com/spikechat/spikechat/core/tile"
)

// lookupAny is the kernel for every other shape: 1 to 8 planes, stored or derived offsets, scales
// of any sign, wide inputs. The planes run in chunks of at most 4, whose sums fit 16 bits, and are
// joined in 32.
func lookupAny(y []float32, w *tile.Matrix, s *Spikes, tiles int) {
	if w.Planes == 8 && w.OffsetBy != 0 && w.Missing == 0 && !s.wide && s.lookup.together >= 2 {
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
			addScaled(&acc, &i, w, unsafe.Add(block, w.ScalesAt()), s.Threshold[g], s.GroupSum[g])
		}
		for k := range acc {
			storeFloats4(unsafe.Pointer(&y[t*tileRows+4*k]), 0, acc[k])
		}
	}
}

// chunk sums the lookups of 1 to 4 planes, what the tables hold above the sums from rest taken off,
// for rows 0-3, 4-7, 8-11 and 12-15. pairs says that two lookups fit a byte.
func chunk(
	block, table unsafe.Pointer, planes int, above uint16, pairs bool,
) (i [4]archsimd.Int32x4) {
	var low, high archsimd.Uint16x8
	if planes == 4 && pairs {
		low, high = fourPlanes(block, table)
	} else {
		low, high = singleLookups(block, table, planes)
	}
	excess := archsimd.BroadcastUint16x8(above * (1<<planes - 1))
	i0 := low.Sub(high.ShiftAllLeft(8)).Sub(excess).BitsToInt16()
	i1 := high.Sub(excess).BitsToInt16()
	return [4]archsimd.Int32x4{i0.ExtendLo4ToInt32(), extendHi(i0), i1.ExtendLo4ToInt32(),
		extendHi(i1)}
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
			upper := bits.ReshapeToUint16s().ShiftAllRight(4).ReshapeToUint8s().And(mask)
			low, high = widen(low, high, lookup16(bytes16(table, 32*b+16), upper))
		}
	}
	return low, high
}
