//go:build goexperiment.simd && (wasm || amd64)

package simd

import (
	"simd/archsimd"
	"unsafe"
)

// lookupBlock computes all full tiles for several tokens and returns how many tiles that is. Each block of weights is read
// once, its nibbles are split once and its scales converted once, for all of them. At least two lookups of every token fit
// a byte, and none is wide.
func lookupBlock(ys [][]float32, w *Weights, ss []*Spikes) int {
	tiles := w.Rows / TileRows
	if !available {
		tiles = 0
	}
	if tiles == 0 {
		return 0
	}
	if w.Planes != 4 || w.OffsetBy != 0 || !w.Tame {
		for t, s := range ss {
			lookupAny(ys[t], w, s, tiles)
		}
		return tiles
	}
	var b tokenBlock
	b.tokens = len(ss)
	by4 := true
	for t, s := range ss {
		b.tables[t] = unsafe.Pointer(&s.tables[0])
		b.scaled[t] = unsafe.Pointer(&s.scaled[0])
		b.excess[t] = unsafe.Pointer(&s.excess[0])
		by4 = by4 && s.together >= 4
	}
	groups := w.Groups()
	_ = w.Data[tiles*groups*block4-1]
	data := unsafe.Pointer(&w.Data[0])
	at := 0
	for tile := range tiles {
		leave()
		b.sums = [blockTokens][TileRows]float32{}
		for g := range groups {
			b.split(unsafe.Add(data, at))
			if by4 {
				b.addBy4(g)
			} else {
				b.addBy2(g)
			}
			at += block4
		}
		for t := range ss {
			copy(ys[t][tile*TileRows:][:TileRows], b.sums[t][:])
		}
	}
	return tiles
}

// tokenBlock is the scratch of lookupBlock: one tile and group of weights, taken apart, and where each token stands.
type tokenBlock struct {
	nibbles [4 * 8][16]uint8 // by plane and quad: the nibble of each row
	d, n    [4][4]float32    // scales and offsets of rows 0-3, 4-7, 8-11, 12-15, times 2^-112
	sums    [blockTokens][TileRows]float32

	tables, scaled, excess [blockTokens]unsafe.Pointer // of each token
	tokens                 int
}

// split takes one block of weights apart.
func (b *tokenBlock) split(block unsafe.Pointer) {
	mask := archsimd.BroadcastUint8x16(15)
	for i := 0; i < len(b.nibbles); i += 2 {
		bits := bytes16(block, uintptr(8*i))
		bits.And(mask).StoreArray(&b.nibbles[i])
		bits.ReshapeToUint16s().ShiftAllRight(4).ReshapeToUint8s().And(mask).StoreArray(&b.nibbles[i+1])
	}
	d0, d1 := halves8(block, 4*planeBytes), halves8(block, 4*planeBytes+16)
	n0, n1 := halves8(block, 4*planeBytes+32), halves8(block, 4*planeBytes+48)
	tameHalf(d0.ExtendLo4ToUint32()).StoreArray(&b.d[0])
	tameHalf(extendHiUnsigned(d0)).StoreArray(&b.d[1])
	tameHalf(d1.ExtendLo4ToUint32()).StoreArray(&b.d[2])
	tameHalf(extendHiUnsigned(d1)).StoreArray(&b.d[3])
	tameHalf(n0.ExtendLo4ToUint32()).StoreArray(&b.n[0])
	tameHalf(extendHiUnsigned(n0)).StoreArray(&b.n[1])
	tameHalf(n1.ExtendLo4ToUint32()).StoreArray(&b.n[2])
	tameHalf(extendHiUnsigned(n1)).StoreArray(&b.n[3])
}

// picked gives one lookup of a token.
func picked(table, nibbles unsafe.Pointer, quad, plane uintptr) archsimd.Uint8x16 {
	return lookup16(bytes16(table, 16*quad), bytes16(nibbles, 128*plane+16*quad))
}

// addScaledRows adds a group to the sums of four rows.
func addScaledRows(sums, d, n unsafe.Pointer, at uintptr, i archsimd.Int32x4, threshold, lift archsimd.Float32x4) {
	storeFloats4(sums, at, floats4(sums, at).Add(i.ConvertToFloat32().Mul(floats4(d, at)).Mul(threshold)).Sub(floats4(n, at).Mul(lift)))
}

// addBy2 adds the block of weights of a group to every token, 2 lookups in a byte.
func (b *tokenBlock) addBy2(group int) {
	nibbles, d, n := unsafe.Pointer(&b.nibbles), unsafe.Pointer(&b.d), unsafe.Pointer(&b.n)
	for t := range b.tokens {
		table, scaled := unsafe.Add(b.tables[t], group*8*16), unsafe.Add(b.scaled[t], group*8)
		var low, high archsimd.Uint16x8
		low, high = widen(low, high, picked(table, nibbles, 0, 0).Add(picked(table, nibbles, 1, 0)))
		low, high = widen(low, high, picked(table, nibbles, 2, 0).Add(picked(table, nibbles, 3, 0)))
		low, high = widen(low, high, picked(table, nibbles, 4, 0).Add(picked(table, nibbles, 5, 0)))
		low, high = widen(low, high, picked(table, nibbles, 6, 0).Add(picked(table, nibbles, 7, 0)))
		low, high = low.Add(low), high.Add(high)
		low, high = widen(low, high, picked(table, nibbles, 0, 1).Add(picked(table, nibbles, 1, 1)))
		low, high = widen(low, high, picked(table, nibbles, 2, 1).Add(picked(table, nibbles, 3, 1)))
		low, high = widen(low, high, picked(table, nibbles, 4, 1).Add(picked(table, nibbles, 5, 1)))
		low, high = widen(low, high, picked(table, nibbles, 6, 1).Add(picked(table, nibbles, 7, 1)))
		low, high = low.Add(low), high.Add(high)
		low, high = widen(low, high, picked(table, nibbles, 0, 2).Add(picked(table, nibbles, 1, 2)))
		low, high = widen(low, high, picked(table, nibbles, 2, 2).Add(picked(table, nibbles, 3, 2)))
		low, high = widen(low, high, picked(table, nibbles, 4, 2).Add(picked(table, nibbles, 5, 2)))
		low, high = widen(low, high, picked(table, nibbles, 6, 2).Add(picked(table, nibbles, 7, 2)))
		low, high = low.Add(low), high.Add(high)
		low, high = widen(low, high, picked(table, nibbles, 0, 3).Add(picked(table, nibbles, 1, 3)))
		low, high = widen(low, high, picked(table, nibbles, 2, 3).Add(picked(table, nibbles, 3, 3)))
		low, high = widen(low, high, picked(table, nibbles, 4, 3).Add(picked(table, nibbles, 5, 3)))
		low, high = widen(low, high, picked(table, nibbles, 6, 3).Add(picked(table, nibbles, 7, 3)))
		excess := archsimd.BroadcastUint16x8(15 * *(*uint16)(unsafe.Add(b.excess[t], 2*group)))
		i0 := low.Sub(high.ShiftAllLeft(8)).Sub(excess).BitsToInt16()
		i1 := high.Sub(excess).BitsToInt16()
		threshold := archsimd.BroadcastFloat32x4(*(*float32)(scaled))
		lift := archsimd.BroadcastFloat32x4(*(*float32)(unsafe.Add(scaled, 4)))
		sums := unsafe.Pointer(&b.sums[t])
		addScaledRows(sums, d, n, 0, i0.ExtendLo4ToInt32(), threshold, lift)
		addScaledRows(sums, d, n, 16, extendHi(i0), threshold, lift)
		addScaledRows(sums, d, n, 32, i1.ExtendLo4ToInt32(), threshold, lift)
		addScaledRows(sums, d, n, 48, extendHi(i1), threshold, lift)
	}
}

// addBy4 adds the block of weights of a group to every token, 4 lookups in a byte.
func (b *tokenBlock) addBy4(group int) {
	nibbles, d, n := unsafe.Pointer(&b.nibbles), unsafe.Pointer(&b.d), unsafe.Pointer(&b.n)
	for t := range b.tokens {
		table, scaled := unsafe.Add(b.tables[t], group*8*16), unsafe.Add(b.scaled[t], group*8)
		var low, high archsimd.Uint16x8
		low, high = widen(low, high, picked(table, nibbles, 0, 0).Add(picked(table, nibbles, 1, 0)).
			Add(picked(table, nibbles, 2, 0)).Add(picked(table, nibbles, 3, 0)))
		low, high = widen(low, high, picked(table, nibbles, 4, 0).Add(picked(table, nibbles, 5, 0)).
			Add(picked(table, nibbles, 6, 0)).Add(picked(table, nibbles, 7, 0)))
		low, high = low.Add(low), high.Add(high)
		low, high = widen(low, high, picked(table, nibbles, 0, 1).Add(picked(table, nibbles, 1, 1)).
			Add(picked(table, nibbles, 2, 1)).Add(picked(table, nibbles, 3, 1)))
		low, high = widen(low, high, picked(table, nibbles, 4, 1).Add(picked(table, nibbles, 5, 1)).
			Add(picked(table, nibbles, 6, 1)).Add(picked(table, nibbles, 7, 1)))
		low, high = low.Add(low), high.Add(high)
		low, high = widen(low, high, picked(table, nibbles, 0, 2).Add(picked(table, nibbles, 1, 2)).
			Add(picked(table, nibbles, 2, 2)).Add(picked(table, nibbles, 3, 2)))
		low, high = widen(low, high, picked(table, nibbles, 4, 2).Add(picked(table, nibbles, 5, 2)).
			Add(picked(table, nibbles, 6, 2)).Add(picked(table, nibbles, 7, 2)))
		low, high = low.Add(low), high.Add(high)
		low, high = widen(low, high, picked(table, nibbles, 0, 3).Add(picked(table, nibbles, 1, 3)).
			Add(picked(table, nibbles, 2, 3)).Add(picked(table, nibbles, 3, 3)))
		low, high = widen(low, high, picked(table, nibbles, 4, 3).Add(picked(table, nibbles, 5, 3)).
			Add(picked(table, nibbles, 6, 3)).Add(picked(table, nibbles, 7, 3)))
		excess := archsimd.BroadcastUint16x8(15 * *(*uint16)(unsafe.Add(b.excess[t], 2*group)))
		i0 := low.Sub(high.ShiftAllLeft(8)).Sub(excess).BitsToInt16()
		i1 := high.Sub(excess).BitsToInt16()
		threshold := archsimd.BroadcastFloat32x4(*(*float32)(scaled))
		lift := archsimd.BroadcastFloat32x4(*(*float32)(unsafe.Add(scaled, 4)))
		sums := unsafe.Pointer(&b.sums[t])
		addScaledRows(sums, d, n, 0, i0.ExtendLo4ToInt32(), threshold, lift)
		addScaledRows(sums, d, n, 16, extendHi(i0), threshold, lift)
		addScaledRows(sums, d, n, 32, i1.ExtendLo4ToInt32(), threshold, lift)
		addScaledRows(sums, d, n, 48, extendHi(i1), threshold, lift)
	}
}
