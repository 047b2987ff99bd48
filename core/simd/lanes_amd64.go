//go:build goexperiment.simd

package simd

import (
	"simd/archsimd"
	"unsafe"
)

// What lanes_wasm.go lists, for amd64.
var available = archsimd.X86.AVX2()

func lookup16(table, index archsimd.Uint8x16) archsimd.Uint8x16 {
	return table.PermuteOrZero(index.BitsToInt8())
}

func lookups2(bits, mask, t0, t1 archsimd.Uint8x16) archsimd.Uint8x16 {
	return t0.PermuteOrZero(bits.And(mask).BitsToInt8()).
		Add(t1.PermuteOrZero(bits.ReshapeToUint16s().ShiftAllRight(4).ReshapeToUint8s().And(mask).
			BitsToInt8()))
}

// picks2 is lookups2 for nibbles that are split in memory.
func picks2(p unsafe.Pointer, at uintptr, t0, t1 archsimd.Uint8x16) archsimd.Uint8x16 {
	return t0.PermuteOrZero(archsimd.LoadUint8x16Array((*[16]uint8)(unsafe.Add(p, at))).BitsToInt8()).
		Add(t1.PermuteOrZero(archsimd.LoadUint8x16Array((*[16]uint8)(unsafe.Add(p, at+16))).BitsToInt8()))
}

func extendHi(x archsimd.Int16x8) archsimd.Int32x4 {
	b := x.ToBits().ReshapeToUint8s()
	return b.ConcatShiftBytesRight(b, 8).ReshapeToUint16s().BitsToInt16().ExtendLo4ToInt32()
}

func extendHi8(x archsimd.Int8x16) archsimd.Int16x8 {
	b := x.ToBits()
	return b.ConcatShiftBytesRight(b, 8).BitsToInt8().ExtendLo8ToInt16()
}

func extendHiUnsigned(x archsimd.Uint16x8) archsimd.Uint32x4 {
	b := x.ReshapeToUint8s()
	return b.ConcatShiftBytesRight(b, 8).ReshapeToUint16s().ExtendLo4ToUint32()
}

// onesCount looks up both nibbles: the instruction for it wants AVX512BITALG, which few processors
// have.
func onesCount(x archsimd.Uint8x16) archsimd.Uint8x16 {
	mask, table := archsimd.BroadcastUint8x16(15), archsimd.LoadUint8x16Array(&onesOfNibble)
	high := x.ReshapeToUint16s().ShiftAllRight(4).ReshapeToUint8s().And(mask)
	return lookup16(table, x.And(mask)).Add(lookup16(table, high))
}

// leave clears the upper halves of the vector registers. When Go preempts a goroutine it restores
// all of them, and from then on every mix of old and new encodings stalls: spills and scalar floats
// beside vector code ran 17 to 80 times slower on one Xeon, until the next call. So kernels call it
// once a tile, or once a call where that is short.
func leave() { archsimd.ClearAVXUpperBits() }

func dotKeys3(sums, keys, spread unsafe.Pointer, row, spans, spanBytes uintptr) {
	// Two streams of spans in turn; where the number is odd, they share one.
	steps := (spans + 1) / 2
	second := spans - steps
	for step := range 2 * steps {
		i := step/2 + step%2*second
		leave()
		var a0, a1, b0, b1, c0, c1 archsimd.Int32x4
		for at := uintptr(0); at < spanBytes; at += 16 {
			x, query := codes16(keys, i*spanBytes+at), unsafe.Add(spread, 3*at)
			lo, hi := x.ExtendLo8ToInt16(), extendHi8(x)
			a, b, c := shorts8(query, 0), shorts8(query, 16), shorts8(query, 32)
			a0, a1 = a0.Add(a.DotProductPairs(lo)), a1.Add(a.DotProductPairs(hi))
			b0, b1 = b0.Add(b.DotProductPairs(lo)), b1.Add(b.DotProductPairs(hi))
			c0, c1 = c0.Add(c.DotProductPairs(lo)), c1.Add(c.DotProductPairs(hi))
		}
		storeInts4(sums, 32*i, a0)
		storeInts4(sums, 32*i+16, a1)
		storeInts4(sums, row+32*i, b0)
		storeInts4(sums, row+32*i+16, b1)
		storeInts4(sums, 2*row+32*i, c0)
		storeInts4(sums, 2*row+32*i+16, c1)
	}
}

func fastDots() bool { return available }

func addDots(blocks, tokens unsafe.Pointer, pairs, tile, first, groups uintptr) {
	ones := archsimd.BroadcastInt16x8(1)
	for t := range 2 * pairs {
		token := (*dotToken)(unsafe.Add(tokens, t*unsafe.Sizeof(dotToken{})))
		y, signed := unsafe.Add(token.y, 4*tileRows*tile), unsafe.Add(token.k, groupCols*first)
		scales := unsafe.Add(token.scales, 8*first)
		for g := range groups {
			block, k := unsafe.Add(blocks, g*apartBytes), unsafe.Add(signed, groupCols*g)
			var s0, s1, s2, s3 archsimd.Int16x8 // of two columns of four rows, for half of a group
			for quad := range uintptr(groupCols / 4) {
				four, codes := fourCodes(k, 4*quad), unsafe.Add(block, 64*quad)
				s0 = s0.Add(bytes16(codes, 0).DotProductPairsSaturated(four))
				s1 = s1.Add(bytes16(codes, 16).DotProductPairsSaturated(four))
				s2 = s2.Add(bytes16(codes, 32).DotProductPairsSaturated(four))
				s3 = s3.Add(bytes16(codes, 48).DotProductPairsSaturated(four))
			}
			addApart(y, 0, block, scales, 8*g, s0.DotProductPairs(ones))
			addApart(y, 16, block, scales, 8*g, s1.DotProductPairs(ones))
			addApart(y, 32, block, scales, 8*g, s2.DotProductPairs(ones))
			addApart(y, 48, block, scales, 8*g, s3.DotProductPairs(ones))
		}
	}
}
