//go:build goexperiment.simd && (wasm || amd64 || arm64)

package simd

import (
	"simd/archsimd"
	"unsafe"

	"github.com/spikechat/spikechat/core/tile"
)

// addNormal adds a group to the sums of four rows: y += (i*d)*threshold, then y -= n*groupSum.
func addNormal(y archsimd.Float32x4, i archsimd.Int32x4, d, n archsimd.Uint32x4, threshold,
	groupSum archsimd.Float32x4) archsimd.Float32x4 {
	return y.Add(i.ConvertToFloat32().Mul(normalHalf(d)).Mul(threshold)).
		Sub(normalHalf(n).Mul(groupSum))
}

// addAny is addNormal for scales of any sign, subnormals included, and n times by.
func addAny(y archsimd.Float32x4, i, d, n archsimd.Int32x4, by, threshold,
	groupSum archsimd.Float32x4) archsimd.Float32x4 {
	return y.Add(i.ConvertToFloat32().Mul(anyHalf(d)).Mul(threshold)).
		Sub(by.Mul(anyHalf(n)).Mul(groupSum))
}

// anyHalf converts float16, whose sign is repeated, to float32 times 2^-112.
func anyHalf(bits archsimd.Int32x4) archsimd.Float32x4 {
	return bits.ShiftAllLeft(13).ToBits().And(archsimd.BroadcastUint32x4(0x8fffffff)).
		BitsToFloat32()
}

// widenHalves converts 16 float16 of any sign, subnormals included.
func widenHalves(p unsafe.Pointer) (v [4]archsimd.Float32x4) {
	bias := archsimd.BroadcastFloat32x4(0x1p112)
	magnitude, sign := archsimd.BroadcastUint32x4(0x7fff), archsimd.BroadcastUint32x4(0x8000)
	for k := range v {
		bits := halves8(p, uintptr(k/2*16))
		wide := bits.ExtendLo4ToUint32()
		if k%2 == 1 {
			wide = extendHiUnsigned(bits)
		}
		v[k] = wide.And(magnitude).ShiftAllLeft(13).Or(wide.And(sign).ShiftAllLeft(16)).BitsToFloat32().
			Mul(bias)
	}
	return v
}

// addScaled adds a group to the sums of 16 rows: acc += (i*d)*threshold, then acc -= n*groupSum;
// d and n are D and N where planes are missing (tile.Matrix.Upper).
func addScaled(acc *[4]archsimd.Float32x4, i *[4]archsimd.Int32x4, w *tile.Matrix,
	scales unsafe.Pointer, threshold, groupSum float32) {
	d := widenHalves(scales)
	var n [4]archsimd.Float32x4
	if w.OffsetBy == 0 {
		n = widenHalves(unsafe.Add(scales, scaleBytes))
	} else {
		by := archsimd.BroadcastFloat32x4(w.OffsetBy)
		for k := range n {
			n[k] = by.Mul(d[k])
		}
	}
	if w.Missing > 0 {
		levels, half := w.MissingScale()
		scale, middle := archsimd.BroadcastFloat32x4(levels), archsimd.BroadcastFloat32x4(half)
		for k := range d {
			n[k] = n[k].Sub(d[k].Mul(middle))
			d[k] = d[k].Mul(scale)
		}
	}
	th, li := archsimd.BroadcastFloat32x4(threshold), archsimd.BroadcastFloat32x4(groupSum)
	for k := range acc {
		acc[k] = acc[k].Add(i[k].ConvertToFloat32().Mul(d[k]).Mul(th)).Sub(n[k].Mul(li))
	}
}

// addDerived is addNormal for an integer in two halves and n = by*d.
func addDerived(y archsimd.Float32x4, upper, lower archsimd.Int32x4, bits archsimd.Uint32x4, by,
	threshold, groupSum archsimd.Float32x4) archsimd.Float32x4 {
	d := normalHalf(bits)
	return y.Add(upper.ShiftAllLeft(4).Add(lower).ConvertToFloat32().Mul(d).Mul(threshold)).
		Sub(by.Mul(d).Mul(groupSum))
}

// addAnyDerived is the same for scales of any sign, subnormals included; the sign is repeated.
func addAnyDerived(y archsimd.Float32x4, upper, lower, bits archsimd.Int32x4, by, threshold,
	groupSum archsimd.Float32x4) archsimd.Float32x4 {
	d := anyHalf(bits)
	return y.Add(upper.ShiftAllLeft(4).Add(lower).ConvertToFloat32().Mul(d).Mul(threshold)).
		Sub(by.Mul(d).Mul(groupSum))
}

// addTimes is addNormal for n = by*d.
func addTimes(y archsimd.Float32x4, i archsimd.Int32x4, bits archsimd.Uint32x4, by, threshold,
	groupSum archsimd.Float32x4) archsimd.Float32x4 {
	d := normalHalf(bits)
	return y.Add(i.ConvertToFloat32().Mul(d).Mul(threshold)).Sub(by.Mul(d).Mul(groupSum))
}

// addBounded adds a group to the bounds of four rows: y += ((sum + bound) * d) * threshold.
func addBounded(y archsimd.Float32x4, sum, d archsimd.Uint32x4, threshold,
	bound archsimd.Float32x4) archsimd.Float32x4 {
	return y.Add(sum.BitsToInt32().ConvertToFloat32().Add(bound).Mul(normalHalf(d)).Mul(threshold))
}
