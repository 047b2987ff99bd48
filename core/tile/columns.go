package tile

// Columns turns one plane of a block between rows and columns; it is its own inverse. As rows, byte
// 16b + l has the bits of lane l in columns 8b to 8b+7; as columns, byte 16b + 8h + j has the bits
// of column 8b+j in lanes 8h to 8h+7. dst and src [PlaneBytes] may be the same;
// they begin with a word of their memory.
func Columns(dst, src []byte) {
	to, from := (*[planeWords]uint64)(words(dst)), (*[planeWords]uint64)(words(src))
	for i, x := range from {
		to[i] = Transpose(x)
	}
}

// Transpose swaps rows and columns of a square of 8 by 8 bits, in which byte i is row i: it swaps
// the corners of squares of 2 by 2 bits, of 4 by 4 and of 8 by 8 (Warren, Hacker's Delight, 7-3).
func Transpose(x uint64) uint64 {
	t := (x ^ x>>7) & 0x00aa00aa_00aa00aa
	x ^= t ^ t<<7
	t = (x ^ x>>14) & 0x0000cccc_0000cccc
	x ^= t ^ t<<14
	t = (x ^ x>>28) & 0x00000000_f0f0f0f0
	return x ^ t ^ t<<28
}
