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
		t.Skip("waits for a processor with AVX2: without it no vector kernel runs")
	}
	test(t, addDots)
}
