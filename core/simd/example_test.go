package simd_test

import (
	"fmt"

	"github.com/spikechat/spikechat/core/simd"
)

// One token's activations become spikes, and the spikes meet a matrix of ones in every kernel.
func Example() {
	// 16 rows of 32 columns, one bit plane of ones, d = 1 and n = 0: every weight is 1.
	w := &simd.Weights{Rows: 16, Cols: 32, Planes: 1, Tame: true, Data: make([]byte, 64+32+32)}
	for i := range 64 {
		w.Data[i] = 0xff
	}
	for row := range 16 {
		w.Data[64+2*row+1] = 0x3c // float16 of 1, high byte
	}
	w.Check()
	w.CountCodes()
	w.UnpackCodes()

	x := make([]float32, 32)
	x[0], x[1], x[2] = 60, 30, -7.5
	s := simd.NewSpikes(32)
	if !s.Encode(x, []uint8{4}) { // T = 4 time steps
		fmt.Println("not finite")
		return
	}
	fmt.Println("rest", s.Rest[0], "codes", s.Code[:4])

	y := make([]float32, 16)
	for _, kernel := range []simd.Kernel{simd.LookupKernel, simd.PopcountKernel, simd.DotKernel} {
		s.Prepare(kernel)
		kernel.Product([][]float32{y}, w, []*simd.Spikes{s})
		fmt.Println(y[0])
	}
	simd.Unrolled(y, w, s)
	fmt.Println(y[0])
	// Output:
	// rest 7 codes [60 34 0 7]
	// 82.125
	// 82.125
	// 82.125
	// 82.125
}
