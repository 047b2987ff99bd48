//go:build goexperiment.simd

package simd

import (
	"simd/archsimd"
	"unsafe"
)

// What every target of the vector kernels supplies:
//
//	available                   whether this processor has the instructions
//	lookup16(table, index)      table[index] for each byte; indices are 0 to 15
//	lookups2(bits, ...)         the two lookups of 8 columns, summed, from one byte of weight bits
//	                            for each of 16 rows
//	extendHi, extendHiUnsigned  the upper four of eight 16-bit values, widened
//	onesCount(x)                ones in each byte
//	addSplitBy2(blocks, ...)    groups of a tile, split into nibbles, looked up in a token's tables
//	                            and added to its rows: 2 lookups fit a byte
//	addSplitBy4(blocks, ...)    the same where 4 do
//	halves, widen               sums of bytes to sums of 16 bits
//	normalHalf(bits)            float16 to float32
//	dotColumn(codes, ...)       the products of a column of four nibbles with one code
//	count4(block, splats)       the ones of all pairs of planes of a block
//	dotKeys3(sums, ...)         the dot products of three queries with all keys, in whole spans
//	addValues3(sums, ...)       a span of values, each times the weights of three heads, added to
//	                            the heads' sums
//	fastDots()                  whether addDots is faster than lookups
//	addDots(blocks, ...)        groups of a tile, taken apart, times the codes of pairs of tokens,
//	                            added to the tokens' rows
//	leave()                     keeps amd64 fast after a preemption; nothing elsewhere
//
// What two of them have in common is in lanes_shifts.go, lanes_native.go and
// product_carrysave_simd.go.
//
// lookups2 calls no helper of ours. The compiler orders a loop's instructions by depth of
// inlining before it looks at lines: with a nested lookup16 it split the nibbles of the whole block
// first and spilled them all, which took a third of the time.
//
// A wasm module that holds vector instructions does not load where they are missing, so they are
// available here.
const available = true

func lookup16(table, index archsimd.Uint8x16) archsimd.Uint8x16 {
	return table.BitsToInt8().LookupOrZero(index.BitsToInt8()).ToBits()
}

func lookups2(bits, mask, t0, t1 archsimd.Uint8x16) archsimd.Uint8x16 {
	return t0.BitsToInt8().LookupOrZero(bits.And(mask).BitsToInt8()).ToBits().
		Add(t1.BitsToInt8().LookupOrZero(bits.ReshapeToUint16s().ShiftAllRight(4).ReshapeToUint8s().
			And(mask).BitsToInt8()).ToBits())
}

func extendHi(x archsimd.Int16x8) archsimd.Int32x4 { return x.ExtendHi4ToInt32() }

func extendHiUnsigned(x archsimd.Uint16x8) archsimd.Uint32x4 { return x.ExtendHi4ToUint32() }

func onesCount(x archsimd.Uint8x16) archsimd.Uint8x16 { return x.OnesCount() }

func leave() {}

// Two loops are in assembly (lanes_wasm.s): dotKeys3 for an instruction that archsimd does not
// offer, i32x4.dot_i16x8_s, which makes two products and their sum in each lane of 32 bits, where
// Mul leaves 16 that have to be widened every 8 dimensions; addValues3 because the compiler loads
// all weights of a step before it uses the first, and spills them.

//go:noescape
func dotKeys3(sums, keys, spread unsafe.Pointer, row, spans, spanBytes uintptr)

//go:noescape
func addValues3(sums, values, places, weights unsafe.Pointer, n, dim uintptr)

// Dot products of bytes are in assembly as well (product_batch_dot_wasm.s): archsimd has none of
// them here, and Go 1.27 writes other bytes for the relaxed ones. tools/relax puts those in.

//go:noescape
func addDots16(blocks, tokens unsafe.Pointer, pairs, tile, first, groups uintptr)

//go:noescape
func addDots32(blocks, tokens unsafe.Pointer, pairs, tile, first, groups uintptr)

func addDots(blocks, tokens unsafe.Pointer, pairs, tile, first, groups uintptr) {
	if tooLargeDot == saturatedDot {
		addDots16(blocks, tokens, pairs, tile, first, groups)
	} else {
		addDots32(blocks, tokens, pairs, tile, first, groups)
	}
}

func fastDots() bool { return tooLargeDot != strictDot }

// tooLargeDot tells what addDots32 was made of. Its codes are too large: of two products 255 * 127
// the strict instructions keep the lower 16 bits; x86 without AVX-VNNI saturates, and takes five
// instructions where addDots16 has two; all others have one for four products, without 16 bits
// between, and take 255 for -1 or not.
var tooLargeDot = func() float32 {
	var block apartBlock
	var k [groupCols]int8
	var sums [tileRows]float32
	scales := [2]float32{1, 0}
	block.d[0], block.codes[0][0] = 1, [4]uint8{255, 255, 255, 255}
	copy(k[:], []int8{127, 127, 127, 127})
	one := dotToken{unsafe.Pointer(&sums), unsafe.Pointer(&k), unsafe.Pointer(&scales)}
	var other [tileRows]float32
	two := dotToken{unsafe.Pointer(&other), one.k, one.scales}
	addDots32(unsafe.Pointer(&block), unsafe.Pointer(&[2]dotToken{one, two}), 1, 0, 0, 1)
	return sums[0]
}()

const (
	saturatedDot = 2 * (1<<15 - 1)
	strictDot    = 2 * (2*255*127 - 1<<16)
)
