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
	high, low := words(upper), words(lower)
	for ; len(low) > 0; high, low = high[2:], low[1:] {
		halves := (*[scaleWords]uint64)(data[at:])
		halves[0] = extremes(high[0], low[0])
		halves[1] = extremes(high[0]>>32, low[0]>>16)
		halves[2] = extremes(high[1], low[0]>>32)
		halves[3] = extremes(high[1]>>32, low[0]>>48)
		if which == 0 {
			var n *[scaleWords]uint64
			if offsets {
				n = (*[scaleWords]uint64)(data[at+scaleWords:])
			} else {
				n = &noOffsets
			}
			for i, largest := range halves {
				infinite |= infiniteHalves(largest)
				scales, ok := normalScales(largest, n[i], levels)
				if !ok {
					scales = rangeScales(largest, n[i], levels)
				}
				halves[i] = scales
			}
		}
		infinite |= infiniteHalves(halves[0]) | infiniteHalves(halves[1]) |
			infiniteHalves(halves[2]) | infiniteHalves(halves[3])
		wild |= wildHalves(halves[0]) | wildHalves(halves[1]) |
			wildHalves(halves[2]) | wildHalves(halves[3])
		at += size
	}
	m.NormalScales = m.NormalScales && wild == 0
	if infinite != 0 {
		return notFinite(0x7c00)
	}
	return nil
}

var noOffsets [scaleWords]uint64

// extremes is Extreme four times, for the lower four bytes of upper and the lower two of lower.
func extremes(upper, lower uint64) uint64 {
	lower &= 0xffff
	lower = (lower | lower<<8) & 0x00ff00ff
	lower = (lower | lower<<4) & 0x0f0f0f0f
	return spread(upper)<<7 | spread(lower)<<3
}

// rangeScales is RangeScale four times.
func rangeScales(largest, n uint64, levels float32) (scales uint64) {
	for i := 0; i < 64; i += 16 {
		scales |= uint64(RangeScale(uint16(largest>>i), uint16(n>>i), levels)) << i
	}
	return scales
}

// Normal float16 in float32: the bits of the smallest one, and how far they are from the smallest
// that rounds to an infinity.
const (
	leastNormal   = 0x38800000
	normalsInBits = 0x477ff000 - leastNormal
)

// normalScales is rangeScales where no offset has a sign and all scales are normal, which ok says:
// the same operations without calls.
func normalScales(largest, n uint64, levels float32) (scales uint64, ok bool) {
	b0 := scaleBits(uint32(largest&0xffff), uint32(n&0xffff), levels)
	b1 := scaleBits(uint32(largest>>16&0xffff), uint32(n>>16&0xffff), levels)
	b2 := scaleBits(uint32(largest>>32&0xffff), uint32(n>>32&0xffff), levels)
	b3 := scaleBits(uint32(largest>>48), uint32(n>>48), levels)
	if n&signs != 0 || max(b0, b1, b2, b3) >= normalsInBits {
		return 0, false
	}
	return uint64(normalHalfOf(b0)) | uint64(normalHalfOf(b1))<<16 | uint64(normalHalfOf(b2))<<32 |
		uint64(normalHalfOf(b3))<<48, true
}

// scaleBits gives the bits of a scale in float32, above those of leastNormal. Neither largest nor n
// has a sign.
func scaleBits(largest, n uint32, levels float32) uint32 {
	a := float32(math.Float32frombits(largest<<13) * 0x1p112)
	b := float32(math.Float32frombits(n<<13) * 0x1p112)
	return math.Float32bits((a+b)/levels) - leastNormal
}

// normalHalfOf rounds as ToHalf does.
func normalHalfOf(b uint32) uint32 { return (b + 1<<23 + 0xfff + b>>13&1) >> 13 }

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
