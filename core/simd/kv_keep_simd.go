//go:build goexperiment.simd && (wasm || amd64 || arm64)

package simd

import (
	"simd/archsimd"
	"unsafe"
)

// keep is keepGeneric for 16 values at a time.
func keep(dst []int8, x []float32, threshold, rest, levels float32) {
	if !available {
		keepGeneric(dst, x, threshold, rest, levels)
		return
	}
	p, d := unsafe.Pointer(&x[0]), unsafe.Pointer(&dst[0])
	th, z, top := archsimd.BroadcastFloat32x4(threshold), archsimd.BroadcastFloat32x4(rest),
		archsimd.BroadcastFloat32x4(levels)
	order, zero := archsimd.LoadUint8x16Array(&transposed), archsimd.BroadcastUint8x16(uint8(rest))
	for i := uintptr(0); i < uintptr(len(x)); i += 16 {
		q0, q1 := fired(floats4(p, 4*i), th, z, top), fired(floats4(p, 4*i+16), th, z, top)
		q2, q3 := fired(floats4(p, 4*i+32), th, z, top), fired(floats4(p, 4*i+48), th, z, top)
		packed := q0.Or(q1.ShiftAllLeft(8)).Or(q2.ShiftAllLeft(16)).Or(q3.ShiftAllLeft(24))
		lookup16(packed.ToBits().ReshapeToUint8s(), order).Sub(zero).
			StoreArray((*[16]uint8)(unsafe.Add(d, i)))
	}
	leave()
}

// keptSpikes is keptSpikesGeneric for a multiple of 32 codes.
func keptSpikes(k []int8) uint32 {
	if !available || len(k) == 0 {
		return keptSpikesGeneric(k)
	}
	code := unsafe.Pointer(&k[0])
	leave()
	ones, step := archsimd.LoadUint8x16Array(&onesOfNibble), archsimd.BroadcastUint8x16(StepLevels)
	var total archsimd.Uint32x4
	for at := uintptr(0); at < uintptr(len(k)); at += groupCols {
		var spikes archsimd.Uint8x16
		for half := uintptr(0); half < groupCols; half += 16 {
			k0 := codes16(code, at+half).Abs().ToBits()
			k1 := k0.SubSaturated(step)
			k2 := k1.SubSaturated(step)
			k3 := k2.SubSaturated(step)
			spikes = spikes.Add(lookup16(ones, k0.Min(step))).Add(lookup16(ones, k1.Min(step))).
				Add(lookup16(ones, k2.Min(step))).Add(lookup16(ones, k3.Min(step)))
		}
		total = total.Add(quads(spikes))
	}
	var lanes [4]uint32
	total.StoreArray(&lanes)
	leave()
	return lanes[0] + lanes[1] + lanes[2] + lanes[3]
}
