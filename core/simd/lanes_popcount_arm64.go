//go:build goexperiment.simd

package simd

import (
	"simd/archsimd"
	"unsafe"
)

// count4 gives Σ_j c_rj q_j of 4 weight planes for rows 0-7 and 8-15. A byte count is one
// instruction on arm64, so that every AND is counted; the digits of product_carrysave_simd.go would
// be twice the instructions. The ones of a weight and a spike plane are at most 32, so a byte holds
// them for three spike planes: 32 * 7.
func count4[P firedPlanes](block, splats unsafe.Pointer) (low, high archsimd.Uint16x8) {
	var planes P
	// The weight planes from the highest down, and their counts.
	a0, a1, a2, a3 := octets(block, 0)
	b0, b1, b2, b3 := octets(block, 64)
	c0, c1, c2, c3 := octets(block, 128)
	d0, d1, d2, d3 := octets(block, 192)
	var a, b, c, d archsimd.Uint8x16
	if len(planes) > 5 {
		f0, f1, f2, f3 := octets(splats, 320)
		a = a.Add(a).Add(hits(f0, f1, f2, f3, a0, a1, a2, a3))
		b = b.Add(b).Add(hits(f0, f1, f2, f3, b0, b1, b2, b3))
		c = c.Add(c).Add(hits(f0, f1, f2, f3, c0, c1, c2, c3))
		d = d.Add(d).Add(hits(f0, f1, f2, f3, d0, d1, d2, d3))
	}
	if len(planes) > 4 {
		f0, f1, f2, f3 := octets(splats, 256)
		a = a.Add(a).Add(hits(f0, f1, f2, f3, a0, a1, a2, a3))
		b = b.Add(b).Add(hits(f0, f1, f2, f3, b0, b1, b2, b3))
		c = c.Add(c).Add(hits(f0, f1, f2, f3, c0, c1, c2, c3))
		d = d.Add(d).Add(hits(f0, f1, f2, f3, d0, d1, d2, d3))
	}
	f0, f1, f2, f3 := octets(splats, 192)
	a = a.Add(a).Add(hits(f0, f1, f2, f3, a0, a1, a2, a3))
	b = b.Add(b).Add(hits(f0, f1, f2, f3, b0, b1, b2, b3))
	c = c.Add(c).Add(hits(f0, f1, f2, f3, c0, c1, c2, c3))
	d = d.Add(d).Add(hits(f0, f1, f2, f3, d0, d1, d2, d3))
	upper, upperHigh := join(a, b, c, d)

	a, b, c, d = archsimd.Uint8x16{}, archsimd.Uint8x16{}, archsimd.Uint8x16{}, archsimd.Uint8x16{}
	f0, f1, f2, f3 = octets(splats, 128)
	a = a.Add(a).Add(hits(f0, f1, f2, f3, a0, a1, a2, a3))
	b = b.Add(b).Add(hits(f0, f1, f2, f3, b0, b1, b2, b3))
	c = c.Add(c).Add(hits(f0, f1, f2, f3, c0, c1, c2, c3))
	d = d.Add(d).Add(hits(f0, f1, f2, f3, d0, d1, d2, d3))
	f0, f1, f2, f3 = octets(splats, 64)
	a = a.Add(a).Add(hits(f0, f1, f2, f3, a0, a1, a2, a3))
	b = b.Add(b).Add(hits(f0, f1, f2, f3, b0, b1, b2, b3))
	c = c.Add(c).Add(hits(f0, f1, f2, f3, c0, c1, c2, c3))
	d = d.Add(d).Add(hits(f0, f1, f2, f3, d0, d1, d2, d3))
	f0, f1, f2, f3 = octets(splats, 0)
	a = a.Add(a).Add(hits(f0, f1, f2, f3, a0, a1, a2, a3))
	b = b.Add(b).Add(hits(f0, f1, f2, f3, b0, b1, b2, b3))
	c = c.Add(c).Add(hits(f0, f1, f2, f3, c0, c1, c2, c3))
	d = d.Add(d).Add(hits(f0, f1, f2, f3, d0, d1, d2, d3))
	low, high = join(a, b, c, d)
	three, zero := archsimd.LoadInt16x8Array(&left3), archsimd.Uint8x16{}
	low, high = low.Add(upper.Shift(three)), high.Add(upperHigh.Shift(three))
	return low.Sub(zero.InterleaveEven(high.ReshapeToUint8s()).ReshapeToUint16s()), high
}

// octets loads four vectors of 8 columns each.
func octets(p unsafe.Pointer, at uintptr) (_, _, _, _ archsimd.Uint8x16) {
	return bytes16(p, at), bytes16(p, at+16), bytes16(p, at+32), bytes16(p, at+48)
}

// hits counts, in each byte, the spikes of 32 columns that meet ones of a weight plane.
func hits(f0, f1, f2, f3, w0, w1, w2, w3 archsimd.Uint8x16) archsimd.Uint8x16 {
	return f0.And(w0).OnesCount().Add(f1.And(w1).OnesCount()).
		Add(f2.And(w2).OnesCount().Add(f3.And(w3).OnesCount()))
}

// join adds the counts of four weight planes up, a the highest: low collects both bytes of each
// pair and high the odd one.
func join(a, b, c, d archsimd.Uint8x16) (low, high archsimd.Uint16x8) {
	low, high = halves(a)
	low, high = widen(low.Add(low), high.Add(high), b)
	low, high = widen(low.Add(low), high.Add(high), c)
	return widen(low.Add(low), high.Add(high), d)
}
