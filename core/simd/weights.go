package simd

import (
	"encoding/binary"
	"fmt"
	"math"
)

// Geometry of the tile layout, as core/planes writes it (FORMAT.md, "Tiles").
const (
	TileRows  = 16
	GroupCols = 32

	planeBytes = TileRows * GroupCols / 8
	scaleBytes = TileRows * 2
)

// Weights is a matrix [Rows x Cols] of w = d*c - n in the tile layout, where c is a code of Planes bits.
type Weights struct {
	Rows, Cols int
	Planes     int
	OffsetBy   float32 // n = OffsetBy*d; 0: n is stored
	Tame       bool    // every d and n is zero or a positive normal float16
	Data       []byte

	codes    []byte   // the codes unpacked; only DotCodes needs it (see UnpackCodes)
	codeSums []uint16 // C_rg = Σ_j c_rj by tile, group and row; only Popcount needs it (see CountCodes)
	reach    *reach   // only Reach needs it (see MeasureRows)
}

// Tiles is the number of tiles of 16 rows.
func (w *Weights) Tiles() int { return (w.Rows + TileRows - 1) / TileRows }

// Groups is the number of groups of 32 columns.
func (w *Weights) Groups() int { return w.Cols / GroupCols }

// blockBytes is the size of one tile and group.
func (w *Weights) blockBytes() int {
	if w.OffsetBy == 0 {
		return w.Planes*planeBytes + 2*scaleBytes
	}
	return w.Planes*planeBytes + scaleBytes
}

// Check panics unless the sizes fit together; callers make Weights once, at load.
func (w *Weights) Check() {
	if w.Rows < 1 || w.Cols < GroupCols || w.Cols%GroupCols != 0 || w.Planes < 1 || w.Planes > 8 ||
		len(w.Data) != w.Tiles()*w.Groups()*w.blockBytes() {
		panic(fmt.Sprintf("simd: weights %d x %d of %d planes in %d bytes", w.Rows, w.Cols, w.Planes, len(w.Data)))
	}
}

// block returns the bytes of one tile and group.
func (w *Weights) block(tile, group int) []byte {
	size := w.blockBytes()
	return w.Data[(tile*w.Groups()+group)*size:][:size]
}

// lane is the byte of a row inside a 16-byte vector: rows 0-7 take the even bytes, rows 8-15 the odd ones.
func lane(row int) int { return row%8*2 + row/8 }

// planeWord gives the 32 bits of a row in plane p of a block, column 0 lowest.
func (w *Weights) planeWord(block []byte, p, row int) uint32 {
	at := block[(w.Planes-1-p)*planeBytes+lane(row):]
	return uint32(at[0]) | uint32(at[16])<<8 | uint32(at[32])<<16 | uint32(at[48])<<24
}

// scales gives d and n of a row of a block.
func (w *Weights) scales(block []byte, row int) (d, n float32) {
	at := block[w.Planes*planeBytes+2*row:]
	d = half(binary.LittleEndian.Uint16(at))
	if w.OffsetBy != 0 {
		return d, float32(w.OffsetBy * d)
	}
	return d, half(binary.LittleEndian.Uint16(at[scaleBytes:]))
}

// half converts a finite float16. The bits, shifted to float32's places, are the value times 2^-112, subnormals
// included; the vector kernels use the same identity.
func half(h uint16) float32 {
	return math.Float32frombits(uint32(h)&0x8000<<16|uint32(h)&0x7fff<<13) * 0x1p112
}

// CountCodes prepares Popcount: it sums the codes of each row and group, 2 bytes for each.
func (w *Weights) CountCodes() {
	if w.codeSums != nil {
		return
	}
	sums := make([]uint16, w.Tiles()*w.Groups()*TileRows)
	for b := range len(sums) / TileRows {
		block := w.Data[b*w.blockBytes():][:w.blockBytes()]
		for p := range w.Planes {
			plane := block[(w.Planes-1-p)*planeBytes:][:planeBytes]
			for i, bits := range plane {
				// Byte i of a plane belongs to the row whose lane is i mod 16.
				row := i%16/2 + i%2*8
				sums[b*TileRows+row] += uint16(ones[bits]) << p
			}
		}
	}
	w.codeSums = sums
}

// ones counts the bits of a byte.
var ones = func() (t [256]uint8) {
	for i := range t {
		t[i] = t[i/2] + uint8(i%2)
	}
	return t
}()

// spread puts bit i of a byte into byte i of a word.
var spread = func() (t [256]uint64) {
	for b := range t {
		for i := range 8 {
			t[b] |= uint64(b>>i&1) << (8 * i)
		}
	}
	return t
}()

// DequantizeRow writes the Cols weights of one row: w = d*c - n, rounded after each operation.
func (w *Weights) DequantizeRow(dst []float32, row int) {
	if len(dst) != w.Cols || row < 0 || row >= w.Tiles()*TileRows {
		panic(fmt.Sprintf("simd: dequantize row %d of %d into %d values", row, w.Rows, len(dst)))
	}
	at := lane(row % TileRows)
	for g := range w.Groups() {
		block := w.block(row/TileRows, g)
		d, n := w.scales(block, row%TileRows)
		for b := range GroupCols / 8 {
			var codes uint64
			for p := range w.Planes {
				codes = codes<<1 | spread[block[p*planeBytes+16*b+at]]
			}
			out := dst[g*GroupCols+8*b:][:8]
			for i := range out {
				out[i] = float32(d*float32(uint8(codes>>(8*i)))) - n
			}
		}
	}
}
