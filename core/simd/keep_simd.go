//go:build goexperiment.simd && (wasm || amd64)

package simd

import (
	"simd/archsimd"
	"unsafe"
)

func hadamard(x []float32, scale float32) {
	if !available {
		hadamardGeneric(x, scale)
		return
	}
	p, size := unsafe.Pointer(&x[0]), uintptr(4*len(x))
	for span := uintptr(16); span < size; span *= 2 {
		for first := uintptr(0); first < size; first += 2 * span {
			for i := first; i < first+span; i += 16 {
				a, b := floats4(p, i), floats4(p, i+span)
				storeFloats4(p, i, a.Add(b))
				storeFloats4(p, i+span, a.Sub(b))
			}
		}
	}
	s := archsimd.BroadcastFloat32x4(scale)
	for i := uintptr(0); i < size; i += 16 {
		storeFloats4(p, i, floats4(p, i).Mul(s))
	}
	leave()
}

// keep is keepGeneric for 16 values at a time.
func keep(dst []int8, x []float32, threshold, rest, levels float32) {
	if !available {
		keepGeneric(dst, x, threshold, rest, levels)
		return
	}
	p, d := unsafe.Pointer(&x[0]), unsafe.Pointer(&dst[0])
	th, z, top := archsimd.BroadcastFloat32x4(threshold), archsimd.BroadcastFloat32x4(rest), archsimd.BroadcastFloat32x4(levels)
	order, zero := archsimd.LoadUint8x16Array(&transposed), archsimd.BroadcastUint8x16(uint8(rest))
	for i := uintptr(0); i < uintptr(len(x)); i += 16 {
		q0, q1 := fired(floats4(p, 4*i), th, z, top), fired(floats4(p, 4*i+16), th, z, top)
		q2, q3 := fired(floats4(p, 4*i+32), th, z, top), fired(floats4(p, 4*i+48), th, z, top)
		packed := q0.Or(q1.ShiftAllLeft(8)).Or(q2.ShiftAllLeft(16)).Or(q3.ShiftAllLeft(24))
		lookup16(packed.ToBits().ReshapeToUint8s(), order).Sub(zero).StoreArray((*[16]uint8)(unsafe.Add(d, i)))
	}
	leave()
}
