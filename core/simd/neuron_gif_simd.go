//go:build goexperiment.simd && (wasm || amd64 || arm64)

package simd

import (
	"math"
	"simd/archsimd"
	"unsafe"
)

// encode is encodeGeneric, operation by operation.
func encode(s *Spikes, x []float32, group, steps int) bool {
	if !available {
		return encodeGeneric(s, x, group, steps)
	}
	p := unsafe.Pointer((*[groupCols]float32)(x))
	var lo, hi archsimd.Float32x4
	exponent := archsimd.BroadcastUint32x4(0x7f800000)
	var exponents archsimd.Uint32x4
	for i := uintptr(0); i < 4*groupCols; i += 32 {
		v, u := floats4(p, i), floats4(p, i+16)
		lo, hi = lo.Min(v).Min(u), hi.Max(v).Max(u)
		exponents = exponents.Max(v.ToBits().And(exponent)).Max(u.ToBits().And(exponent))
	}
	// An exponent of all ones is an infinity or NaN. Floats of one sign are ordered like their
	// bits, so the largest bits are the lowest of lo, the highest of hi; max of floats would be a
	// call. A zero of hi may be negative on amd64.
	lowest := math.Float32frombits(largest4(lo.ToBits()))
	highest := math.Float32frombits(largest4(hi.ToBits().And(archsimd.BroadcastUint32x4(0x7fffffff))))
	width := highest - lowest
	if largest4(exponents) == 0x7f800000 || !(width <= math.MaxFloat32) {
		leave()
		return false
	}
	if width < 1e-8 {
		width = 1e-8
	}
	levels := float32(StepLevels * steps)
	threshold := width / levels
	rest := round(-lowest / threshold)
	th, z, top := archsimd.BroadcastFloat32x4(threshold), archsimd.BroadcastFloat32x4(rest),
		archsimd.BroadcastFloat32x4(levels)
	code := unsafe.Pointer((*[groupCols]uint8)(s.Code[group*groupCols:]))
	order := archsimd.LoadUint8x16Array(&transposed)
	var sum archsimd.Int32x4
	for half := uintptr(0); half < 2; half++ {
		at := 4 * 16 * half
		q0, q1 := fired(floats4(p, at), th, z, top), fired(floats4(p, at+16), th, z, top)
		q2, q3 := fired(floats4(p, at+32), th, z, top), fired(floats4(p, at+48), th, z, top)
		sum = sum.Add(q0).Add(q1).Add(q2).Add(q3)
		packed := q0.Or(q1.ShiftAllLeft(8)).Or(q2.ShiftAllLeft(16)).Or(q3.ShiftAllLeft(24))
		lookup16(packed.ToBits().ReshapeToUint8s(), order).
			StoreArray((*[16]uint8)(unsafe.Add(code, 16*half)))
	}
	var parts [4]int32
	sum.StoreArray(&parts)
	leave()
	total := parts[0] + parts[1] + parts[2] + parts[3] - groupCols*int32(rest)
	s.Rest[group] = uint8(rest)
	s.Steps[group] = uint8(steps)
	s.Threshold[group] = threshold
	s.GroupSum[group] = threshold * float32(total)
	return true
}

// fired gives the codes of four neurons.
func fired(x, threshold, rest, levels archsimd.Float32x4) archsimd.Int32x4 {
	var zero archsimd.Float32x4
	return x.Div(threshold).Round().Add(rest).Max(zero).Min(levels).ConvertToInt32()
}

// transposed takes byte k of lane l to place 4k + l: four vectors of codes that were packed into
// the bytes of one come out in order.
var transposed = [16]uint8{0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15}

// largest4 gives the largest lane.
func largest4(x archsimd.Uint32x4) uint32 {
	var l [4]uint32
	x.StoreArray(&l)
	return max(l[0], l[1], l[2], l[3])
}
