//go:build goexperiment.simd && (wasm || amd64)

package simd

import (
	"simd/archsimd"
	"unsafe"
)

// bytes16 loads 16 bytes. The kernels check the length of a whole block once and then walk by address: a bounds check
// per load would cost more than the lookup.
func bytes16(p unsafe.Pointer, at uintptr) archsimd.Uint8x16 {
	return archsimd.LoadUint8x16Array((*[16]uint8)(unsafe.Add(p, at)))
}

func halves8(p unsafe.Pointer, at uintptr) archsimd.Uint16x8 {
	return archsimd.LoadUint16x8Array((*[8]uint16)(unsafe.Add(p, at)))
}

func floats4(p unsafe.Pointer, at uintptr) archsimd.Float32x4 {
	return archsimd.LoadFloat32x4Array((*[4]float32)(unsafe.Add(p, at)))
}

func storeFloats4(p unsafe.Pointer, at uintptr, v archsimd.Float32x4) {
	v.StoreArray((*[4]float32)(unsafe.Add(p, at)))
}

// lookup computes all full tiles and returns how many that is.
func lookup(y []float32, w *Weights, s *Spikes) int {
	tiles := w.Rows / TileRows
	if !available || tiles == 0 {
		return 0
	}
	if w.Planes == 4 && w.OffsetBy == 0 && w.Tame && !s.Wide {
		lookup4(y, w, s, tiles)
	} else {
		lookupAny(y, w, s, tiles)
	}
	return tiles
}

// addPlane doubles the sums of the planes above and adds one plane's 8 lookups. The even bytes of a lookup belong to rows
// 0-7 and the odd ones to rows 8-15: seen as uint16, low collects both and high the odd ones alone, and at the end
// low - high<<8 leaves rows 0-7, with no unpacking in the loop.
func addPlane(low, high archsimd.Uint16x8, plane unsafe.Pointer, mask, t0, t1, t2, t3, t4, t5, t6, t7 archsimd.Uint8x16) (archsimd.Uint16x8, archsimd.Uint16x8) {
	low, high = low.Add(low), high.Add(high)
	low, high = addNibbles(low, high, bytes16(plane, 0), mask, t0, t1)
	low, high = addNibbles(low, high, bytes16(plane, 16), mask, t2, t3)
	low, high = addNibbles(low, high, bytes16(plane, 32), mask, t4, t5)
	return addNibbles(low, high, bytes16(plane, 48), mask, t6, t7)
}

func addNibbles(low, high archsimd.Uint16x8, bits, mask, t0, t1 archsimd.Uint8x16) (archsimd.Uint16x8, archsimd.Uint16x8) {
	a := lookup16(t0, bits.And(mask)).ReshapeToUint16s()
	b := lookup16(t1, bits.ReshapeToUint16s().ShiftAllRight(4).ReshapeToUint8s().And(mask)).ReshapeToUint16s()
	return low.Add(a).Add(b), high.Add(a.ShiftAllRight(8)).Add(b.ShiftAllRight(8))
}

// tameHalf widens four float16 bit patterns to float32 times 2^-112.
func tameHalf(bits archsimd.Uint32x4) archsimd.Float32x4 {
	return bits.ShiftAllLeft(13).BitsToFloat32()
}

// lookup4 is the kernel for 4 planes with stored offsets, tame scales and inputs that are not wide: the layers of a Q4_1
// model.
func lookup4(y []float32, w *Weights, s *Spikes, tiles int) {
	const size = 4*planeBytes + 2*scaleBytes
	groups := w.Groups()
	_ = w.Data[tiles*groups*size-1]
	block := unsafe.Pointer(&w.Data[0])
	out := unsafe.Pointer(&y[0])
	mask := archsimd.BroadcastUint8x16(15)
	for range tiles {
		var y0, y1, y2, y3 archsimd.Float32x4
		table := unsafe.Pointer(&s.tables[0])
		scaled := unsafe.Pointer(&s.scaled[0])
		rest := unsafe.Pointer(&s.Rest[0])
		for range groups {
			t0, t1, t2, t3 := bytes16(table, 0), bytes16(table, 16), bytes16(table, 32), bytes16(table, 48)
			t4, t5, t6, t7 := bytes16(table, 64), bytes16(table, 80), bytes16(table, 96), bytes16(table, 112)
			var low, high archsimd.Uint16x8
			low, high = addPlane(low, high, block, mask, t0, t1, t2, t3, t4, t5, t6, t7)
			low, high = addPlane(low, high, unsafe.Add(block, planeBytes), mask, t0, t1, t2, t3, t4, t5, t6, t7)
			low, high = addPlane(low, high, unsafe.Add(block, 2*planeBytes), mask, t0, t1, t2, t3, t4, t5, t6, t7)
			low, high = addPlane(low, high, unsafe.Add(block, 3*planeBytes), mask, t0, t1, t2, t3, t4, t5, t6, t7)
			// 480 = 8 tables of 4z, times 1+2+4+8.
			excess := archsimd.BroadcastUint16x8(480 * uint16(*(*uint8)(rest)))
			i0 := low.Sub(high.ShiftAllLeft(8)).Sub(excess).BitsToInt16()
			i1 := high.Sub(excess).BitsToInt16()
			threshold := archsimd.BroadcastFloat32x4(*(*float32)(scaled))
			lift := archsimd.BroadcastFloat32x4(*(*float32)(unsafe.Add(scaled, 4)))
			d0, d1 := halves8(block, 4*planeBytes), halves8(block, 4*planeBytes+16)
			n0, n1 := halves8(block, 4*planeBytes+32), halves8(block, 4*planeBytes+48)
			y0 = y0.Add(i0.ExtendLo4ToInt32().ConvertToFloat32().Mul(tameHalf(d0.ExtendLo4ToUint32())).Mul(threshold))
			y1 = y1.Add(extendHi(i0).ConvertToFloat32().Mul(tameHalf(extendHiUnsigned(d0))).Mul(threshold))
			y2 = y2.Add(i1.ExtendLo4ToInt32().ConvertToFloat32().Mul(tameHalf(d1.ExtendLo4ToUint32())).Mul(threshold))
			y3 = y3.Add(extendHi(i1).ConvertToFloat32().Mul(tameHalf(extendHiUnsigned(d1))).Mul(threshold))
			y0 = y0.Sub(tameHalf(n0.ExtendLo4ToUint32()).Mul(lift))
			y1 = y1.Sub(tameHalf(extendHiUnsigned(n0)).Mul(lift))
			y2 = y2.Sub(tameHalf(n1.ExtendLo4ToUint32()).Mul(lift))
			y3 = y3.Sub(tameHalf(extendHiUnsigned(n1)).Mul(lift))
			block = unsafe.Add(block, size)
			table = unsafe.Add(table, 8*16)
			scaled = unsafe.Add(scaled, 8)
			rest = unsafe.Add(rest, 1)
		}
		storeFloats4(out, 0, y0)
		storeFloats4(out, 16, y1)
		storeFloats4(out, 32, y2)
		storeFloats4(out, 48, y3)
		out = unsafe.Add(out, 64)
	}
}
