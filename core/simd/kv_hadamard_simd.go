//go:build goexperiment.simd && (wasm || amd64 || arm64)

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
	for stride := uintptr(16); stride < size; stride *= 2 {
		for first := uintptr(0); first < size; first += 2 * stride {
			for i := first; i < first+stride; i += 16 {
				a, b := floats4(p, i), floats4(p, i+stride)
				storeFloats4(p, i, a.Add(b))
				storeFloats4(p, i+stride, a.Sub(b))
			}
		}
	}
	s := archsimd.BroadcastFloat32x4(scale)
	for i := uintptr(0); i < size; i += 16 {
		storeFloats4(p, i, floats4(p, i).Mul(s))
	}
	leave()
}
