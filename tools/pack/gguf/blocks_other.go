package gguf

import (
	"encoding/binary"
	"math"
)

// iq4Values are what the 16 codes of IQ4_NL and IQ4_XS stand for, 128 added (ggml's kvalues_iq4nl).
var iq4Values = [16]uint8{
	128 - 127, 128 - 104, 128 - 83, 128 - 65, 128 - 49, 128 - 35, 128 - 22, 128 - 10,
	128 + 1, 128 + 13, 128 + 25, 128 + 38, 128 + 53, 128 + 69, 128 + 89, 128 + 113,
}

// mxfp4Values are twice what the 16 codes of MXFP4 stand for, 12 added (OCP Microscaling Formats
// 1.0, E2M1).
var mxfp4Values = [16]uint8{12, 13, 14, 15, 16, 18, 20, 24, 12, 11, 10, 9, 8, 6, 4, 0}

// look replaces codes by their values.
func look(codes []uint8, values *[16]uint8) {
	for j, c := range codes {
		codes[j] = values[c]
	}
}

func decodeIQ4NL(b []byte, codes []uint8, d, _ []float32) {
	d[0] = half(b)
	nibbles(codes, b[2:])
	look(codes, &iq4Values)
}

// decodeIQ4XS: eight signed scales of 6 bits, whose upper two bits stand apart.
func decodeIQ4XS(b []byte, codes []uint8, d, _ []float32) {
	scale, high, low := half(b), binary.LittleEndian.Uint16(b[2:]), b[4:8]
	for i := range d {
		s := int(low[i/2]>>(i%2*4)&15) | int(high>>(2*i)&3)<<4
		d[i] = scale * float32(s-32)
		nibbles(codes[32*i:], b[8+16*i:])
	}
	look(codes, &iq4Values)
}

// decodeMXFP4: the scale is a power of two, 2^(e-127), and half of it is that of twice the values.
func decodeMXFP4(b []byte, codes []uint8, d, _ []float32) {
	d[0] = float32(math.Ldexp(1, int(b[0])-128))
	nibbles(codes, b[1:])
	look(codes, &mxfp4Values)
}

// decodeTQ1: five digits of base 3 in a byte. A byte is ⌈256 v/243⌉ for v, the number that the
// digits write, so the first digit is the whole part of 3/256 of it, and 3 times it, cut to a byte,
// has the others. Bytes 0 to 31 have 160 columns, of which every 32nd is in the same byte; then 16
// bytes have 80, and the last four 16.
func decodeTQ1(b []byte, codes []uint8, d, _ []float32) {
	setAll(d, half(b[52:]))
	at := 0
	for _, part := range [...]struct{ from, bytes, digits int }{{0, 32, 5}, {32, 16, 5}, {48, 4, 4}} {
		for n, power := 0, uint8(1); n < part.digits; n, power = n+1, power*3 {
			for _, q := range b[part.from:][:part.bytes] {
				codes[at] = uint8(uint16(q*power) * 3 >> 8)
				at++
			}
		}
	}
}

// decodeTQ2: in each half of the block as Q2_K.
func decodeTQ2(b []byte, codes []uint8, d, _ []float32) {
	setAll(d, half(b[64:]))
	for j := range codes {
		codes[j] = b[j/128*32+j%32] >> (j / 32 % 4 * 2) & 3
	}
}

func setAll(d []float32, v float32) {
	for i := range d {
		d[i] = v
	}
}
