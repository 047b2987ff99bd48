package simd_test

import (
	"bytes"
	"fmt"

	"github.com/spikechat/spikechat/core/simd"
	"github.com/spikechat/spikechat/core/tile"
)

// One token's activations become spikes, and the spikes meet a matrix of ones in every kernel.
func Example() {
	// 16 rows of 32 columns, one bit plane of ones, d = 1 and n = 0: every weight is 1.
	m := tile.NewMatrix(16, 32, 1, 0)
	ones := [tile.GroupCols]uint8(bytes.Repeat([]byte{1}, tile.GroupCols))
	for row := range m.Rows {
		m.SetGroup(row, 0, &ones, 0x3c00, 0) // float16 of 1 and 0
	}
	m.NormalScales = true
	w := simd.NewWeights(m)
	w.Prepare(simd.PopcountKernel)
	w.Prepare(simd.DotKernel)

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
