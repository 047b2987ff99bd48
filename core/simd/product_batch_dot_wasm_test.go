//go:build goexperiment.simd

package simd

import (
	"testing"
	"unsafe"
)

type addDotsFunc = func(blocks, tokens unsafe.Pointer, pairs, tile, first, groups uintptr)

// forEachDot runs a test with the ways of adding dot products: all as Go compiled them, and relaxed
// those that may run. V8 11.3, which has relaxed SIMD behind a flag, adds wrong sums of 32 bits.
func forEachDot(t *testing.T, test func(*testing.T, addDotsFunc)) {
	t.Logf("codes that are too large add up to %v", tooLargeDot)
	t.Run("bits=16", func(t *testing.T) { test(t, addDots16) })
	if tooLargeDot == saturatedDot {
		return
	}
	t.Run("bits=32", func(t *testing.T) { test(t, addDots32) })
}
