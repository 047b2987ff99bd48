package simd

import "math"

func dotGeneric(a, b []float32) float32 {
	var l0, l1, l2, l3 float32
	b = b[:len(a)]
	for i := 0; i+3 < len(a); i += 4 {
		l0 += float32(a[i] * b[i])
		l1 += float32(a[i+1] * b[i+1])
		l2 += float32(a[i+2] * b[i+2])
		l3 += float32(a[i+3] * b[i+3])
	}
	return (l0 + l2) + (l1 + l3)
}

func axpyGeneric(y []float32, a float32, x []float32) {
	y = y[:len(x)]
	for i, v := range x {
		y[i] += float32(a * v)
	}
}

func swigluGeneric(gate, up []float32) {
	up = up[:len(gate)]
	for i, g := range gate {
		gate[i] = float32(g/(1+Exp32(-g))) * up[i]
	}
}

func gegluGeneric(gate, up []float32) {
	up = up[:len(gate)]
	for i, g := range gate {
		minus := g * (float32(float32(g*g)*geluCubic) + geluLinear)
		gate[i] = float32(g/(1+Exp32(minus))) * up[i]
	}
}

func highestOfGeneric(x []float32) float32 {
	highest := x[0]
	for _, v := range x {
		if v > highest {
			highest = v
		}
	}
	return highest
}

// expSumGeneric turns x into e^(x-highest) and gives the sums of every fourth.
func expSumGeneric(x []float32, highest float32) (lanes [4]float32) {
	for i, v := range x {
		e := Exp32(v - highest)
		x[i] = e
		lanes[i%4] += e
	}
	return lanes
}

func divideGeneric(x []float32, by float32) {
	for i := range x {
		x[i] /= by
	}
}

// dot4Generic gives the dot products of four rows, one after the other, with x.
func dot4Generic(sums *[4]float32, rows, x []float32) {
	for r := range sums {
		sums[r] = dotGeneric(rows[r*len(x):][:len(x)], x)
	}
}

// round is to nearest, ties to even.
func round(x float32) float32 { return float32(math.RoundToEven(float64(x))) }
