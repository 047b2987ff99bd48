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
	t.Run("spread", func(t *testing.T) { test(t, spreadFirst) })
	t.Run("bits=16", func(t *testing.T) { test(t, addDots16) })
	if tooLargeDot == saturatedDot {
		return
	}
	t.Run("bits=32", func(t *testing.T) { test(t, addDots32) })
}

// spreadFirst is addDotsSpread for one pair of tokens whose codes of a group are not spread.
func spreadFirst(blocks, tokens unsafe.Pointer, _, _, _, _ uintptr) {
	pair := *(*[2]dotToken)(tokens)
	var codes [2][groupCols]int16
	for i := range pair {
		spreadCodes(&codes[i], (*[groupCols]int8)(pair[i].k))
		pair[i].k = unsafe.Pointer(&codes[i])
	}
	addDotsSpread(blocks, unsafe.Pointer(&pair), 1, 0, 0, 1)
}
