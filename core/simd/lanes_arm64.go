//go:build goexperiment.simd

package simd

import (
	"simd/archsimd"
	"unsafe"
)

// What lanes_wasm.go lists, for arm64. Every arm64 that Go runs on has these instructions.
const available = true

// Go 1.27 compiles a shift of 16 or 32 bits by a constant, ShiftAllRight(8), to four or five
// instructions that bring the amount from a general register, each time. Bytes that go to another
// place take one instruction, and so does Shift, by amounts that are loaded.
var (
	right4  = [8]int16{-4, -4, -4, -4, -4, -4, -4, -4}
	right8  = [8]int16{-8, -8, -8, -8, -8, -8, -8, -8}
	right12 = [8]int16{-12, -12, -12, -12, -12, -12, -12, -12}
	left3   = [8]int16{3, 3, 3, 3, 3, 3, 3, 3}
	left13  = [4]int32{13, 13, 13, 13}
)

func halves(sum archsimd.Uint8x16) (low, high archsimd.Uint16x8) {
	var zero archsimd.Uint8x16
	return sum.ReshapeToUint16s(), sum.InterleaveOdd(zero).ReshapeToUint16s()
}

func widen(low, high archsimd.Uint16x8, sum archsimd.Uint8x16) (_, _ archsimd.Uint16x8) {
	var zero archsimd.Uint8x16
	return low.Add(sum.ReshapeToUint16s()), high.Add(sum.InterleaveOdd(zero).ReshapeToUint16s())
}

func normalHalf(bits archsimd.Uint32x4) archsimd.Float32x4 {
	return bits.Shift(archsimd.LoadInt32x4Array(&left13)).BitsToFloat32()
}

func dotColumn(
	codes, signed unsafe.Pointer, at uintptr, s0, s1, s2, s3 archsimd.Uint16x8,
) (_, _, _, _ archsimd.Uint16x8) {
	c := archsimd.LoadUint16x8Array((*[8]uint16)(unsafe.Add(codes, at)))
	k := archsimd.LoadUint16x8Array((*[8]uint16)(unsafe.Add(signed, at)))
	return c.MulAdd(k, s0), c.Shift(archsimd.LoadInt16x8Array(&right4)).MulAdd(k, s1),
		c.Shift(archsimd.LoadInt16x8Array(&right8)).MulAdd(k, s2),
		c.Shift(archsimd.LoadInt16x8Array(&right12)).MulAdd(k, s3)
}

func lookup16(table, index archsimd.Uint8x16) archsimd.Uint8x16 { return table.LookupOrZero(index) }

func lookups2(bits, mask, t0, t1 archsimd.Uint8x16) archsimd.Uint8x16 {
	return t0.LookupOrZero(bits.And(mask)).Add(t1.LookupOrZero(bits.ShiftAllRight(4)))
}

// picks2 is lookups2 for nibbles that are split in memory.
func picks2(p unsafe.Pointer, at uintptr, t0, t1 archsimd.Uint8x16) archsimd.Uint8x16 {
	return t0.LookupOrZero(archsimd.LoadUint8x16Array((*[16]uint8)(unsafe.Add(p, at)))).
		Add(t1.LookupOrZero(archsimd.LoadUint8x16Array((*[16]uint8)(unsafe.Add(p, at+16)))))
}

func extendHi(x archsimd.Int16x8) archsimd.Int32x4 { return x.HiToLo().ExtendLo4ToInt32() }

func extendHi8(x archsimd.Int8x16) archsimd.Int16x8 { return x.HiToLo().ExtendLo8ToInt16() }

func extendHiUnsigned(x archsimd.Uint16x8) archsimd.Uint32x4 {
	return x.HiToLo().ExtendLo4ToUint32()
}

func onesCount(x archsimd.Uint8x16) archsimd.Uint8x16 { return x.OnesCount() }

func leave() {}

// dotKeys3 adds products of 16 bits, of which four pairs fit: 8 * 60 * 63.
func dotKeys3(sums, keys, spread unsafe.Pointer, row, spans, spanBytes uintptr) {
	for i := range spans {
		var a0, a1, b0, b1, c0, c1 archsimd.Int32x4
		for at := uintptr(0); at < spanBytes; at += 64 {
			key, query := unsafe.Add(keys, i*spanBytes+at), unsafe.Add(spread, 3*at)
			x := codes16(key, 0)
			lo, hi := x.ExtendLo8ToInt16(), extendHi8(x)
			a, b, c := shorts8(query, 0), shorts8(query, 16), shorts8(query, 32)
			p0, p1, q0, q1, r0, r1 := lo.Mul(a), hi.Mul(a), lo.Mul(b), hi.Mul(b), lo.Mul(c), hi.Mul(c)
			for next := uintptr(16); next < 64; next += 16 {
				x = codes16(key, next)
				lo, hi = x.ExtendLo8ToInt16(), extendHi8(x)
				a, b, c = shorts8(query, 3*next), shorts8(query, 3*next+16), shorts8(query, 3*next+32)
				p0, p1 = lo.MulAdd(a, p0), hi.MulAdd(a, p1)
				q0, q1 = lo.MulAdd(b, q0), hi.MulAdd(b, q1)
				r0, r1 = lo.MulAdd(c, r0), hi.MulAdd(c, r1)
			}
			p0, q0, r0 = p0.ConcatAddPairs(p1), q0.ConcatAddPairs(q1), r0.ConcatAddPairs(r1)
			a0, a1 = a0.Add(p0.ExtendLo4ToInt32()), a1.Add(extendHi(p0))
			b0, b1 = b0.Add(q0.ExtendLo4ToInt32()), b1.Add(extendHi(q0))
			c0, c1 = c0.Add(r0.ExtendLo4ToInt32()), c1.Add(extendHi(r0))
		}
		storeInts4(sums, 32*i, a0)
		storeInts4(sums, 32*i+16, a1)
		storeInts4(sums, row+32*i, b0)
		storeInts4(sums, row+32*i+16, b1)
		storeInts4(sums, 2*row+32*i, c0)
		storeInts4(sums, 2*row+32*i+16, c1)
	}
}

// fastDots: the dot products of bytes that newer processors have are not in archsimd.
func fastDots() bool { return false }

func addDots(blocks, tokens unsafe.Pointer, pairs, tile, first, groups uintptr) {
	for t := range 2 * pairs {
		token := (*dotToken)(unsafe.Add(tokens, t*unsafe.Sizeof(dotToken{})))
		y, signed := unsafe.Add(token.y, 4*tileRows*tile), unsafe.Add(token.k, groupCols*first)
		scales := unsafe.Add(token.scales, 8*first)
		for g := range groups {
			block, k := unsafe.Add(blocks, g*apartBytes), unsafe.Add(signed, groupCols*g)
			var s0, s1, s2, s3 archsimd.Int16x8
			for quad := range uintptr(groupCols / 4) {
				four, codes := fourCodes(k, 4*quad), unsafe.Add(block, 64*quad)
				s0, s1 = s0.Add(dotPairs(codes, 0, four)), s1.Add(dotPairs(codes, 16, four))
				s2, s3 = s2.Add(dotPairs(codes, 32, four)), s3.Add(dotPairs(codes, 48, four))
			}
			addApart(y, 0, block, scales, 8*g, sumPairs(s0))
			addApart(y, 16, block, scales, 8*g, sumPairs(s1))
			addApart(y, 32, block, scales, 8*g, sumPairs(s2))
			addApart(y, 48, block, scales, 8*g, sumPairs(s3))
		}
	}
}

func dotPairs(codes unsafe.Pointer, at uintptr, k archsimd.Int8x16) archsimd.Int16x8 {
	c := codes16(codes, at)
	return c.MulWidenLo(k).ConcatAddPairs(c.HiToLo().MulWidenLo(k.HiToLo()))
}

// sumPairs: 16 bits hold a whole group.
func sumPairs(s archsimd.Int16x8) archsimd.Int32x4 { return s.ConcatAddPairs(s).ExtendLo4ToInt32() }
