//go:build goexperiment.simd && (wasm || amd64)

package simd

import (
	"math"
	"simd/archsimd"
	"unsafe"
)

// codeQuery is codeQueryGeneric for 8 values at a time.
func codeQuery(codes []int16, q []float32) (threshold float32, finite bool) {
	if !available {
		return codeQueryGeneric(codes, q)
	}
	p, c := unsafe.Pointer(&q[0]), unsafe.Pointer(&codes[0])
	size := uintptr(4 * len(q))
	sign := archsimd.BroadcastUint32x4(0x7fffffff)
	var magnitudes archsimd.Uint32x4
	for i := uintptr(0); i < size; i += 16 {
		// Floats without their sign are ordered like their bits.
		magnitudes = magnitudes.Max(floats4(p, i).ToBits().And(sign))
	}
	largest := largest4(magnitudes)
	if largest >= 0x7f800000 {
		leave()
		return 0, false
	}
	threshold = max(math.Float32frombits(largest), 1e-8) / queryLevels
	th, low := archsimd.BroadcastFloat32x4(threshold), archsimd.BroadcastInt32x4(0xffff)
	order := archsimd.LoadUint8x16Array(&transposedPairs)
	for i := uintptr(0); i < size; i += 32 {
		// The quotient is at most 63 and a rounding more, which rounds to 63.
		q0, q1 := floats4(p, i).Div(th).Round().ConvertToInt32(), floats4(p, i+16).Div(th).Round().ConvertToInt32()
		packed := q0.And(low).Or(q1.ShiftAllLeft(16))
		lookup16(packed.ToBits().ReshapeToUint8s(), order).StoreArray((*[16]uint8)(unsafe.Add(c, i/2)))
	}
	leave()
	return threshold, true
}

// transposedPairs takes the 16-bit half h of lane l to place 4h + l.
var transposedPairs = [16]uint8{0, 1, 4, 5, 8, 9, 12, 13, 2, 3, 6, 7, 10, 11, 14, 15}

// score3 is scoreGeneric for three heads: every key is read and widened once. Three positions at a time share the queries, and
// nine sums hide the latency of one.
func (a *Attention) score3(head int, keys []int8, first, last, positions int) {
	whole := 0
	if available {
		whole = positions / 3 * 3
	}
	keyBytes, headBytes := uintptr(a.dim), uintptr(2*a.dim)
	_ = keys[:positions*a.dim]
	k, q := unsafe.Pointer(&keys[first]), unsafe.Pointer(&a.queries[head*a.dim+first])
	s0, s1, s2 := a.Row(head), a.Row(head+1), a.Row(head+2)
	leave()
	for j := 0; j < whole; j += 3 {
		key, query := unsafe.Add(k, uintptr(j)*keyBytes), q
		var a0, a1, a2, b0, b1, b2, c0, c1, c2 archsimd.Int16x8
		for d := first; d < last; d += 16 {
			x, y, z := codes16(key, 0), codes16(key, keyBytes), codes16(key, 2*keyBytes)
			xx, yy, zz := x.ExtendLo8ToInt16(), y.ExtendLo8ToInt16(), z.ExtendLo8ToInt16()
			v := shorts8(query, 0)
			a0, b0, c0 = a0.Add(v.Mul(xx)), b0.Add(v.Mul(yy)), c0.Add(v.Mul(zz))
			v = shorts8(query, headBytes)
			a1, b1, c1 = a1.Add(v.Mul(xx)), b1.Add(v.Mul(yy)), c1.Add(v.Mul(zz))
			v = shorts8(query, 2*headBytes)
			a2, b2, c2 = a2.Add(v.Mul(xx)), b2.Add(v.Mul(yy)), c2.Add(v.Mul(zz))
			xx, yy, zz = extendHi8(x), extendHi8(y), extendHi8(z)
			v = shorts8(query, 16)
			a0, b0, c0 = a0.Add(v.Mul(xx)), b0.Add(v.Mul(yy)), c0.Add(v.Mul(zz))
			v = shorts8(query, headBytes+16)
			a1, b1, c1 = a1.Add(v.Mul(xx)), b1.Add(v.Mul(yy)), c1.Add(v.Mul(zz))
			v = shorts8(query, 2*headBytes+16)
			a2, b2, c2 = a2.Add(v.Mul(xx)), b2.Add(v.Mul(yy)), c2.Add(v.Mul(zz))
			key, query = unsafe.Add(key, 16), unsafe.Add(query, 32)
		}
		if first == 0 {
			s0[j], s0[j+1], s0[j+2] = sumShorts(a0), sumShorts(b0), sumShorts(c0)
			s1[j], s1[j+1], s1[j+2] = sumShorts(a1), sumShorts(b1), sumShorts(c1)
			s2[j], s2[j+1], s2[j+2] = sumShorts(a2), sumShorts(b2), sumShorts(c2)
		} else {
			s0[j], s0[j+1], s0[j+2] = s0[j]+sumShorts(a0), s0[j+1]+sumShorts(b0), s0[j+2]+sumShorts(c0)
			s1[j], s1[j+1], s1[j+2] = s1[j]+sumShorts(a1), s1[j+1]+sumShorts(b1), s1[j+2]+sumShorts(c1)
			s2[j], s2[j+1], s2[j+2] = s2[j]+sumShorts(a2), s2[j+1]+sumShorts(b2), s2[j+2]+sumShorts(c2)
		}
	}
	leave()
	for h := range 3 {
		a.scoreGeneric(head+h, keys, first, last, whole, positions)
	}
}

// sumShorts sums eight lanes.
func sumShorts(x archsimd.Int16x8) float32 {
	var l [4]int32
	x.ExtendLo4ToInt32().Add(extendHi(x)).StoreArray(&l)
	return float32(l[0] + l[1] + l[2] + l[3])
}

// values3 is valuesGeneric for three heads that share the values, each widened once: 8 dimensions at a time, because the sums
// of 16 do not fit the registers.
func (a *Attention) values3(head int, out []float32, values []int8, listed []int32) {
	if !available || len(listed) == 0 {
		for h := range 3 {
			a.valuesGeneric(head+h, out[h*a.dim:][:a.dim], values, listed)
		}
		return
	}
	_ = values[int(listed[len(listed)-1])+a.dim-1] // the largest
	w0, w1, w2 := unsafe.Pointer(&a.Row(head)[0]), unsafe.Pointer(&a.Row(head + 1)[0]), unsafe.Pointer(&a.Row(head + 2)[0])
	v, l, o := unsafe.Pointer(&values[0]), unsafe.Pointer(&listed[0]), unsafe.Pointer(&out[0])
	headBytes, n := uintptr(4*a.dim), uintptr(4*len(listed))
	leave()
	for d := range uintptr(a.dim / 8) {
		var s0, s1, t0, t1, u0, u1 archsimd.Float32x4
		// The 16 codes that hold these 8 in their lower or their upper half.
		value := unsafe.Add(v, d/2*16)
		if d%2 == 0 {
			for i := uintptr(0); i < n; i += 4 {
				x := codes16(value, uintptr(*(*int32)(unsafe.Add(l, i)))).ExtendLo8ToInt16()
				x0, x1 := x.ExtendLo4ToInt32().ConvertToFloat32(), extendHi(x).ConvertToFloat32()
				w := splat4(w0, i)
				s0, s1 = s0.Add(w.Mul(x0)), s1.Add(w.Mul(x1))
				w = splat4(w1, i)
				t0, t1 = t0.Add(w.Mul(x0)), t1.Add(w.Mul(x1))
				w = splat4(w2, i)
				u0, u1 = u0.Add(w.Mul(x0)), u1.Add(w.Mul(x1))
			}
		} else {
			for i := uintptr(0); i < n; i += 4 {
				x := extendHi8(codes16(value, uintptr(*(*int32)(unsafe.Add(l, i)))))
				x0, x1 := x.ExtendLo4ToInt32().ConvertToFloat32(), extendHi(x).ConvertToFloat32()
				w := splat4(w0, i)
				s0, s1 = s0.Add(w.Mul(x0)), s1.Add(w.Mul(x1))
				w = splat4(w1, i)
				t0, t1 = t0.Add(w.Mul(x0)), t1.Add(w.Mul(x1))
				w = splat4(w2, i)
				u0, u1 = u0.Add(w.Mul(x0)), u1.Add(w.Mul(x1))
			}
		}
		at := unsafe.Add(o, 32*d)
		storeFloats4(at, 0, s0)
		storeFloats4(at, 16, s1)
		storeFloats4(at, headBytes, t0)
		storeFloats4(at, headBytes+16, t1)
		storeFloats4(at, 2*headBytes, u0)
		storeFloats4(at, 2*headBytes+16, u1)
	}
	leave()
}

func splat4(p unsafe.Pointer, at uintptr) archsimd.Float32x4 {
	return archsimd.BroadcastFloat32x4(*(*float32)(unsafe.Add(p, at)))
}

func codes16(p unsafe.Pointer, at uintptr) archsimd.Int8x16 {
	return archsimd.LoadInt8x16Array((*[16]int8)(unsafe.Add(p, at)))
}

func shorts8(p unsafe.Pointer, at uintptr) archsimd.Int16x8 {
	return archsimd.LoadInt16x8Array((*[8]int16)(unsafe.Add(p, at)))
}
