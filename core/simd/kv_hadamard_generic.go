package simd

func hadamardGeneric(x []float32, scale float32) {
	for span := 4; span < len(x); span *= 2 {
		for first := 0; first < len(x); first += 2 * span {
			for i := first; i < first+span; i++ {
				a, b := x[i], x[i+span]
				x[i], x[i+span] = a+b, a-b
			}
		}
	}
	for i := range x {
		x[i] *= scale
	}
}
