//go:build goexperiment.simd && (wasm || amd64 || arm64)

package simd

import (
	"simd/archsimd"
	"unsafe"
)

// quads sums each four bytes.
func quads(x archsimd.Uint8x16) archsimd.Uint32x4 {
	v := x.ReshapeToUint32s()
	pairs := v.And(archsimd.BroadcastUint32x4(0x00ff00ff)).
		Add(v.ShiftAllRight(8).And(archsimd.BroadcastUint32x4(0x00ff00ff)))
	return pairs.And(archsimd.BroadcastUint32x4(0xffff)).Add(pairs.ShiftAllRight(16))
}

// bytes16 loads 16 bytes. The kernels check the length of a whole matrix once and then walk by
// address: a bounds check per load would cost more than the lookup. An address is always made from
// the beginning and an offset inside: a pointer that is moved on, and is one past the end after the
// last step, would make the garbage collector mark what lies there.
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

func ints4(p unsafe.Pointer, at uintptr) archsimd.Int32x4 {
	return archsimd.LoadInt32x4Array((*[4]int32)(unsafe.Add(p, at)))
}

func codes16(p unsafe.Pointer, at uintptr) archsimd.Int8x16 {
	return archsimd.LoadInt8x16Array((*[16]int8)(unsafe.Add(p, at)))
}
