package simd

func hadamardGeneric(x []float32, scale float32) {
	for stride := 4; stride < len(x); stride *= 2 {
		for first := 0; first < len(x); first += 2 * stride {
			for i := first; i < first+stride; i++ {
				a, b := x[i], x[i+stride]
				x[i], x[i+stride] = a+b, a-b
			}
		}
	}
	for i := range x {
		x[i] *= scale
	}
}
