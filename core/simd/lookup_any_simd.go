//go:build goexperiment.simd && (wasm || amd64)

package simd

import (
	"simd/archsimd"
	"unsafe"
)

// lookupAny is the kernel for every other shape: 1 to 8 planes, stored or derived offsets, scales of any sign, wide
// inputs. The planes run in chunks of at most 4, whose sums fit 16 bits, and are joined in 32.
func lookupAny(y []float32, w *Weights, s *Spikes, tiles int) {
	groups, size := w.Groups(), w.blockBytes()
	_ = w.Data[tiles*groups*size-1]
	data := unsafe.Pointer(&w.Data[0])
	at := 0
	top := w.Planes - 4 // planes of the upper chunk, if positive
	for t := range tiles {
		leave()
		var acc [4]archsimd.Float32x4
		for g := range groups {
			block, table := unsafe.Add(data, at), unsafe.Pointer(&s.tables[g*8*16])
			at += size
			var i [4]archsimd.Int32x4
			if top > 0 {
				i = chunk(block, table, top, s.excess[g])
				lower := chunk(unsafe.Add(block, top*planeBytes), table, 4, s.excess[g])
				for k := range i {
					i[k] = i[k].ShiftAllLeft(4).Add(lower[k])
				}
			} else {
				i = chunk(block, table, w.Planes, s.excess[g])
			}
			addScaled(&acc, &i, w, unsafe.Add(block, w.Planes*planeBytes), s.Threshold[g], s.Lift[g])
		}
		for k := range acc {
			storeFloats4(unsafe.Pointer(&y[t*TileRows+4*k]), 0, acc[k])
		}
	}
}

// chunk sums the lookups of 1 to 4 planes, what the tables hold above the sums from rest taken off, for rows 0-3, 4-7, 8-11 and 12-15.
func chunk(block, table unsafe.Pointer, planes int, above uint16) (i [4]archsimd.Int32x4) {
	mask := archsimd.BroadcastUint8x16(15)
	var low, high archsimd.Uint16x8
	for p := range planes {
		plane := unsafe.Add(block, p*planeBytes)
		low, high = low.Add(low), high.Add(high)
		for b := uintptr(0); b < 4; b++ {
			bits := bytes16(plane, 16*b)
			low, high = widen(low, high, lookup16(bytes16(table, 32*b), bits.And(mask)))
			low, high = widen(low, high, lookup16(bytes16(table, 32*b+16), bits.ReshapeToUint16s().ShiftAllRight(4).ReshapeToUint8s().And(mask)))
		}
	}
	excess := archsimd.BroadcastUint16x8(above * (1<<planes - 1))
	i0 := low.Sub(high.ShiftAllLeft(8)).Sub(excess).BitsToInt16()
	i1 := high.Sub(excess).BitsToInt16()
	return [4]archsimd.Int32x4{i0.ExtendLo4ToInt32(), extendHi(i0), i1.ExtendLo4ToInt32(), extendHi(i1)}
}

// widenHalves converts 16 float16 of any sign, subnormals included.
func widenHalves(p unsafe.Pointer) (v [4]archsimd.Float32x4) {
	bias := archsimd.BroadcastFloat32x4(0x1p112)
	magnitude, sign := archsimd.BroadcastUint32x4(0x7fff), archsimd.BroadcastUint32x4(0x8000)
	for k := range v {
		bits := halves8(p, uintptr(k/2*16))
		wide := bits.ExtendLo4ToUint32()
		if k%2 == 1 {
			wide = extendHiUnsigned(bits)
		}
		v[k] = wide.And(magnitude).ShiftAllLeft(13).Or(wide.And(sign).ShiftAllLeft(16)).BitsToFloat32().Mul(bias)
	}
	return v
}

// addScaled adds a group to the sums of 16 rows: acc += (i*d)*threshold, then acc -= n*lift.
func addScaled(acc *[4]archsimd.Float32x4, i *[4]archsimd.Int32x4, w *Weights, scales unsafe.Pointer, threshold, lift float32) {
	d := widenHalves(scales)
	var n [4]archsimd.Float32x4
	if w.OffsetBy == 0 {
		n = widenHalves(unsafe.Add(scales, scaleBytes))
	} else {
		by := archsimd.BroadcastFloat32x4(w.OffsetBy)
		for k := range n {
			n[k] = by.Mul(d[k])
		}
	}
	th, li := archsimd.BroadcastFloat32x4(threshold), archsimd.BroadcastFloat32x4(lift)
	for k := range acc {
		acc[k] = acc[k].Add(i[k].ConvertToFloat32().Mul(d[k]).Mul(th)).Sub(n[k].Mul(li))
	}
}
