package simd

import "math"

// SinCos64 gives sin and cos for 0 <= x < 2^20, the same bits in every build, with an absolute
// error under 1e-11: the rotary tables are made with it. math.Sin may be assembly, and its Go
// source may be fused on some targets.
func SinCos64(x float64) (sin, cos float64) {
	// Quarter turns are taken off with π/2 in two parts; the first has 33 bits, so that n times it
	// is exact.
	n := math.Floor(float64(x*(2/math.Pi)) + 0.5)
	r := x - float64(n*1.57079632673412561417e+00)
	r -= float64(n * 6.07710050650619224932e-11)
	z := float64(r * r)
	// Taylor series: |r| <= π/4, so the first terms left out are below 1e-13.
	s := 1.0
	for k := 15.0; k >= 3; k -= 2 {
		s = 1 - float64(float64(z*s)/float64(k*(k-1)))
	}
	s = float64(s * r)
	c := 1.0
	for k := 16.0; k >= 2; k -= 2 {
		c = 1 - float64(float64(z*c)/float64(k*(k-1)))
	}
	switch int64(n) & 3 {
	case 0:
		return s, c
	case 1:
		return c, -s
	case 2:
		return -s, -c
	}
	return -c, s
}

// Pow64 is base^(-num/den) for base >= 1 and 0 <= num < den, the same bits in every build. It takes
// square roots, which IEEE 754 rounds exactly, for the bits of num/den.
func Pow64(base float64, num, den int) float64 {
	result, root := 1.0, base
	for range 60 {
		root = math.Sqrt(root)
		num *= 2
		if num >= den {
			num -= den
			result = float64(result * root)
		}
	}
	return 1 / result
}
