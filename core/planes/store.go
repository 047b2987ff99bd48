package planes

import (
	"fmt"
	"unsafe"
)

// Decoded runs go into their blocks in words of 64 bits. Planes, scales and blocks are whole words.
const (
	planeWords = PlaneBytes / 8
	scaleWords = ScaleBytes / 8
)

// words sees bytes as little-endian words. They begin where Go begins an allocation, or whole words behind it.
//
// encoding/binary would do the same one byte at a time: Go joins eight accesses into one on some machines, and WebAssembly
// is not among them.
func words(b []byte) []uint64 {
	return unsafe.Slice((*uint64)(unsafe.Pointer(unsafe.SliceData(b))), len(b)/8)
}

// storePlane undoes the Gray code: a plane is the stored one XOR the next higher one, which stands just before it.
func (m *Matrix) storePlane(p, block int, raw []byte) {
	size := m.BlockBytes() / 8
	at := block*size + (m.Planes-1-p)*planeWords
	data := words(m.Data)
	for stored := words(raw); len(stored) > 0; stored = stored[planeWords:] {
		plane := (*[planeWords]uint64)(data[at:])
		*plane = [planeWords]uint64(stored)
		if p < m.Planes-1 {
			above := (*[planeWords]uint64)(data[at-planeWords:])
			plane[0] ^= above[0]
			plane[1] ^= above[1]
			plane[2] ^= above[2]
			plane[3] ^= above[3]
			plane[4] ^= above[4]
			plane[5] ^= above[5]
			plane[6] ^= above[6]
			plane[7] ^= above[7]
		}
		at += size
	}
}

// storeHalves joins the split bytes of scales (which 0) or offsets (1) and clears Tame where one is negative or
// subnormal. Infinities and NaN are refused: every later sum relies on finite weights.
func (m *Matrix) storeHalves(which, block int, raw []byte) error {
	size := m.BlockBytes() / 8
	at := block*size + m.Planes*planeWords + which*scaleWords
	data := words(m.Data)
	infinite, wild := uint64(0), uint64(0)
	for low, high := words(raw[:len(raw)/2]), words(raw[len(raw)/2:]); len(low) > 0; low, high = low[2:], high[2:] {
		halves := (*[scaleWords]uint64)(data[at:])
		halves[0] = spread(low[0]) | spread(high[0])<<8
		halves[1] = spread(low[0]>>32) | spread(high[0]>>32)<<8
		halves[2] = spread(low[1]) | spread(high[1])<<8
		halves[3] = spread(low[1]>>32) | spread(high[1]>>32)<<8
		infinite |= infiniteHalves(halves[0]) | infiniteHalves(halves[1]) | infiniteHalves(halves[2]) | infiniteHalves(halves[3])
		wild |= wildHalves(halves[0]) | wildHalves(halves[1]) | wildHalves(halves[2]) | wildHalves(halves[3])
		at += size
	}
	m.Tame = m.Tame && wild == 0
	if infinite != 0 {
		for i := range len(raw) / 2 {
			if half := uint16(raw[i]) | uint16(raw[len(raw)/2+i])<<8; !finiteHalf(half) {
				return fmt.Errorf("%w: scale or offset %#04x is not finite", ErrInvalid, half)
			}
		}
	}
	return nil
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

// infiniteHalves is 0 where finiteHalf holds for all four: adding 1 carries an exponent of all ones into the sign.
func infiniteHalves(x uint64) uint64 { return (x&exponents + exponent1) & signs }

// wildHalves is 0 where tameHalf, or an infinity or NaN, holds for all four: adding all ones carries out of what is not 0.
func wildHalves(x uint64) uint64 {
	normal := x&exponents + exponents
	fraction := x&mantissas + (signs - exponent1>>10)
	return (x | fraction&^normal) & signs
}
