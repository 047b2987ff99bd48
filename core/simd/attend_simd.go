//go:build goexperiment.simd && (wasm || amd64)

package simd

import (
	"simd/archsimd"
	"unsafe"
)

// attendScores takes four positions at a time: four sums hide the latency of one.
func attendScores(scores, q, keys []float32, scale float32) {
	if !available {
		attendScoresGeneric(scores, q, keys, scale)
		return
	}
	var sums [4]float32
	dim := len(q)
	whole := len(scores) &^ 3
	for j := 0; j < whole; j += 4 {
		dot4(&sums, keys[j*dim:][:4*dim], q)
		out := (*[4]float32)(scores[j:])
		out[0], out[1], out[2], out[3] = sums[0]*scale, sums[1]*scale, sums[2]*scale, sums[3]*scale
	}
	for j := whole; j < len(scores); j++ {
		scores[j] = dot(q, keys[j*dim:][:dim]) * scale
	}
}

// attendValues keeps 16 dimensions at a time in registers and walks all positions with them.
func attendValues(out, probabilities, values []float32) {
	if !available {
		attendValuesGeneric(out, probabilities, values)
		return
	}
	stride := uintptr(4 * len(out))
	p, v := unsafe.Pointer(&probabilities[0]), unsafe.Pointer(&values[0])
	leave()
	for d := uintptr(0); d < stride; d += 64 {
		var s0, s1, s2, s3 archsimd.Float32x4
		at := d
		for j := uintptr(0); j < uintptr(4*len(probabilities)); j += 4 {
			weight := archsimd.BroadcastFloat32x4(*(*float32)(unsafe.Add(p, j)))
			s0 = s0.Add(weight.Mul(floats4(v, at)))
			s1 = s1.Add(weight.Mul(floats4(v, at+16)))
			s2 = s2.Add(weight.Mul(floats4(v, at+32)))
			s3 = s3.Add(weight.Mul(floats4(v, at+48)))
			at += stride
		}
		o := unsafe.Pointer(&out[0])
		storeFloats4(o, d, s0)
		storeFloats4(o, d+16, s1)
		storeFloats4(o, d+32, s2)
		storeFloats4(o, d+48, s3)
	}
}
