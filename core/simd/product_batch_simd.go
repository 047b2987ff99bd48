//go:build goexperiment.simd && (wasm || amd64 || arm64)

package simd

import (
	"simd/archsimd"
	"unsafe"

	"github.com/spikechat/spikechat/core/tile"
)

// lookupBatch computes all full tiles for several tokens and returns how many tiles that is. Each
// tile of weights is read once, its nibbles are split once and its scales converted once, for all
// of them; then each token walks the split tile with its tables in registers. At least two lookups
// of every token fit a byte, and none is wide.
func lookupBatch(ys [][]float32, w *tile.Matrix, ss []*Spikes) int {
	tiles := w.Rows / tileRows
	if !available {
		tiles = 0
	}
	if tiles == 0 {
		return 0
	}
	if !splits(w) {
		for t, s := range ss {
			lookup(ys[t], w, s)
		}
		return tiles
	}
	var split splitTile
	groups := w.Groups()
	size := w.BlockBytes()
	_ = w.Data[tiles*groups*size-1]
	data := unsafe.Pointer(&w.Data[0])
	for tile := range tiles {
		for first := 0; first < groups; first += splitGroups {
			leave()
			n := min(splitGroups, groups-first)
			for g := range n {
				split[g].split(unsafe.Add(data, (tile*groups+first+g)*size), w)
			}
			for t, s := range ss {
				y := (*[tileRows]float32)(ys[t][tile*tileRows:])
				if first == 0 {
					*y = [tileRows]float32{}
				}
				rows, tables := unsafe.Pointer(y), unsafe.Pointer(&s.lookup.sums[first*8*16])
				scales, excesses := unsafe.Pointer(&s.scaled[2*first]), unsafe.Pointer(&s.lookup.excess[first])
				if s.lookup.together >= 4 {
					addSplitBy4(unsafe.Pointer(&split), rows, tables, scales, excesses, uintptr(n))
				} else {
					addSplitBy2(unsafe.Pointer(&split), rows, tables, scales, excesses, uintptr(n))
				}
			}
		}
	}
	return tiles
}

// splits reports whether tiles of a matrix are split: with normal scales those of Q4_1 and of
// ternary spikes.
func splits(w *tile.Matrix) bool {
	return w.NormalScales && (w.Planes == 4 && w.OffsetBy == 0 ||
		2 <= w.Planes && w.Planes <= 4 && w.OffsetBy >= 1)
}

// splitGroups is how many groups of a tile are split at a time: with one token's tables they fit
// the first cache.
const splitGroups = 24

// splitTile is some groups of one tile of weights, taken apart.
type splitTile [splitGroups]splitBlock

// splitBlock is a block of weights with a byte for every nibble and scales and offsets as float32,
// times 2^-112.
type splitBlock struct {
	nibbles [4 * 8][tileRows]uint8 // by plane and quad; upper planes that a matrix has not are 0
	d, n    [tileRows]float32
}

const (
	splitBytes = unsafe.Sizeof(splitBlock{})
	splitD     = unsafe.Offsetof(splitBlock{}.d)
	splitN     = unsafe.Offsetof(splitBlock{}.n)
)

// split takes one block of weights apart.
func (b *splitBlock) split(block unsafe.Pointer, w *tile.Matrix) {
	mask := archsimd.BroadcastUint8x16(15)
	to := unsafe.Pointer(&b.nibbles[8*(4-w.Planes)])
	planes := uintptr(w.ScalesAt())
	for plane := uintptr(0); plane < planes; plane += planeBytes {
		from, to := unsafe.Add(block, plane), unsafe.Add(to, 2*plane)
		splitBits(to, bytes16(from, 0), mask)
		splitBits(unsafe.Add(to, 32), bytes16(from, 16), mask)
		splitBits(unsafe.Add(to, 64), bytes16(from, 32), mask)
		splitBits(unsafe.Add(to, 96), bytes16(from, 48), mask)
	}
	scales, d, n := unsafe.Add(block, planes), unsafe.Pointer(&b.d), unsafe.Pointer(&b.n)
	widenNormal(d, halves8(scales, 0))
	widenNormal(unsafe.Add(d, 32), halves8(scales, 16))
	if w.OffsetBy != 0 {
		for r := range b.d {
			b.n[r] = w.OffsetBy * b.d[r]
		}
		return
	}
	widenNormal(n, halves8(scales, 32))
	widenNormal(unsafe.Add(n, 32), halves8(scales, 48))
}

// splitBits stores the two nibbles of each byte.
func splitBits(to unsafe.Pointer, bits, mask archsimd.Uint8x16) {
	bits.And(mask).StoreArray((*[16]uint8)(to))
	bits.ReshapeToUint16s().ShiftAllRight(4).ReshapeToUint8s().And(mask).
		StoreArray((*[16]uint8)(unsafe.Add(to, 16)))
}

// widenNormal stores eight float16 bit patterns as float32 times 2^-112.
func widenNormal(to unsafe.Pointer, bits archsimd.Uint16x8) {
	storeFloats4(to, 0, normalHalf(bits.ExtendLo4ToUint32()))
	storeFloats4(to, 16, normalHalf(extendHiUnsigned(bits)))
}
