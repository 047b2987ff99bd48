package planes

import "encoding/binary"

// Geometry of the tile layout (FORMAT.md, "Tiles"). A matrix is cut into tiles of 16 rows and groups of 32 columns; one
// tile and group make a block.
const (
	TileRows   = 16
	GroupCols  = 32
	PlaneBytes = TileRows * GroupCols / 8 // one bit plane of one block
	ScaleBytes = TileRows * 2             // the float16 scales, or offsets, of one block
)

// Matrix is a weight matrix as bit planes in the tile layout, the form the kernels of core/simd read and the shards hold.
//
//	w[r][c] = d*code - n,  code = Σ_p 2^p plane_p,  n stored or OffsetBy*d
//
// Blocks stand tile by tile, groups ascending within a tile. A block is its planes from the most significant down, then
// the 16 scales d, then the 16 negated offsets n = -m where they are stored. Rows past Rows, which fill the last tile,
// are zero.
type Matrix struct {
	Rows, Cols int
	Planes     int     // bits of a code, 1 to 8
	OffsetBy   float32 // n = OffsetBy*d (8 for Q4_0, 16 for Q5_0, 128 for Q8_0); 0: n is stored (Q4_1, Q5_1)
	// Tame promises that every d and n is zero or a positive normal float16, which lets kernels convert scales with a shift
	// alone, in registers.
	Tame bool
	Data []byte // Tiles()*Groups()*BlockBytes()
}

// NewMatrix returns a matrix of zeros. offsetBy is 0 where offsets are stored.
func NewMatrix(rows, cols, planes int, offsetBy float32) *Matrix {
	m := &Matrix{Rows: rows, Cols: cols, Planes: planes, OffsetBy: offsetBy}
	m.Data = make([]byte, m.Tiles()*m.Groups()*m.BlockBytes())
	return m
}

// Tiles is the number of tiles of 16 rows, the last one padded.
func (m *Matrix) Tiles() int { return (m.Rows + TileRows - 1) / TileRows }

// Groups is the number of groups of 32 columns.
func (m *Matrix) Groups() int { return m.Cols / GroupCols }

// StoredOffsets reports whether blocks carry their own offsets.
func (m *Matrix) StoredOffsets() bool { return m.OffsetBy == 0 }

// BlockBytes is the size of one tile and group.
func (m *Matrix) BlockBytes() int {
	n := m.Planes*PlaneBytes + ScaleBytes
	if m.StoredOffsets() {
		n += ScaleBytes
	}
	return n
}

// block returns the bytes of the block that holds row and group.
func (m *Matrix) block(row, group int) []byte {
	size := m.BlockBytes()
	at := (row/TileRows*m.Groups() + group) * size
	return m.Data[at : at+size : at+size]
}

// lane gives the place of a row inside a 16-byte vector: rows 0-7 of a tile take the even bytes and rows 8-15 the odd
// ones, so that a vector read as eight uint16 splits into the two halves without a shuffle.
func lane(row int) int {
	r := row % TileRows
	return r%8*2 + r/8
}

// SetGroup stores the 32 codes and the float16 scale and negated offset of one row and group. n is ignored where offsets
// are not stored.
func (m *Matrix) SetGroup(row, group int, codes *[GroupCols]uint8, d, n uint16) {
	block := m.block(row, group)
	for p := range m.Planes {
		plane := block[(m.Planes-1-p)*PlaneBytes:]
		for b := range GroupCols / 8 {
			var bits byte
			for i, code := range codes[8*b : 8*b+8] {
				bits |= code >> p & 1 << i
			}
			plane[b*TileRows+lane(row)] = bits
		}
	}
	scales := block[m.Planes*PlaneBytes:]
	binary.LittleEndian.PutUint16(scales[row%TileRows*2:], d)
	if m.StoredOffsets() {
		binary.LittleEndian.PutUint16(scales[ScaleBytes+row%TileRows*2:], n)
	}
}

// Group reads back what SetGroup stored; n is 0 where offsets are not stored.
func (m *Matrix) Group(row, group int, codes *[GroupCols]uint8) (d, n uint16) {
	block := m.block(row, group)
	*codes = [GroupCols]uint8{}
	for p := range m.Planes {
		plane := block[(m.Planes-1-p)*PlaneBytes:]
		for b := range GroupCols / 8 {
			bits := plane[b*TileRows+lane(row)]
			for i := range 8 {
				codes[8*b+i] |= bits >> i & 1 << p
			}
		}
	}
	scales := block[m.Planes*PlaneBytes:]
	d = binary.LittleEndian.Uint16(scales[row%TileRows*2:])
	if m.StoredOffsets() {
		n = binary.LittleEndian.Uint16(scales[ScaleBytes+row%TileRows*2:])
	}
	return d, n
}

// finiteHalf reports whether a float16 is neither an infinity nor NaN.
func finiteHalf(h uint16) bool { return h&0x7c00 != 0x7c00 }

// tameHalf reports whether a float16 is zero or positive and normal (see Matrix.Tame).
func tameHalf(h uint16) bool { return h == 0 || h >= 0x0400 && h < 0x7c00 }
