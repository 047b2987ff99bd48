package main

import "bytes"

// Dot products of bytes as core/simd/product_batch_dot_wasm.s writes them, C, K and S being local
// variables. strictPairs are the even bytes of both as 16-bit numbers, multiplied, and the odd
// ones, added: i16x8.relaxed_dot_i8x16_i7x16_s where no byte of C is above 127 and no sum leaves 16
// bits. With strictAdd behind them they are i32x4.relaxed_dot_i8x16_i7x16_add_s. Go 1.27 knows
// these instructions by name and writes other bytes for them.
var (
	strictPairs = []byte{
		get, 'K', 0x41, 8, vectorPrefix, 0x8b, 1, nop, 0x41, 8, vectorPrefix, 0x8c, 1, nop, // shl, shr_s
		get, 'C', 0x41, 8, vectorPrefix, 0x8b, 1, nop, 0x41, 8, vectorPrefix, 0x8d, 1, nop, // shl, shr_u
		vectorPrefix, 0x95, 1, nop, // i16x8.mul
		get, 'C', 0x41, 8, vectorPrefix, 0x8d, 1, nop, // shr_u
		get, 'K', 0x41, 8, vectorPrefix, 0x8c, 1, nop, // shr_s
		vectorPrefix, 0x95, 1, nop, vectorPrefix, 0x8e, 1, nop, // i16x8.mul, i16x8.add
	}
	strictAdd = []byte{
		vectorPrefix, 0x7e, // i32x4.extadd_pairwise_i16x8_s
		get, 'S', vectorPrefix, 0xae, 1, nop, // i32x4.add
	}
	relaxedPairs = []byte{get, 'K', get, 'C', vectorPrefix, 0x92, 2}
	relaxedAdd   = []byte{get, 'K', get, 'C', get, 'S', vectorPrefix, 0x93, 2}
)

const (
	get = 0x20 // local.get
	nop = 0x01 // Go 1.27 writes one behind each vector instruction of two bytes
)

// Where strictPairs and strictAdd have their variables.
var (
	placeC = bytes.IndexByte(strictPairs, 'C')
	placeK = bytes.IndexByte(strictPairs, 'K')
	placeS = bytes.IndexByte(strictAdd, 'S')
)

// relaxDot returns the relaxed dot product for the strict one that code begins with, and the length
// of that, or 0.
func relaxDot(code []byte) (relaxed []byte, length int) {
	if len(code) < len(strictPairs) || code[0] != get {
		return nil, 0
	}
	v := variables{'C': code[placeC], 'K': code[placeK]}
	if !bytes.HasPrefix(code, v.in(strictPairs)) {
		return nil, 0
	}
	if rest := code[len(strictPairs):]; len(rest) >= len(strictAdd) {
		v['S'] = rest[placeS]
		if bytes.HasPrefix(rest, v.in(strictAdd)) {
			return v.in(relaxedAdd), len(strictPairs) + len(strictAdd)
		}
	}
	return v.in(relaxedPairs), len(strictPairs)
}

// variables are the numbers of local variables by name.
type variables map[byte]byte

// in puts them in their places.
func (v variables) in(code []byte) []byte {
	out := bytes.Clone(code)
	for i := 1; i < len(code); i++ {
		if number, ok := v[code[i]]; ok && code[i-1] == get {
			out[i] = number
		}
	}
	return out
}
