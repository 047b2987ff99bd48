//go:build goexperiment.simd && (amd64 || arm64)

package simd

import (
	"simd/archsimd"
	"unsafe"
)

// What lanes_wasm.go lists and is the same where Go's compiler writes for the processor itself.

func addValues3(sums, values, places, weights unsafe.Pointer, n, dim uintptr) {
	for d := range dim / 8 {
		leave()
		at := unsafe.Add(sums, 32*d)
		a0, a1 := floats4(at, 0), floats4(at, 16)
		b0, b1 := floats4(at, 4*dim), floats4(at, 4*dim+16)
		c0, c1 := floats4(at, 8*dim), floats4(at, 8*dim+16)
		for i := range n {
			x := codes16(values, *(*uintptr)(unsafe.Add(places, 8*i))+8*d).ExtendLo8ToInt16()
			x0, x1 := x.ExtendLo4ToInt32().ConvertToFloat32(), extendHi(x).ConvertToFloat32()
			a, b, c := floats4(weights, 48*i), floats4(weights, 48*i+16), floats4(weights, 48*i+32)
			a0, a1 = a0.Add(a.Mul(x0)), a1.Add(a.Mul(x1))
			b0, b1 = b0.Add(b.Mul(x0)), b1.Add(b.Mul(x1))
			c0, c1 = c0.Add(c.Mul(x0)), c1.Add(c.Mul(x1))
		}
		storeFloats4(at, 0, a0)
		storeFloats4(at, 16, a1)
		storeFloats4(at, 4*dim, b0)
		storeFloats4(at, 4*dim+16, b1)
		storeFloats4(at, 8*dim, c0)
		storeFloats4(at, 8*dim+16, c1)
	}
}

// fourCodes gives the codes of four columns, once for each row.
func fourCodes(k unsafe.Pointer, at uintptr) archsimd.Int8x16 {
	four := *(*uint32)(unsafe.Add(k, at))
	return archsimd.BroadcastUint32x4(four).ReshapeToUint8s().BitsToInt8()
}

// addSplit adds a group to the sums of four rows: y += (i*d)*threshold, then y -= n*groupSum.
func addSplit(y archsimd.Float32x4, i archsimd.Int32x4, block unsafe.Pointer, at uintptr,
	threshold, groupSum archsimd.Float32x4) archsimd.Float32x4 {
	return y.Add(i.ConvertToFloat32().Mul(floats4(block, splitD+at)).Mul(threshold)).
		Sub(floats4(block, splitN+at).Mul(groupSum))
}

// addApart adds a group to four rows: y += (sum*d)*threshold, then y -= n*groupSum.
func addApart(y unsafe.Pointer, at uintptr, block, scales unsafe.Pointer, group uintptr,
	sum archsimd.Int32x4) {
	threshold := archsimd.BroadcastFloat32x4(*(*float32)(unsafe.Add(scales, group)))
	groupSum := archsimd.BroadcastFloat32x4(*(*float32)(unsafe.Add(scales, group+4)))
	storeFloats4(y, at, floats4(y, at).
		Add(sum.ConvertToFloat32().Mul(floats4(block, apartD+at)).Mul(threshold)).
		Sub(floats4(block, apartN+at).Mul(groupSum)))
}

func shorts8(p unsafe.Pointer, at uintptr) archsimd.Int16x8 {
	return archsimd.LoadInt16x8Array((*[8]int16)(unsafe.Add(p, at)))
}

func storeInts4(p unsafe.Pointer, at uintptr, v archsimd.Int32x4) {
	v.StoreArray((*[4]int32)(unsafe.Add(p, at)))
}
