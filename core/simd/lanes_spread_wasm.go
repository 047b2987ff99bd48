//go:build goexperiment.simd

package simd

import (
	"simd/archsimd"
	"unsafe"
)

// Where relaxed SIMD is missing, dot products are those of 16 bits, i32x4.dot_i16x8_s: codes of
// both sides are spread to 16 bits each, those of weights once for a batch, and those of a token
// once for an input.

// spreadsCodes reports whether addDots wants the codes of tokens spread.
func spreadsCodes() bool { return tooLargeDot == strictDot }

// spreadGroups is how many groups of weights are spread at a time: with two tokens' codes they fit
// the first cache.
const spreadGroups = 18

// spreadTile is the codes of some groups of one tile of weights: of each four columns 0 and 2, by
// rows, then 1 and 3.
type spreadTile [spreadGroups][groupCols / 2][tileRows][2]int16

// addDotsSpread is addDots with the codes of tokens spread.
func addDotsSpread(blocks, tokens unsafe.Pointer, pairs, tile, first, groups uintptr) {
	var codes spreadTile
	for at := uintptr(0); at < groups; at += spreadGroups {
		n := min(spreadGroups, groups-at)
		from := unsafe.Add(blocks, at*apartBytes)
		for g := range n {
			spreadBlock(unsafe.Pointer(&codes[g]), unsafe.Add(from, g*apartBytes))
		}
		addSpreadDots(from, unsafe.Pointer(&codes), tokens, pairs, tile, first+at, n)
	}
}

// spreadBlock spreads the codes of a block that is taken apart.
func spreadBlock(to, from unsafe.Pointer) {
	even := archsimd.BroadcastUint16x8(0xff)
	for range groupCols / 4 {
		c0, c1 := bytes16(from, 0).ReshapeToUint16s(), bytes16(from, 16).ReshapeToUint16s()
		c2, c3 := bytes16(from, 32).ReshapeToUint16s(), bytes16(from, 48).ReshapeToUint16s()
		storeShorts8(to, 0, c0.And(even))
		storeShorts8(to, 16, c1.And(even))
		storeShorts8(to, 32, c2.And(even))
		storeShorts8(to, 48, c3.And(even))
		storeShorts8(to, 64, c0.ShiftAllRight(8))
		storeShorts8(to, 80, c1.ShiftAllRight(8))
		storeShorts8(to, 96, c2.ShiftAllRight(8))
		storeShorts8(to, 112, c3.ShiftAllRight(8))
		from, to = unsafe.Add(from, 64), unsafe.Add(to, 128)
	}
}

func storeShorts8(p unsafe.Pointer, at uintptr, v archsimd.Uint16x8) {
	v.StoreArray((*[8]uint16)(unsafe.Add(p, at)))
}

// spreadCodes spreads a token's codes of a group: those of columns 0 and 2 of each four, then those
// of 1 and 3.
func spreadCodes(to *[groupCols]int16, k *[groupCols]int8) {
	at, from := unsafe.Pointer(to), unsafe.Pointer(k)
	for half := range uintptr(2) {
		pairs := bytes16(from, 16*half).ReshapeToUint16s().BitsToInt16()
		storeShorts8(at, 16*half, pairs.ShiftAllLeft(8).ShiftAllRight(8).ToBits())
		storeShorts8(at, 32+16*half, pairs.ShiftAllRight(8).ToBits())
	}
}

//go:noescape
func addSpreadDots(blocks, codes, tokens unsafe.Pointer, pairs, tile, first, groups uintptr)
