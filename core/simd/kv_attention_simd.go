//go:build goexperiment.simd && (wasm || amd64 || arm64)

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
		q0 := floats4(p, i).Div(th).Round().ConvertToInt32()
		q1 := floats4(p, i+16).Div(th).Round().ConvertToInt32()
		packed := q0.And(low).Or(q1.ShiftAllLeft(16))
		lookup16(packed.ToBits().ReshapeToUint8s(), order).StoreArray((*[16]uint8)(unsafe.Add(c, i/2)))
	}
	leave()
	return threshold, true
}

// transposedPairs takes the 16-bit half h of lane l to place 4h + l.
var transposedPairs = [16]uint8{0, 1, 4, 5, 8, 9, 12, 13, 2, 3, 6, 7, 10, 11, 14, 15}

// score3 is scoreGeneric for three heads: every key is read and widened once. Positions of the last
// span that are not there yet get scores as well, which nobody reads.
func (a *Attention) score3(head int, keys [][]int8, thresholds []float32, positions int,
	scale float32) {
	if !available {
		for h := range 3 {
			a.scoreGeneric(head+h, keys, thresholds, positions, scale)
		}
		return
	}
	q, spread := unsafe.Pointer(&a.queries[head*a.dim:][:3*a.dim][0]), unsafe.Pointer(&a.spread[0])
	leave()
	for d := range uintptr(a.dim / 2) {
		pair, all := unsafe.Add(q, 4*d), unsafe.Add(spread, 48*d)
		spreadPair(all, 0, pair)
		spreadPair(all, 16, unsafe.Add(pair, 2*a.dim))
		spreadPair(all, 32, unsafe.Add(pair, 4*a.dim))
	}
	places := WholeSpans(positions)
	t := unsafe.Pointer(&thresholds[0])
	r0, r1, r2 := unsafe.Pointer(&a.Row(head)[0]), unsafe.Pointer(&a.Row(head + 1)[0]),
		unsafe.Pointer(&a.Row(head + 2)[0])
	// The sums are where the scores will be.
	for i, first := 0, 0; first < places; i++ {
		n := min(a.placesOf(keys[i]), places-first)
		dotKeys3(unsafe.Add(r0, 4*first), unsafe.Pointer(&keys[i][0]), spread, uintptr(4*a.context),
			uintptr(n/KeySpan), uintptr(KeySpan*a.dim))
		first += n
	}
	f0 := archsimd.BroadcastFloat32x4(float32(a.scales[head] * scale))
	f1 := archsimd.BroadcastFloat32x4(float32(a.scales[head+1] * scale))
	f2 := archsimd.BroadcastFloat32x4(float32(a.scales[head+2] * scale))
	for at := uintptr(0); at < uintptr(4*places); at += 16 {
		threshold := floats4(t, at)
		storeFloats4(r0, at, ints4(r0, at).ConvertToFloat32().Mul(threshold).Mul(f0))
		storeFloats4(r1, at, ints4(r1, at).ConvertToFloat32().Mul(threshold).Mul(f1))
		storeFloats4(r2, at, ints4(r2, at).ConvertToFloat32().Mul(threshold).Mul(f2))
	}
	leave()
}

func spreadPair(p unsafe.Pointer, at uintptr, pair unsafe.Pointer) {
	archsimd.BroadcastInt32x4(*(*int32)(pair)).StoreArray((*[4]int32)(unsafe.Add(p, at)))
}

// list is listGeneric; for three heads, or fewer with those that fill three, it takes four
// positions at a time and branches nowhere, because no processor foresees which are wanted: entry n
// is written over until one is.
func (a *Attention) list(thresholds []float32) (n int) {
	if !available || a.heads > 3 || len(thresholds) < 4 {
		return a.listGeneric(thresholds, 0, 0)
	}
	r0, r1, r2 := unsafe.Pointer(&a.Row(0)[0]), unsafe.Pointer(&a.Row(1)[0]),
		unsafe.Pointer(&a.Row(2)[0])
	t, l := unsafe.Pointer(&thresholds[0]), unsafe.Pointer(&a.listed[0])
	leave()
	s0, s1, s2 := archsimd.BroadcastFloat32x4(a.scales[0]), archsimd.BroadcastFloat32x4(a.scales[1]),
		archsimd.BroadcastFloat32x4(a.scales[2])
	least := archsimd.BroadcastFloat32x4(leastShare)
	whole := len(thresholds) &^ 3
	for j := 0; j < whole; j += 4 {
		at := uintptr(4 * j)
		e0, e1, e2, threshold := floats4(r0, at), floats4(r1, at), floats4(r2, at), floats4(t, at)
		storeFloats4(r0, at, e0.Mul(s0).Mul(threshold))
		storeFloats4(r1, at, e1.Mul(s1).Mul(threshold))
		storeFloats4(r2, at, e2.Mul(s2).Mul(threshold))
		// 0 or -1
		wanted := e0.GreaterEqual(least).Or(e1.GreaterEqual(least)).Or(e2.GreaterEqual(least)).ToInt32x4()
		setInt(l, n, j)
		n -= int(wanted.GetElem(0))
		setInt(l, n, j+1)
		n -= int(wanted.GetElem(1))
		setInt(l, n, j+2)
		n -= int(wanted.GetElem(2))
		setInt(l, n, j+3)
		n -= int(wanted.GetElem(3))
	}
	leave()
	return a.listGeneric(thresholds, whole, n)
}

func setInt(p unsafe.Pointer, at, x int) { *(*int32)(unsafe.Add(p, 4*at)) = int32(x) }

// values3 is valuesGeneric for three heads that share the values, each widened once: 8 dimensions
// at a time, because the sums of 16 do not fit the registers. Values are taken by spans that stay
// in the first cache while their dimensions are walked. At least one is listed.
func (a *Attention) values3(head int, out []float32, values [][]int8, listed []int32) {
	if !available {
		for h := range 3 {
			a.valuesGeneric(head+h, out[h*a.dim:][:a.dim], values, listed)
		}
		return
	}
	clear(out)
	o := unsafe.Pointer(&out[0])
	leave()
	for i, first := 0, 0; len(listed) > 0; i++ {
		v, after := unsafe.Pointer(&values[i][0]), first+a.placesOf(values[i])
		for len(listed) > 0 && int(listed[0]) < after {
			n, whole := a.gather(head, listed, first, after)
			addValues3(o, v, unsafe.Pointer(&a.places), unsafe.Pointer(&a.weights), uintptr(whole),
				uintptr(a.dim))
			listed = listed[n:]
		}
		first = after
	}
	leave()
}

// gather sets places and weights for the first n listed values, up to valueSpan of those in the
// block of positions first to after, and gives how many there are with those of no weight that fill
// the last four. What they add changes no sum, for no sum is -0.
func (a *Attention) gather(head int, listed []int32, first, after int) (n, whole int) {
	r0, r1, r2 := a.Row(head), a.Row(head+1), a.Row(head+2)
	for _, j := range listed[:min(valueSpan, len(listed))] {
		if int(j) >= after {
			break
		}
		a.places[n] = uintptr((int(j) - first) * a.dim)
		w := unsafe.Pointer(&a.weights[n])
		storeFloats4(w, 0, archsimd.BroadcastFloat32x4(r0[j]))
		storeFloats4(w, 16, archsimd.BroadcastFloat32x4(r1[j]))
		storeFloats4(w, 32, archsimd.BroadcastFloat32x4(r2[j]))
		n++
	}
	whole = (n + 3) &^ 3
	for i := n; i < whole; i++ {
		a.places[i], a.weights[i] = 0, [3][4]float32{}
	}
	return n, whole
}
