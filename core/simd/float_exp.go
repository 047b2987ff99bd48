package simd

import "math"

// Exp32 is e^x for softmax, SiLU and sampling, the same bits in every build: math.Exp is assembly
// on some targets and not on others. x below -87 gives 0, x above 88 the value at 88; in between
// the relative error is under 2e-7.
func Exp32(x float32) float32 {
	if x < expLow {
		return 0
	}
	x = min(x, expHigh)
	n := round(float32(x * log2E))
	// ln 2 in two parts, the upper short enough that n times it is exact.
	r := x - float32(n*ln2High)
	r -= float32(n * ln2Low)
	p := float32(expP0)
	p = float32(p*r) + expP1
	p = float32(p*r) + expP2
	p = float32(p*r) + expP3
	p = float32(p*r) + expP4
	p = float32(p*r) + expP5
	y := float32(p*float32(r*r)) + r
	y++
	return y * math.Float32frombits(uint32(int32(n)+127)<<23)
}

// The constants of the Cephes library's expf.
const (
	expLow, expHigh = -87, 88

	log2E   = 1.44269504088896341
	ln2High = 0.693359375
	ln2Low  = -2.12194440e-4

	expP0 = 1.9875691500e-4
	expP1 = 1.3981999507e-3
	expP2 = 8.3334519073e-3
	expP3 = 4.1665795894e-2
	expP4 = 1.6666665459e-1
	expP5 = 5.0000001201e-1
)
