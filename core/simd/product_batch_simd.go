//go:build goexperiment.simd && (wasm || amd64)

package simd

import (
	"simd/archsimd"
	"unsafe"

	"github.com/spikechat/spikechat/core/tile"
)

// lookupBatch computes all full tiles for several tokens and returns how many tiles that is. Each tile of weights is read
// once, its nibbles are split once and its scales converted once, for all of them; then each token walks the split tile
// with its tables in registers. At least two lookups of every token fit a byte, and none is wide.
func lookupBatch(ys [][]float32, w *tile.Matrix, ss []*Spikes) int {
	tiles := w.Rows / tileRows
	if !available {
		tiles = 0
	}
	if tiles == 0 {
		return 0
	}
	if w.Planes != 4 || w.OffsetBy != 0 || !w.NormalScales {
		for t, s := range ss {
			lookupAny(ys[t], w, s, tiles)
		}
		return tiles
	}
	var split splitTile
	groups := w.Groups()
	_ = w.Data[tiles*groups*block4-1]
	data := unsafe.Pointer(&w.Data[0])
	for tile := range tiles {
		for first := 0; first < groups; first += splitGroups {
			leave()
			n := min(splitGroups, groups-first)
			for g := range n {
				split[g].split(unsafe.Add(data, (tile*groups+first+g)*block4))
			}
			for t, s := range ss {
				y := (*[tileRows]float32)(ys[t][tile*tileRows:])
				if first == 0 {
					*y = [tileRows]float32{}
				}
				if s.lookup.together >= 4 {
					split.addBy4(y, s, first, n)
				} else {
					split.addBy2(y, s, first, n)
				}
			}
		}
	}
	return tiles
}

// splitGroups is how many groups of a tile are split at a time: with one token's tables they fit the first cache.
const splitGroups = 24

// splitTile is some groups of one tile of weights, taken apart.
type splitTile [splitGroups]splitBlock

// splitBlock is a block of weights with a byte for every nibble and scales and offsets as float32, times 2^-112.
type splitBlock struct {
	nibbles [4 * 8][tileRows]uint8 // by plane and quad
	d, n    [tileRows]float32
}

const (
	splitBytes = int(unsafe.Sizeof(splitBlock{}))
	splitD     = unsafe.Offsetof(splitBlock{}.d)
	splitN     = unsafe.Offsetof(splitBlock{}.n)
)

// split takes one block of weights apart.
func (b *splitBlock) split(block unsafe.Pointer) {
	mask := archsimd.BroadcastUint8x16(15)
	to := unsafe.Pointer(&b.nibbles)
	for plane := uintptr(0); plane < 4*planeBytes; plane += planeBytes {
		from, to := unsafe.Add(block, plane), unsafe.Add(to, 2*plane)
		splitBits(to, bytes16(from, 0), mask)
		splitBits(unsafe.Add(to, 32), bytes16(from, 16), mask)
		splitBits(unsafe.Add(to, 64), bytes16(from, 32), mask)
		splitBits(unsafe.Add(to, 96), bytes16(from, 48), mask)
	}
	scales, d, n := unsafe.Add(block, 4*planeBytes), unsafe.Pointer(&b.d), unsafe.Pointer(&b.n)
	widenNormal(d, halves8(scales, 0))
	widenNormal(unsafe.Add(d, 32), halves8(scales, 16))
	widenNormal(n, halves8(scales, 32))
	widenNormal(unsafe.Add(n, 32), halves8(scales, 48))
}

// splitBits stores the two nibbles of each byte.
func splitBits(to unsafe.Pointer, bits, mask archsimd.Uint8x16) {
	bits.And(mask).StoreArray((*[16]uint8)(to))
	bits.ReshapeToUint16s().ShiftAllRight(4).ReshapeToUint8s().And(mask).StoreArray((*[16]uint8)(unsafe.Add(to, 16)))
}

// widenNormal stores eight float16 bit patterns as float32 times 2^-112.
func widenNormal(to unsafe.Pointer, bits archsimd.Uint16x8) {
	storeFloats4(to, 0, normalHalf(bits.ExtendLo4ToUint32()))
	storeFloats4(to, 16, normalHalf(extendHiUnsigned(bits)))
}

// addSplit adds a group to the sums of four rows: y += (i*d)*threshold, then y -= n*groupSum.
func addSplit(y archsimd.Float32x4, i archsimd.Int32x4, block unsafe.Pointer, at uintptr, threshold, groupSum archsimd.Float32x4) archsimd.Float32x4 {
	return y.Add(i.ConvertToFloat32().Mul(floats4(block, splitD+at)).Mul(threshold)).Sub(floats4(block, splitN+at).Mul(groupSum))
}

// addBy4 adds groups of a split tile to a token's 16 rows, where 4 of its lookups fit a byte.
func (b *splitTile) addBy4(y *[tileRows]float32, s *Spikes, first, groups int) {
	tables := unsafe.Pointer(&s.lookup.sums[first*8*16])
	scales := unsafe.Pointer(&s.scaled[2*first])
	excesses := unsafe.Pointer(&s.lookup.excess[first])
	blocks, rows := unsafe.Pointer(b), unsafe.Pointer(y)
	y0, y1, y2, y3 := floats4(rows, 0), floats4(rows, 16), floats4(rows, 32), floats4(rows, 48)
	for g := range groups {
		block, table, scaled := unsafe.Add(blocks, g*splitBytes), unsafe.Add(tables, g*8*16), unsafe.Add(scales, g*8)
		t0, t1, t2, t3 := bytes16(table, 0), bytes16(table, 16), bytes16(table, 32), bytes16(table, 48)
		t4, t5, t6, t7 := bytes16(table, 64), bytes16(table, 80), bytes16(table, 96), bytes16(table, 112)
		low, high := halves(picks2(block, 0, t0, t1).Add(picks2(block, 32, t2, t3)))
		low, high = widen(low, high, picks2(block, 64, t4, t5).Add(picks2(block, 96, t6, t7)))
		low, high = low.Add(low), high.Add(high)
		low, high = widen(low, high, picks2(block, 128, t0, t1).Add(picks2(block, 160, t2, t3)))
		low, high = widen(low, high, picks2(block, 192, t4, t5).Add(picks2(block, 224, t6, t7)))
		low, high = low.Add(low), high.Add(high)
		low, high = widen(low, high, picks2(block, 256, t0, t1).Add(picks2(block, 288, t2, t3)))
		low, high = widen(low, high, picks2(block, 320, t4, t5).Add(picks2(block, 352, t6, t7)))
		low, high = low.Add(low), high.Add(high)
		low, high = widen(low, high, picks2(block, 384, t0, t1).Add(picks2(block, 416, t2, t3)))
		low, high = widen(low, high, picks2(block, 448, t4, t5).Add(picks2(block, 480, t6, t7)))
		excess := archsimd.BroadcastUint16x8(15 * *(*uint16)(unsafe.Add(excesses, 2*g)))
		i0 := low.Sub(high.ShiftAllLeft(8)).Sub(excess).BitsToInt16()
		i1 := high.Sub(excess).BitsToInt16()
		threshold := archsimd.BroadcastFloat32x4(*(*float32)(scaled))
		groupSum := archsimd.BroadcastFloat32x4(*(*float32)(unsafe.Add(scaled, 4)))
		y0 = addSplit(y0, i0.ExtendLo4ToInt32(), block, 0, threshold, groupSum)
		y1 = addSplit(y1, extendHi(i0), block, 16, threshold, groupSum)
		y2 = addSplit(y2, i1.ExtendLo4ToInt32(), block, 32, threshold, groupSum)
		y3 = addSplit(y3, extendHi(i1), block, 48, threshold, groupSum)
	}
	storeFloats4(rows, 0, y0)
	storeFloats4(rows, 16, y1)
	storeFloats4(rows, 32, y2)
	storeFloats4(rows, 48, y3)
}

// addBy2 is addBy4 where 2 lookups fit a byte.
func (b *splitTile) addBy2(y *[tileRows]float32, s *Spikes, first, groups int) {
	tables := unsafe.Pointer(&s.lookup.sums[first*8*16])
	scales := unsafe.Pointer(&s.scaled[2*first])
	excesses := unsafe.Pointer(&s.lookup.excess[first])
	blocks, rows := unsafe.Pointer(b), unsafe.Pointer(y)
	y0, y1, y2, y3 := floats4(rows, 0), floats4(rows, 16), floats4(rows, 32), floats4(rows, 48)
	for g := range groups {
		block, table, scaled := unsafe.Add(blocks, g*splitBytes), unsafe.Add(tables, g*8*16), unsafe.Add(scales, g*8)
		t0, t1, t2, t3 := bytes16(table, 0), bytes16(table, 16), bytes16(table, 32), bytes16(table, 48)
		t4, t5, t6, t7 := bytes16(table, 64), bytes16(table, 80), bytes16(table, 96), bytes16(table, 112)
		low, high := halves(picks2(block, 0, t0, t1))
		low, high = widen(low, high, picks2(block, 32, t2, t3))
		low, high = widen(low, high, picks2(block, 64, t4, t5))
		low, high = widen(low, high, picks2(block, 96, t6, t7))
		low, high = low.Add(low), high.Add(high)
		low, high = widen(low, high, picks2(block, 128, t0, t1))
		low, high = widen(low, high, picks2(block, 160, t2, t3))
		low, high = widen(low, high, picks2(block, 192, t4, t5))
		low, high = widen(low, high, picks2(block, 224, t6, t7))
		low, high = low.Add(low), high.Add(high)
		low, high = widen(low, high, picks2(block, 256, t0, t1))
		low, high = widen(low, high, picks2(block, 288, t2, t3))
		low, high = widen(low, high, picks2(block, 320, t4, t5))
		low, high = widen(low, high, picks2(block, 352, t6, t7))
		low, high = low.Add(low), high.Add(high)
		low, high = widen(low, high, picks2(block, 384, t0, t1))
		low, high = widen(low, high, picks2(block, 416, t2, t3))
		low, high = widen(low, high, picks2(block, 448, t4, t5))
		low, high = widen(low, high, picks2(block, 480, t6, t7))
		excess := archsimd.BroadcastUint16x8(15 * *(*uint16)(unsafe.Add(excesses, 2*g)))
		i0 := low.Sub(high.ShiftAllLeft(8)).Sub(excess).BitsToInt16()
		i1 := high.Sub(excess).BitsToInt16()
		threshold := archsimd.BroadcastFloat32x4(*(*float32)(scaled))
		groupSum := archsimd.BroadcastFloat32x4(*(*float32)(unsafe.Add(scaled, 4)))
		y0 = addSplit(y0, i0.ExtendLo4ToInt32(), block, 0, threshold, groupSum)
		y1 = addSplit(y1, extendHi(i0), block, 16, threshold, groupSum)
		y2 = addSplit(y2, i1.ExtendLo4ToInt32(), block, 32, threshold, groupSum)
		y3 = addSplit(y3, extendHi(i1), block, 48, threshold, groupSum)
	}
	storeFloats4(rows, 0, y0)
	storeFloats4(rows, 16, y1)
	storeFloats4(rows, 32, y2)
	storeFloats4(rows, 48, y3)
}
