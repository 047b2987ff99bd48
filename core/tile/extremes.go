package tile

import "math"

// StoreExtremes stores the scales (which 0) or offsets (which 1) of the blocks from the given one
// on, as StoreHalves does. They are coded by the extremes of their groups (FORMAT.md, coding 1):
// upper [n x Rows] and lower [n x Rows/2] hold the bits of float16 that end in three zeros, which
// are the offsets, or the largest weights, levels scales above the smallest ones. Offsets that are
// stored come before the scales.
func (m *Matrix) StoreExtremes(which, block int, upper, lower []byte, levels float32) error {
	size := m.BlockBytes() / 8
	at := block*size + m.Planes*planeWords + which*scaleWords
	data := words(m.Data)
	infinite, wild := uint64(0), uint64(0)
	offsets := which == 0 && m.StoredOffsets()
	for ; len(upper) > 0; upper, lower = upper[Rows:], lower[Rows/2:] {
		halves := (*[scaleWords]uint64)(data[at:])
		bytes, nibbles := (*[Rows]byte)(upper), (*[Rows / 2]byte)(lower)
		for i := range halves {
			b, lo := (*[4]byte)(bytes[4*i:]), (*[2]byte)(nibbles[2*i:])
			h0, h1 := Extreme(b[0], lo[0]), Extreme(b[1], lo[0]>>4)
			h2, h3 := Extreme(b[2], lo[1]), Extreme(b[3], lo[1]>>4)
			if which == 0 {
				n := uint64(0)
				if offsets {
					n = data[at+scaleWords+i]
				}
				infinite |= infiniteHalves(joined(h0, h1, h2, h3))
				h0, h1 = RangeScale(h0, uint16(n), levels), RangeScale(h1, uint16(n>>16), levels)
				h2, h3 = RangeScale(h2, uint16(n>>32), levels), RangeScale(h3, uint16(n>>48), levels)
			}
			word := joined(h0, h1, h2, h3)
			halves[i] = word
			infinite |= infiniteHalves(word)
			wild |= wildHalves(word)
		}
		at += size
	}
	m.NormalScales = m.NormalScales && wild == 0
	if infinite != 0 {
		return notFinite(0x7c00)
	}
	return nil
}

// joined puts four float16 into a word.
func joined(h0, h1, h2, h3 uint16) uint64 {
	return uint64(h0) | uint64(h1)<<16 | uint64(h2)<<32 | uint64(h3)<<48
}

// Extreme puts a float16 together of its upper byte, exponent and three bits of the fraction, and
// four more bits of it, the lower ones of lower.
func Extreme(upper, lower byte) uint16 { return uint16(upper)<<7 | uint16(lower&15)<<3 }

// CutExtreme undoes Extreme; ok is false where the float16 has a sign or more bits, or is not
// finite.
func CutExtreme(half uint16) (upper, lower byte, ok bool) {
	return byte(half >> 7), byte(half >> 3 & 15), half&7 == 0 && half < 0x7c00
}

// RangeScale is the float16 scale of a group whose weights go from -n to largest in so many levels.
func RangeScale(largest, n uint16, levels float32) uint16 {
	return ToHalf((float32(Half(largest)) + float32(Half(n))) / levels)
}

// ToHalf rounds to the nearest float16, to an even one between two. What is too large becomes an
// infinity.
func ToHalf(f float32) uint16 {
	b := math.Float32bits(f)
	sign := uint16(b >> 16 & 0x8000)
	b &^= 1 << 31
	switch {
	case b-0x38800000 < 0x477ff000-0x38800000: // a normal one
		return sign | uint16((b-112<<23+0xfff+b>>13&1)>>13)
	case b >= 0x477ff000: // from 65520
		return sign | 0x7c00
	}
	// Adding 0.5 leaves a float32 steps of 2^-24, which are those of subnormal float16.
	return sign | uint16(math.Float32bits(math.Float32frombits(b)+0.5)-0x3f000000)
}
