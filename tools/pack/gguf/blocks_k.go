package gguf

// Blocks of 256 elements of the K-quants (ggml's block_q2_K and so on). A block has one or two
// float16, and each group of 16 or 32 columns has small integers that they are multiplied by.

// decodeQ2K: a scale of 4 bits and a minimum of 4 bits for each 16 columns; in each half of the
// block, byte l of 32 has two bits each of columns l, 32+l, 64+l and 96+l.
func decodeQ2K(b []byte, codes []uint8, d, m []float32) {
	scales, quants := b[:16], b[16:80]
	scale, minimum := half(b[80:]), half(b[82:])
	for i, s := range scales {
		d[i], m[i] = scale*float32(s&15), -minimum*float32(s>>4)
	}
	for j := range codes {
		codes[j] = quants[j/128*32+j%32] >> (j / 32 % 4 * 2) & 3
	}
}

// decodeQ3K: signed scales of 6 bits. The two lower bits of a code lie as those of Q2_K, the third
// one is bit j/32 of byte j%32.
func decodeQ3K(b []byte, codes []uint8, d, _ []float32) {
	high, quants, scales := b[:32], b[32:96], b[96:108]
	scale := half(b[108:])
	for i := range d {
		low := scales[i%8] >> (i / 8 * 4) & 15
		up := scales[8+i%4] >> (i / 4 * 2) & 3
		d[i] = scale * float32(int(low|up<<4)-32)
	}
	for j := range codes {
		codes[j] = quants[j/128*32+j%32]>>(j/32%4*2)&3 | high[j%32]>>(j/32)&1<<2
	}
}

// decodeQ4K: eight scales and eight minima of 6 bits; 64 columns at a time have 32 bytes, the first
// 32 the low halves.
func decodeQ4K(b []byte, codes []uint8, d, m []float32) {
	scalesAndMinima(b, d, m)
	quants := b[16:]
	for j := range codes {
		codes[j] = quants[j/64*32+j%32] >> (j / 32 % 2 * 4) & 15
	}
}

// decodeQ5K: as Q4_K; the fifth bit of a code is bit j/32 of byte j%32.
func decodeQ5K(b []byte, codes []uint8, d, m []float32) {
	scalesAndMinima(b, d, m)
	high, quants := b[16:48], b[48:]
	for j := range codes {
		codes[j] = quants[j/64*32+j%32]>>(j/32%2*4)&15 | high[j%32]>>(j/32)&1<<4
	}
}

// scalesAndMinima reads the head of a Q4_K or Q5_K block: the two float16, then 12 bytes in which
// the first four scales and minima have six bits in a byte each, and the others four bits in a byte
// together and their upper two in those of the first.
func scalesAndMinima(b []byte, d, m []float32) {
	scale, minimum, packed := half(b), half(b[2:]), b[4:16]
	for i := range 4 {
		d[i] = scale * float32(packed[i]&63)
		m[i] = -minimum * float32(packed[4+i]&63)
		d[4+i] = scale * float32(packed[8+i]&15|packed[i]>>6<<4)
		m[4+i] = -minimum * float32(packed[8+i]>>4|packed[4+i]>>6<<4)
	}
}

// decodeQ6K: signed scales of 8 bits for each 16 columns; in each half of the block, 64 bytes with
// the four lower bits and 32 with the two upper ones.
func decodeQ6K(b []byte, codes []uint8, d, _ []float32) {
	low, high, scales := b[:128], b[128:192], b[192:208]
	scale := half(b[208:])
	for i, s := range scales {
		d[i] = scale * float32(int8(s))
	}
	for j := range codes {
		h, k := j/128, j%128
		codes[j] = low[64*h+k%64]>>(k/64*4)&15 | high[32*h+k%32]>>(k/32*2)&3<<4
	}
}
