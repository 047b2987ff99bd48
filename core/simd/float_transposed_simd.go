//go:build goexperiment.simd && (wasm || amd64 || arm64)

package simd

import (
	"simd/archsimd"
	"unsafe"
)

// axpy4 is axpy4Generic in one walk.
func axpy4(y []float32, a *[4]float32, rows []float32) {
	if !available || len(y) == 0 {
		axpy4Generic(y, a, rows)
		return
	}
	n := uintptr(4 * len(y))
	p, q := unsafe.Pointer(&y[0]), unsafe.Pointer(&rows[0])
	_ = rows[4*len(y)-1]
	leave()
	a0, a1 := archsimd.BroadcastFloat32x4(a[0]), archsimd.BroadcastFloat32x4(a[1])
	a2, a3 := archsimd.BroadcastFloat32x4(a[2]), archsimd.BroadcastFloat32x4(a[3])
	for i := uintptr(0); i < n; i += 16 {
		storeFloats4(p, i, floats4(p, i).Add(a0.Mul(floats4(q, i))).Add(a1.Mul(floats4(q, n+i))).
			Add(a2.Mul(floats4(q, 2*n+i))).Add(a3.Mul(floats4(q, 3*n+i))))
	}
}
