//go:build goexperiment.simd && (wasm || amd64 || arm64)

package simd

import (
	"math"
	"simd/archsimd"
	"unsafe"
)

func dot(a, b []float32) float32 {
	if !available || len(a) == 0 {
		return dotGeneric(a, b)
	}
	p, q := unsafe.Pointer(&a[0]), unsafe.Pointer(&b[0])
	leave()
	var sum archsimd.Float32x4
	for i := uintptr(0); i < uintptr(4*len(a)); i += 16 {
		sum = sum.Add(floats4(p, i).Mul(floats4(q, i)))
	}
	return addLanes(sum)
}

// addLanes ends a sum: (l0+l2) + (l1+l3).
func addLanes(sum archsimd.Float32x4) float32 {
	var l [4]float32
	sum.StoreArray(&l)
	return (l[0] + l[2]) + (l[1] + l[3])
}

func axpy(y []float32, a float32, x []float32) {
	if !available || len(x) == 0 {
		axpyGeneric(y, a, x)
		return
	}
	p, q := unsafe.Pointer(&y[0]), unsafe.Pointer(&x[0])
	leave()
	factor := archsimd.BroadcastFloat32x4(a)
	for i := uintptr(0); i < uintptr(4*len(x)); i += 16 {
		storeFloats4(p, i, floats4(p, i).Add(factor.Mul(floats4(q, i))))
	}
}

// expConstants are those of Exp32 in all lanes: to load one is a single instruction, to spread one
// three.
var expConstants = [...][4]float32{
	allLog2E: {log2E, log2E, log2E, log2E}, allRound: {expRound, expRound, expRound, expRound},
	allLn2High: {ln2High, ln2High, ln2High, ln2High}, allLn2Low: {ln2Low, ln2Low, ln2Low, ln2Low},
	allP0: {expP0, expP0, expP0, expP0}, allP1: {expP1, expP1, expP1, expP1},
	allP2: {expP2, expP2, expP2, expP2},
	allP3: {expP3, expP3, expP3, expP3}, allP4: {expP4, expP4, expP4, expP4},
	allP5:  {expP5, expP5, expP5, expP5},
	allOne: {1, 1, 1, 1}, allLow: {expLow, expLow, expLow, expLow},
}

const (
	allLog2E = iota
	allRound
	allLn2High
	allLn2Low
	allP0
	allP1
	allP2
	allP3
	allP4
	allP5
	allOne
	allLow
)

// expRound is 1.5 * 2^23: the last bits of a sum with it are the rounded other part.
const expRound = 3 << 22

func expConstant(i int) archsimd.Float32x4 { return archsimd.LoadFloat32x4Array(&expConstants[i]) }

// expReduce and expRaise together are Exp32 for x up to expHigh, operation by operation; in one
// they would not be inlined. Only rounding and conversion of n go through a sum with expRound:
// wasm's own conversion saturates, which takes several instructions. Below expLow anything may come
// out before it is masked.
func expReduce(x archsimd.Float32x4) (r, shifted archsimd.Float32x4) {
	shifted = x.Mul(expConstant(allLog2E)).Add(expConstant(allRound))
	n := shifted.Sub(expConstant(allRound))
	return x.Sub(n.Mul(expConstant(allLn2High))).Sub(n.Mul(expConstant(allLn2Low))), shifted
}

func expRaise(x, r, shifted archsimd.Float32x4) archsimd.Float32x4 {
	p := expConstant(allP0)
	p = p.Mul(r).Add(expConstant(allP1))
	p = p.Mul(r).Add(expConstant(allP2))
	p = p.Mul(r).Add(expConstant(allP3))
	p = p.Mul(r).Add(expConstant(allP4))
	p = p.Mul(r).Add(expConstant(allP5))
	power := shifted.ToBits().ShiftAllLeft(23).Add(expConstant(allOne).ToBits()).BitsToFloat32()
	return p.Mul(r.Mul(r)).Add(r).Add(expConstant(allOne)).Mul(power).
		Masked(x.GreaterEqual(expConstant(allLow)))
}

func swiglu(gate, up []float32) {
	if !available || len(gate) == 0 {
		swigluGeneric(gate, up)
		return
	}
	p, q := unsafe.Pointer(&gate[0]), unsafe.Pointer(&up[0])
	one, highest := archsimd.BroadcastFloat32x4(1), archsimd.BroadcastFloat32x4(expHigh)
	for i := uintptr(0); i < uintptr(4*len(gate)); i += 16 {
		g := floats4(p, i)
		minus := g.Neg().Min(highest)
		r, shifted := expReduce(minus)
		storeFloats4(p, i, g.Div(one.Add(expRaise(minus, r, shifted))).Mul(floats4(q, i)))
	}
	leave()
}

func geglu(gate, up []float32) {
	if !available || len(gate) == 0 {
		gegluGeneric(gate, up)
		return
	}
	p, q := unsafe.Pointer(&gate[0]), unsafe.Pointer(&up[0])
	one, highest := archsimd.BroadcastFloat32x4(1), archsimd.BroadcastFloat32x4(expHigh)
	linear, cubic := archsimd.BroadcastFloat32x4(geluLinear), archsimd.BroadcastFloat32x4(geluCubic)
	for i := uintptr(0); i < uintptr(4*len(gate)); i += 16 {
		g := floats4(p, i)
		minus := g.Mul(g.Mul(g).Mul(cubic).Add(linear)).Min(highest)
		r, shifted := expReduce(minus)
		storeFloats4(p, i, g.Div(one.Add(expRaise(minus, r, shifted))).Mul(floats4(q, i)))
	}
	leave()
}

// expSum is expSumGeneric as long as no x is above highest.
func expSum(x []float32, highest float32) (lanes [4]float32) {
	if !available || len(x) == 0 {
		return expSumGeneric(x, highest)
	}
	p := unsafe.Pointer(&x[0])
	top := archsimd.BroadcastFloat32x4(highest)
	var sum archsimd.Float32x4
	for i := uintptr(0); i < uintptr(4*len(x)); i += 16 {
		v := floats4(p, i).Sub(top)
		r, shifted := expReduce(v)
		e := expRaise(v, r, shifted)
		storeFloats4(p, i, e)
		sum = sum.Add(e)
	}
	sum.StoreArray(&lanes)
	leave()
	return lanes
}

// highestOf gives the largest of a multiple of four values, none of them NaN. As integers with the
// lower bits of negative ones turned, floats are in their own order; wasm's own maximum takes eight
// instructions that wait for each other.
func highestOf(x []float32) float32 {
	if !available {
		return highestOfGeneric(x)
	}
	p := unsafe.Pointer(&x[0])
	lower := archsimd.BroadcastInt32x4(math.MaxInt32)
	highest := archsimd.BroadcastInt32x4(-1 << 31)
	for i := uintptr(0); i < uintptr(4*len(x)); i += 16 {
		v := ints4(p, i)
		highest = highest.Max(v.Xor(v.ShiftAllRight(31).And(lower)))
	}
	var l [4]int32
	highest.StoreArray(&l)
	leave()
	most := max(l[0], l[1], l[2], l[3])
	return math.Float32frombits(uint32(most ^ most>>31&math.MaxInt32))
}

func divide(x []float32, by float32) {
	whole := 0
	if available {
		whole = len(x) &^ 3
	}
	p, v := unsafe.Pointer(unsafe.SliceData(x)), archsimd.BroadcastFloat32x4(by)
	for i := uintptr(0); i < uintptr(4*whole); i += 16 {
		storeFloats4(p, i, floats4(p, i).Div(v))
	}
	leave()
	divideGeneric(x[whole:], by)
}

// dot4 walks four rows at once: four sums hide the latency of one.
func dot4(sums *[4]float32, rows, x []float32) {
	if !available {
		dot4Generic(sums, rows, x)
		return
	}
	n := uintptr(4 * len(x))
	p, q := unsafe.Pointer(&rows[0]), unsafe.Pointer(&x[0])
	_ = rows[4*len(x)-1]
	leave()
	var s0, s1, s2, s3 archsimd.Float32x4
	for i := uintptr(0); i < n; i += 16 {
		v := floats4(q, i)
		s0 = s0.Add(floats4(p, i).Mul(v))
		s1 = s1.Add(floats4(p, n+i).Mul(v))
		s2 = s2.Add(floats4(p, 2*n+i).Mul(v))
		s3 = s3.Add(floats4(p, 3*n+i).Mul(v))
	}
	sums[0], sums[1], sums[2], sums[3] = addLanes(s0), addLanes(s1), addLanes(s2), addLanes(s3)
}
