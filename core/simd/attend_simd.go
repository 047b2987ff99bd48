//go:build goexperiment.simd && (wasm || amd64)

package simd

import (
	"simd/archsimd"
	"unsafe"
)

// attendScores is one head's dot products.
func attendScores(scores, q []float32, keys []int16) {
	if !available || len(scores) == 0 {
		attendScoresGeneric(scores, q, keys)
		return
	}
	p, k := unsafe.Pointer(&q[0]), unsafe.Pointer(&keys[0])
	stride := uintptr(2 * len(q))
	leave()
	for j := range scores {
		key := unsafe.Add(k, uintptr(j)*stride)
		var sum archsimd.Float32x4
		for d := uintptr(0); d < stride; d += 16 {
			codes := codes8(key, d)
			sum = sum.Add(floats4(p, 2*d).Mul(codes.ExtendLo4ToInt32().ConvertToFloat32()))
			sum = sum.Add(floats4(p, 2*d+16).Mul(extendHi(codes).ConvertToFloat32()))
		}
		scores[j] = addLanes(sum)
	}
}

// attendScores3 is the dot products of three heads that share the keys: every key is read and converted once. Three positions
// at a time share the queries, and nine sums hide the latency of one.
func attendScores3(scores []float32, stride int, q []float32, keys []int16) {
	dim := len(q) / 3
	positions := len(keys) / dim
	whole := 0
	if available {
		whole = positions / 3 * 3
	}
	p, k := unsafe.Pointer(&q[0]), unsafe.Pointer(&keys[0])
	keyBytes, headBytes := uintptr(2*dim), uintptr(4*dim)
	leave()
	for j := 0; j < whole; j += 3 {
		key := unsafe.Add(k, uintptr(j)*keyBytes)
		var a0, a1, a2, b0, b1, b2, c0, c1, c2 archsimd.Float32x4
		for d := uintptr(0); d < keyBytes; d += 16 {
			x, y, z := codes8(key, d), codes8(key, keyBytes+d), codes8(key, 2*keyBytes+d)
			query := unsafe.Add(p, 2*d)
			q0, q1, q2 := floats4(query, 0), floats4(query, headBytes), floats4(query, 2*headBytes)
			f := x.ExtendLo4ToInt32().ConvertToFloat32()
			a0, a1, a2 = a0.Add(q0.Mul(f)), a1.Add(q1.Mul(f)), a2.Add(q2.Mul(f))
			f = y.ExtendLo4ToInt32().ConvertToFloat32()
			b0, b1, b2 = b0.Add(q0.Mul(f)), b1.Add(q1.Mul(f)), b2.Add(q2.Mul(f))
			f = z.ExtendLo4ToInt32().ConvertToFloat32()
			c0, c1, c2 = c0.Add(q0.Mul(f)), c1.Add(q1.Mul(f)), c2.Add(q2.Mul(f))
			q0, q1, q2 = floats4(query, 16), floats4(query, headBytes+16), floats4(query, 2*headBytes+16)
			f = extendHi(x).ConvertToFloat32()
			a0, a1, a2 = a0.Add(q0.Mul(f)), a1.Add(q1.Mul(f)), a2.Add(q2.Mul(f))
			f = extendHi(y).ConvertToFloat32()
			b0, b1, b2 = b0.Add(q0.Mul(f)), b1.Add(q1.Mul(f)), b2.Add(q2.Mul(f))
			f = extendHi(z).ConvertToFloat32()
			c0, c1, c2 = c0.Add(q0.Mul(f)), c1.Add(q1.Mul(f)), c2.Add(q2.Mul(f))
		}
		row := scores[j:]
		row[0], row[1], row[2] = addLanes(a0), addLanes(b0), addLanes(c0)
		row[stride], row[stride+1], row[stride+2] = addLanes(a1), addLanes(b1), addLanes(c1)
		row[2*stride], row[2*stride+1], row[2*stride+2] = addLanes(a2), addLanes(b2), addLanes(c2)
	}
	for h := range 3 {
		attendScores(scores[h*stride+whole:h*stride+positions], q[h*dim:][:dim], keys[whole*dim:])
	}
}

// attendValues keeps 16 dimensions of one head in registers and walks all positions with them.
func attendValues(out, weights []float32, values []int16) {
	if !available {
		attendValuesGeneric(out, weights, values)
		return
	}
	stride := uintptr(2 * len(out))
	p, v, o := unsafe.Pointer(&weights[0]), unsafe.Pointer(&values[0]), unsafe.Pointer(&out[0])
	leave()
	for d := uintptr(0); d < stride; d += 32 {
		var s0, s1, s2, s3 archsimd.Float32x4
		for j := range uintptr(len(weights)) {
			weight := archsimd.BroadcastFloat32x4(*(*float32)(unsafe.Add(p, 4*j)))
			x, y := codes8(v, j*stride+d), codes8(v, j*stride+d+16)
			s0 = s0.Add(weight.Mul(x.ExtendLo4ToInt32().ConvertToFloat32()))
			s1 = s1.Add(weight.Mul(extendHi(x).ConvertToFloat32()))
			s2 = s2.Add(weight.Mul(y.ExtendLo4ToInt32().ConvertToFloat32()))
			s3 = s3.Add(weight.Mul(extendHi(y).ConvertToFloat32()))
		}
		storeFloats4(o, 2*d, s0)
		storeFloats4(o, 2*d+16, s1)
		storeFloats4(o, 2*d+32, s2)
		storeFloats4(o, 2*d+48, s3)
	}
}

// attendValues3 is attendValues for three heads that share the values, each converted once: 8 dimensions at a time, because
// the sums of 16 do not fit the registers.
func attendValues3(out, weights []float32, stride int, values []int16) {
	dim := len(out) / 3
	positions := len(values) / dim
	if !available {
		for h := range 3 {
			attendValuesGeneric(out[h*dim:][:dim], weights[h*stride:][:positions], values)
		}
		return
	}
	_ = weights[2*stride+positions-1]
	w0, v, o := unsafe.Pointer(&weights[0]), unsafe.Pointer(&values[0]), unsafe.Pointer(&out[0])
	w1, w2 := unsafe.Pointer(&weights[stride]), unsafe.Pointer(&weights[2*stride])
	valueBytes, headBytes := uintptr(2*dim), uintptr(4*dim)
	leave()
	for d := uintptr(0); d < valueBytes; d += 16 {
		var s0, s1, t0, t1, u0, u1 archsimd.Float32x4
		value := unsafe.Add(v, d)
		for j := range uintptr(positions) {
			x := codes8(value, j*valueBytes)
			x0, x1 := x.ExtendLo4ToInt32().ConvertToFloat32(), extendHi(x).ConvertToFloat32()
			w := splat4(w0, 4*j)
			s0, s1 = s0.Add(w.Mul(x0)), s1.Add(w.Mul(x1))
			w = splat4(w1, 4*j)
			t0, t1 = t0.Add(w.Mul(x0)), t1.Add(w.Mul(x1))
			w = splat4(w2, 4*j)
			u0, u1 = u0.Add(w.Mul(x0)), u1.Add(w.Mul(x1))
		}
		at := unsafe.Add(o, 2*d)
		storeFloats4(at, 0, s0)
		storeFloats4(at, 16, s1)
		storeFloats4(at, headBytes, t0)
		storeFloats4(at, headBytes+16, t1)
		storeFloats4(at, 2*headBytes, u0)
		storeFloats4(at, 2*headBytes+16, u1)
	}
}

func splat4(p unsafe.Pointer, at uintptr) archsimd.Float32x4 {
	return archsimd.BroadcastFloat32x4(*(*float32)(unsafe.Add(p, at)))
}

func codes8(p unsafe.Pointer, at uintptr) archsimd.Int16x8 {
	return archsimd.LoadInt16x8Array((*[8]int16)(unsafe.Add(p, at)))
}
