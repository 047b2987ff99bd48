package tile

import (
	"encoding/binary"
	"math"
)

// Geometry of the layout (FORMAT.md, "Tiles").
const (
	Rows       = 16                   // of a tile
	GroupCols  = 32                   // columns of a group
	PlaneBytes = Rows * GroupCols / 8 // one bit plane of one block
	ScaleBytes = Rows * 2             // the float16 scales, or offsets, of one block
)

// Matrix is a weight matrix as bit planes in the tile layout.
//
//	w[r][c] = d*code - n,  code = Σ_p 2^p plane_p,  n stored or OffsetBy*d
//
// Blocks are in the order of their tiles, groups ascending within a tile. A block is its planes
// from the most significant down, then the 16 scales d, then the 16 negated offsets n = -m where
// they are stored. Rows past Rows, which fill the last tile, are zero.
type Matrix struct {
	Rows, Cols int
	// Whole is the rows of the matrix that these are a part of, else Rows.
	Whole  int
	Planes int // bits of a code, 1 to 8
	// Missing is how many planes below these lie in Data and are not read: see Upper.
	Missing int
	// OffsetBy makes n = OffsetBy*d (8 in Q4_0, 16 in Q5_0, 128 in Q8_0); 0: n is stored (Q4_1, Q5_1).
	OffsetBy float32
	// NormalScales promises that every d and n is zero or a positive normal float16, which lets
	// kernels convert scales with a shift alone, in registers.
	NormalScales bool
	Data         []byte // [Bytes]
}

// NewMatrix returns a matrix of zeros. offsetBy is 0 where offsets are stored.
func NewMatrix(rows, cols, planes int, offsetBy float32) *Matrix {
	m := &Matrix{Rows: rows, Cols: cols, Whole: rows, Planes: planes, OffsetBy: offsetBy}
	m.Data = make([]byte, m.Bytes())
	return m
}

// Tiles is the number of tiles of 16 rows, the last one padded.
func (m *Matrix) Tiles() int { return (m.Rows + Rows - 1) / Rows }

// Groups is the number of groups of 32 columns.
func (m *Matrix) Groups() int { return m.Cols / GroupCols }

// Blocks is the number of blocks: one for each tile and group.
func (m *Matrix) Blocks() int { return m.Tiles() * m.Groups() }

// StoredOffsets reports whether blocks carry their own offsets.
func (m *Matrix) StoredOffsets() bool { return m.OffsetBy == 0 }

// BlockBytes is the size of a block.
func (m *Matrix) BlockBytes() int {
	n := m.ScalesAt() + ScaleBytes
	if m.StoredOffsets() {
		n += ScaleBytes
	}
	return n
}

// ScalesAt is where the scales of a block begin: behind its planes.
func (m *Matrix) ScalesAt() int { return (m.Planes + m.Missing) * PlaneBytes }

// WholeBlocks is the number of blocks of the matrix that this is a part of, WholeBytes their size.
func (m *Matrix) WholeBlocks() int { return (m.Whole + Rows - 1) / Rows * m.Groups() }
func (m *Matrix) WholeBytes() int  { return m.WholeBlocks() * m.BlockBytes() }

// Upper gives the same weights by the upper k planes of each code alone (FORMAT.md, "Fewer
// planes"): the j planes below stand for the middle of what they can say, so that with C, the code
// of the planes that are read,
//
//	w[r][c] = D*C - N,  D = 2^j d,  N = n - d (2^j - 1)/2
//
// in float32. It shares Data, and must not be written to.
func (m *Matrix) Upper(k int) *Matrix {
	upper := *m
	upper.Planes, upper.Missing = k, m.Planes+m.Missing-k
	// The kernels for normal scales read d and n as they are stored.
	upper.NormalScales = upper.NormalScales && upper.Missing == 0
	return &upper
}

// First gives the first rows of a matrix, a part of so many whole ones: whole tiles, or all. It
// shares Data.
func (m *Matrix) First(rows, whole int) *Matrix {
	first := *m
	first.Rows, first.Whole = rows, whole
	first.Data = m.Data[:first.Bytes()]
	return &first
}

// Bytes is the size of all blocks: the length that Data must have.
func (m *Matrix) Bytes() int64 {
	return int64(m.Tiles()) * int64(m.Groups()) * int64(m.BlockBytes())
}

// Block returns the bytes of the block of one tile and group.
func (m *Matrix) Block(tile, group int) []byte {
	size := m.BlockBytes()
	at := (tile*m.Groups() + group) * size
	return m.Data[at : at+size : at+size]
}

// Lane gives the byte of a row, counted inside its tile, in a 16-byte vector of a plane: rows 0-7
// take the even bytes and rows 8-15 the odd ones, so that a vector read as eight uint16 splits into
// the two halves without a shuffle.
func Lane(row int) int { return row%8*2 + row/8 }

// PlaneWord gives the 32 bits of a row, counted inside its tile, in plane p of a block; column 0 is
// the lowest bit.
func (m *Matrix) PlaneWord(block []byte, p, row int) uint32 {
	at := block[(m.Planes-1-p)*PlaneBytes+Lane(row):]
	return uint32(at[0]) | uint32(at[16])<<8 | uint32(at[32])<<16 | uint32(at[48])<<24
}

// Scales gives d and n of a row of a block, counted inside its tile; D and N where planes are
// missing.
func (m *Matrix) Scales(block []byte, row int) (d, n float32) {
	at := block[m.ScalesAt()+2*row:]
	d = Half(binary.LittleEndian.Uint16(at))
	if m.StoredOffsets() {
		n = Half(binary.LittleEndian.Uint16(at[ScaleBytes:]))
	} else {
		n = float32(m.OffsetBy * d)
	}
	if m.Missing == 0 {
		return d, n
	}
	scale, middle := m.MissingScale()
	return d * scale, n - float32(d*middle)
}

// MissingScale gives 2^j and (2^j - 1)/2 for the j planes that are missing.
func (m *Matrix) MissingScale() (scale, middle float32) {
	levels := int(1) << m.Missing
	return float32(levels), float32(levels-1) / 2
}

// SetGroup stores the 32 codes and the float16 scale and negated offset of one row of the matrix
// and group. n is ignored where offsets are not stored.
func (m *Matrix) SetGroup(row, group int, codes *[GroupCols]uint8, d, n uint16) {
	block, row := m.Block(row/Rows, group), row%Rows
	for p := range m.Planes {
		plane := block[(m.Planes-1-p)*PlaneBytes:]
		for b := range GroupCols / 8 {
			var bits byte
			for i, code := range codes[8*b : 8*b+8] {
				bits |= code >> p & 1 << i
			}
			plane[b*Rows+Lane(row)] = bits
		}
	}
	scales := block[m.ScalesAt():]
	binary.LittleEndian.PutUint16(scales[2*row:], d)
	if m.StoredOffsets() {
		binary.LittleEndian.PutUint16(scales[ScaleBytes+2*row:], n)
	}
}

// Group reads back what SetGroup stored, of the planes that are read; n is 0 where offsets are not
// stored.
func (m *Matrix) Group(row, group int, codes *[GroupCols]uint8) (d, n uint16) {
	block, row := m.Block(row/Rows, group), row%Rows
	*codes = [GroupCols]uint8{}
	for p := range m.Planes {
		word := m.PlaneWord(block, p, row)
		for i := range codes {
			codes[i] |= uint8(word>>i&1) << p
		}
	}
	scales := block[m.ScalesAt():]
	d = binary.LittleEndian.Uint16(scales[2*row:])
	if m.StoredOffsets() {
		n = binary.LittleEndian.Uint16(scales[ScaleBytes+2*row:])
	}
	return d, n
}

// Half converts a finite float16. The bits, shifted to float32's places, are the value times
// 2^-112, subnormals included; the vector kernels use the same identity.
func Half(h uint16) float32 {
	return math.Float32frombits(uint32(h)&0x8000<<16|uint32(h)&0x7fff<<13) * 0x1p112
}

// finiteHalf reports whether a float16 is neither an infinity nor NaN.
func finiteHalf(h uint16) bool { return h&0x7c00 != 0x7c00 }

// normalHalf reports whether a float16 is zero or positive and normal (see Matrix.NormalScales).
func normalHalf(h uint16) bool { return h == 0 || h >= 0x0400 && h < 0x7c00 }
