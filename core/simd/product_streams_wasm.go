//go:build goexperiment.simd

package simd

// The kernels of streams are in assembly (product_streams_wasm.s). Go's compiler computes the
// addresses of a round of three blocks ahead and spills some sixty of them, and adds each to its
// base instead of leaving it to the load.

//go:noescape
func lookup4By2(step *streamStep)

//go:noescape
func lookup4By4(step *streamStep)

//go:noescape
func lookup4By8(step *streamStep)

//go:noescape
func ternary2By2(step *streamStep)

//go:noescape
func ternary2By4(step *streamStep)

//go:noescape
func ternary3By2(step *streamStep)

//go:noescape
func ternary3By4(step *streamStep)

//go:noescape
func upperBoundsBy2(step *streamStep)

//go:noescape
func upperBoundsBy4(step *streamStep)
