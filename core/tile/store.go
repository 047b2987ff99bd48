package tile

import (
	"encoding/binary"
	"fmt"
	"unsafe"
)

// Planes and scales of decoded shards go into their blocks in words of 64 bits. Planes, scales and
// blocks are whole words.
const (
	planeWords = PlaneBytes / 8
	scaleWords = ScaleBytes / 8
)

// words sees bytes as little-endian words. They begin where Go begins an allocation, or whole words
// after it.
//
// encoding/binary would do the same one byte at a time: Go joins eight accesses into one on some
// machines, and WebAssembly is not among them.
func words(b []byte) []uint64 {
	return unsafe.Slice((*uint64)(unsafe.Pointer(unsafe.SliceData(b))), len(b)/8)
}

// bitsAt gives 64 bits from one on. They may begin at any byte: the machines that words is made
// for read them there as well. ClassSlack bytes are read.
func bitsAt(b []byte, bit int) uint64 {
	nine := (*[ClassSlack]byte)(b[bit/8:])
	low := *(*uint64)(unsafe.Pointer(nine))
	return low>>(bit%8) | uint64(nine[8])<<(64-bit%8)
}

// StorePlane stores plane p of the blocks from the given one on. raw [n x PlaneBytes] holds them in
// Gray code: each is the plane XOR the next higher one, which is stored already; the highest plane
// is as it is.
func (m *Matrix) StorePlane(p, block int, raw []byte) {
	size := m.BlockBytes() / 8
	at := block*size + (m.Planes-1-p)*planeWords
	data := words(m.Data)
	if p == m.Planes-1 {
		for stored := words(raw); len(stored) > 0; stored = stored[planeWords:] {
			*(*[planeWords]uint64)(data[at:]) = [planeWords]uint64(stored)
			at += size
		}
		return
	}
	for stored := words(raw); len(stored) > 0; stored = stored[planeWords:] {
		from := (*[planeWords]uint64)(stored)
		both := (*[2 * planeWords]uint64)(data[at-planeWords:])
		both[8] = from[0] ^ both[0]
		both[9] = from[1] ^ both[1]
		both[10] = from[2] ^ both[2]
		both[11] = from[3] ^ both[3]
		both[12] = from[4] ^ both[4]
		both[13] = from[5] ^ both[5]
		both[14] = from[6] ^ both[6]
		both[15] = from[7] ^ both[7]
		at += size
	}
}

// AppendPlane appends plane p of one block in the Gray code that StorePlane reads: where a plane
// repeats the next higher one, the difference is zero and compresses.
func (m *Matrix) AppendPlane(raw []byte, p, block int) []byte {
	at := block*m.BlockBytes() + (m.Planes-1-p)*PlaneBytes
	plane := m.Data[at:][:PlaneBytes]
	if p == m.Planes-1 {
		return append(raw, plane...)
	}
	above := m.Data[at-PlaneBytes:][:PlaneBytes]
	for i := range plane {
		raw = append(raw, plane[i]^above[i])
	}
	return raw
}

// StoreHalves stores the scales (which 0) or offsets (which 1) of the blocks from the given one on,
// and clears NormalScales where one is negative or subnormal. lowBytes and highBytes [n x Rows]
// hold the low and the high bytes of all of them. Infinities and NaN are an error: every later sum
// relies on finite weights.
func (m *Matrix) StoreHalves(which, block int, lowBytes, highBytes []byte) error {
	size := m.BlockBytes() / 8
	at := block*size + m.Planes*planeWords + which*scaleWords
	data := words(m.Data)
	infinite, wild := uint64(0), uint64(0)
	low, high := words(lowBytes), words(highBytes)
	for ; len(low) > 0; low, high = low[2:], high[2:] {
		halves := (*[scaleWords]uint64)(data[at:])
		halves[0] = spread(low[0]) | spread(high[0])<<8
		halves[1] = spread(low[0]>>32) | spread(high[0]>>32)<<8
		halves[2] = spread(low[1]) | spread(high[1])<<8
		halves[3] = spread(low[1]>>32) | spread(high[1]>>32)<<8
		infinite |= infiniteHalves(halves[0]) | infiniteHalves(halves[1]) |
			infiniteHalves(halves[2]) | infiniteHalves(halves[3])
		wild |= wildHalves(halves[0]) | wildHalves(halves[1]) |
			wildHalves(halves[2]) | wildHalves(halves[3])
		at += size
	}
	m.NormalScales = m.NormalScales && wild == 0
	if infinite != 0 {
		for i, low := range lowBytes {
			if half := uint16(low) | uint16(highBytes[i])<<8; !finiteHalf(half) {
				return notFinite(half)
			}
		}
	}
	return nil
}

// AppendHalves appends the scales (which 0) or offsets (which 1) of one block, as they are.
func (m *Matrix) AppendHalves(raw []byte, which, block int) []byte {
	at := block*m.BlockBytes() + m.Planes*PlaneBytes + which*ScaleBytes
	return append(raw, m.Data[at:][:ScaleBytes]...)
}

// CheckHalves is an error where a scale (which 0) or offset (which 1) is an infinity or NaN.
func (m *Matrix) CheckHalves(which int) error {
	for at := m.Planes*PlaneBytes + which*ScaleBytes; at < len(m.Data); at += m.BlockBytes() {
		for r := range Rows {
			if half := binary.LittleEndian.Uint16(m.Data[at+2*r:]); !finiteHalf(half) {
				return notFinite(half)
			}
		}
	}
	return nil
}

func notFinite(half uint16) error {
	return fmt.Errorf("scale or offset %#04x is not finite", half)
}

// spread puts the lower four bytes of x into the lower bytes of four float16.
func spread(x uint64) uint64 {
	x &= 0xffffffff
	x = (x | x<<16) & 0x0000ffff_0000ffff
	return (x | x<<8) & 0x00ff00ff_00ff00ff
}

// Masks of four float16 in a word, and the value 1 in each of their fields.
const (
	signs     = 0x80008000_80008000
	exponents = 0x7c007c00_7c007c00
	mantissas = 0x03ff03ff_03ff03ff
	exponent1 = 0x04000400_04000400
)

// infiniteHalves is 0 where finiteHalf holds for all four: adding 1 carries an exponent of all ones
// into the sign.
func infiniteHalves(x uint64) uint64 { return (x&exponents + exponent1) & signs }

// wildHalves is 0 where normalHalf, or an infinity or NaN, holds for all four: adding all ones
// carries out of what is not 0.
func wildHalves(x uint64) uint64 {
	normal := x&exponents + exponents
	fraction := x&mantissas + (signs - exponent1>>10)
	return (x | fraction&^normal) & signs
}
