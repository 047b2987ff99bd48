//go:build goexperiment.simd && (amd64 || arm64)

package simd

import (
	"testing"
	"unsafe"
)

type addDotsFunc = func(blocks, tokens unsafe.Pointer, pairs, tile, first, groups uintptr)

// forEachDot runs a test with every way of adding dot products.
func forEachDot(t *testing.T, test func(*testing.T, addDotsFunc)) {
	if !available {
		t.Skip("this processor lacks the instructions")
	}
	test(t, addDots)
}
