//go:build goexperiment.simd && (wasm || amd64 || arm64)

package simd

import (
	"simd/archsimd"
	"unsafe"

	"github.com/spikechat/spikechat/core/tile"
)

// batchDot computes all full tiles for up to DotBatch tokens and returns how many tiles that is.
// Each tile of weights is read and taken apart once for all of them, some groups at a time; then
// two tokens at a time walk over it.
func batchDot(ys [][]float32, w *tile.Matrix, ss []*Spikes) int {
	tiles, groups := w.Rows/tileRows, w.Groups()
	if !available || tiles == 0 || w.Planes > dotPlanes {
		return 0
	}
	var apart apartTile
	var tokens [DotBatch]dotToken
	for t, s := range ss {
		clear(ys[t][:tiles*tileRows])
		tokens[t] = dotToken{unsafe.Pointer(&ys[t][0]), unsafe.Pointer(&s.batchDot.k[0]),
			unsafe.Pointer(&s.batchDot.scales[0])}
	}
	size, even := w.BlockBytes(), len(ss)&^1
	_ = w.Data[tiles*groups*size-1]
	data := unsafe.Pointer(&w.Data[0])
	for tile := range tiles {
		for first := 0; first < groups; first += splitGroups {
			leave()
			n := min(splitGroups, groups-first)
			for g := range n {
				apart[g].take(unsafe.Add(data, (tile*groups+first+g)*size), w)
			}
			if even > 0 {
				addDots(unsafe.Pointer(&apart), unsafe.Pointer(&tokens), uintptr(even/2),
					uintptr(tile), uintptr(first), uintptr(n))
			}
			if even < len(ss) {
				addDotsOfOne(&apart, ys[even], ss[even], tile, first, n)
			}
		}
	}
	return tiles
}

// dotToken is where addDots finds what belongs to a token.
type dotToken struct {
	y         unsafe.Pointer // of all rows
	k, scales unsafe.Pointer // of all groups
}

// addDotsOfOne is addDots for a token without another, for which it is taken twice.
func addDotsOfOne(b *apartTile, y []float32, s *Spikes, tile, first, groups int) {
	var unused [tileRows]float32
	k, scales := &s.batchDot.k[first*groupCols], &s.batchDot.scales[2*first]
	pair := [2]dotToken{
		{unsafe.Pointer(&y[tile*tileRows]), unsafe.Pointer(k), unsafe.Pointer(scales)},
		{unsafe.Pointer(&unused), unsafe.Pointer(k), unsafe.Pointer(scales)},
	}
	addDots(unsafe.Pointer(b), unsafe.Pointer(&pair), 1, 0, 0, uintptr(groups))
}

// apartTile is some groups of one tile of weights, taken apart.
type apartTile [splitGroups]apartBlock

// apartBlock is a block of weights with a byte for every code, and scales and offsets as float32.
type apartBlock struct {
	codes [8][tileRows][4]uint8 // by four columns, row and column
	d, n  [tileRows]float32
}

const (
	apartBytes = unsafe.Sizeof(apartBlock{})
	apartD     = unsafe.Offsetof(apartBlock{}.d)
	apartN     = unsafe.Offsetof(apartBlock{}.n)
)

// evenRows takes words 0 to 3 to the even places and 4 to 7 to the odd ones: words joined in pairs
// come out in order.
var evenRows = [16]uint8{0, 1, 8, 9, 2, 3, 10, 11, 4, 5, 12, 13, 6, 7, 14, 15}

// noPlane stands for planes that a code does not have.
var noPlane [planeBytes]byte

// take takes one block of weights apart.
func (b *apartBlock) take(block unsafe.Pointer, w *tile.Matrix) {
	var planes [4]unsafe.Pointer // from the least significant up
	for p := range planes {
		planes[p] = unsafe.Pointer(&noPlane)
		if p < w.Planes {
			planes[p] = unsafe.Add(block, (w.Planes-1-p)*planeBytes)
		}
	}
	to := unsafe.Pointer(&b.codes)
	takeColumns(to, &planes, 0)
	takeColumns(unsafe.Add(to, 128), &planes, 16)
	takeColumns(unsafe.Add(to, 256), &planes, 32)
	takeColumns(unsafe.Add(to, 384), &planes, 48)
	scales, d, n := unsafe.Add(block, w.ScalesAt()), unsafe.Pointer(&b.d), unsafe.Pointer(&b.n)
	takeHalves(d, scales)
	takeHalves(unsafe.Add(d, 32), unsafe.Add(scales, 16))
	if w.OffsetBy == 0 {
		takeHalves(n, unsafe.Add(scales, scaleBytes))
		takeHalves(unsafe.Add(n, 32), unsafe.Add(scales, scaleBytes+16))
	}
	if w.OffsetBy != 0 || w.Missing != 0 {
		b.deriveScales(w)
	}
}

// deriveScales makes n where it is not stored, and D and N where planes are missing.
func (b *apartBlock) deriveScales(w *tile.Matrix) {
	levels, half := w.MissingScale()
	for r := range b.d {
		if w.OffsetBy != 0 {
			b.n[r] = w.OffsetBy * b.d[r]
		}
		if w.Missing != 0 {
			b.n[r] -= float32(b.d[r] * half)
			b.d[r] *= levels
		}
	}
}

// takeHalves stores eight float16 as float32.
func takeHalves(to, from unsafe.Pointer) {
	bits := lookup16(bytes16(from, 0), archsimd.LoadUint8x16Array(&evenRows)).ReshapeToUint32s()
	magnitude, sign := archsimd.BroadcastUint32x4(0x7fff_0000), archsimd.BroadcastUint32x4(1<<31)
	bias := archsimd.BroadcastFloat32x4(0x1p112)
	even := bits.ShiftAllLeft(16)
	storeFloats4(to, 0, even.And(magnitude).ShiftAllRight(3).Or(even.And(sign)).
		BitsToFloat32().Mul(bias))
	storeFloats4(to, 16, bits.And(magnitude).ShiftAllRight(3).Or(bits.And(sign)).
		BitsToFloat32().Mul(bias))
}

// takeColumns stores the codes of 8 columns, of which each plane has a byte for each row. Planes
// are joined in pairs, which leaves codes of two bits, and the pairs again; then columns are. A
// vector of words has a byte of rows 0 to 7 and one of rows 8 to 15 in each (tile.Lane).
func takeColumns(to unsafe.Pointer, planes *[4]unsafe.Pointer, at uintptr) {
	order := archsimd.LoadUint8x16Array(&evenRows)
	p0 := lookup16(bytes16(planes[0], at), order).ReshapeToUint16s()
	p1 := lookup16(bytes16(planes[1], at), order).ReshapeToUint16s()
	p2 := lookup16(bytes16(planes[2], at), order).ReshapeToUint16s()
	p3 := lookup16(bytes16(planes[3], at), order).ReshapeToUint16s()
	even, two := archsimd.BroadcastUint16x8(0x5555), archsimd.BroadcastUint16x8(0x3333)
	lowEven := p0.And(even).Or(p1.And(even).ShiftAllLeft(1))
	lowOdd := p0.ShiftAllRight(1).And(even).Or(p1.AndNot(even))
	highEven := p2.And(even).Or(p3.And(even).ShiftAllLeft(1))
	highOdd := p2.ShiftAllRight(1).And(even).Or(p3.AndNot(even))
	c0 := lowEven.And(two).Or(highEven.And(two).ShiftAllLeft(2))     // columns 0 and 4
	c1 := lowOdd.And(two).Or(highOdd.And(two).ShiftAllLeft(2))       // 1 and 5
	c2 := lowEven.ShiftAllRight(2).And(two).Or(highEven.AndNot(two)) // 2 and 6
	c3 := lowOdd.ShiftAllRight(2).And(two).Or(highOdd.AndNot(two))   // 3 and 7
	byte0 := archsimd.BroadcastUint16x8(0xff)
	storeRows(to, c0.And(byte0).Or(c1.ShiftAllLeft(8)), c2.And(byte0).Or(c3.ShiftAllLeft(8)))
	storeRows(unsafe.Add(to, 32), c0.ShiftAllRight(8).Or(c1.AndNot(byte0)),
		c2.ShiftAllRight(8).Or(c3.AndNot(byte0)))
}

// storeRows stores eight rows of four columns each, given in two pairs: the lower nibbles, which
// are those of the first columns, and 64 bytes further the upper ones.
func storeRows(to unsafe.Pointer, first, second archsimd.Uint16x8) {
	a, b := first.ReshapeToUint32s(), second.ReshapeToUint32s()
	low := archsimd.BroadcastUint32x4(0xffff)
	storeNibbles(to, a.And(low).Or(b.ShiftAllLeft(16)))
	storeNibbles(unsafe.Add(to, 16), a.ShiftAllRight(16).Or(b.AndNot(low)))
}

func storeNibbles(to unsafe.Pointer, x archsimd.Uint32x4) {
	mask := archsimd.BroadcastUint32x4(0x0f0f0f0f)
	x.And(mask).StoreArray((*[4]uint32)(to))
	x.ShiftAllRight(4).And(mask).StoreArray((*[4]uint32)(unsafe.Add(to, 64)))
}

// signGroup is signGroupGeneric.
func signGroup(k *[groupCols]int8, codes *[groupCols]uint8, rest uint8) {
	if !available {
		signGroupGeneric(k, codes, rest)
		return
	}
	from, to, z := unsafe.Pointer(codes), unsafe.Pointer(k), archsimd.BroadcastUint8x16(rest)
	bytes16(from, 0).Sub(z).StoreArray((*[16]uint8)(to))
	bytes16(from, 16).Sub(z).StoreArray((*[16]uint8)(unsafe.Add(to, 16)))
}
