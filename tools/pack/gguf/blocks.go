package gguf

import (
	"encoding/binary"
	"fmt"
	"math"

	"github.com/x448/float16"
)

// DecodeBlocks takes apart whole blocks of an integer type. codes gets the codes in column order.
// Each t.Group() of them share a scale d, and a minimum m where t.StoresMin; otherwise m may be nil
// and is left alone. A weight is d*code + m, with m = t.MinFactor()*d where none is stored. Scales
// and minima are exact: products of a float16 and an integer fit a float32.
//
// Codes are the stored ones, but for these: to signed codes what makes them unsigned is added (128
// to those of Q8_0, 4 to Q3_K's), codes of IQ4_NL and IQ4_XS are the values that their table has
// for them, 128 added, and codes of MXFP4 are twice the value, 12 added.
//
// It panics when t is no integer type or when the lengths do not belong to the same number of
// blocks.
func DecodeBlocks(t TensorType, src []byte, codes []uint8, d, m []float32) {
	l := layouts[t]
	if l.bits == 0 || len(src)%l.bytes != 0 || len(codes) != len(src)/l.bytes*l.elements ||
		len(d) != len(codes)/l.group || t.StoresMin() && len(m) != len(d) {
		panic(fmt.Sprintf("gguf: DecodeBlocks: %v: %d bytes, %d codes, %d and %d scales do not match",
			t, len(src), len(codes), len(d), len(m)))
	}
	for ; len(src) > 0; src = src[l.bytes:] {
		n := l.elements / l.group
		l.decode(src[:l.bytes], codes[:l.elements], d[:n], m)
		codes, d = codes[l.elements:], d[n:]
		if t.StoresMin() {
			m = m[n:]
		}
	}
}

// half gives the float16 at the beginning of b.
func half(b []byte) float32 { return float16.Frombits(binary.LittleEndian.Uint16(b)).Float32() }

func decodeQ4_0(b []byte, codes []uint8, d, _ []float32) {
	d[0] = half(b)
	nibbles(codes, b[2:])
}

func decodeQ4_1(b []byte, codes []uint8, d, m []float32) {
	d[0], m[0] = half(b), half(b[2:])
	nibbles(codes, b[4:])
}

func decodeQ5_0(b []byte, codes []uint8, d, _ []float32) {
	d[0] = half(b)
	nibbles(codes, b[6:])
	fifthBits(codes, b[2:])
}

func decodeQ5_1(b []byte, codes []uint8, d, m []float32) {
	d[0], m[0] = half(b), half(b[2:])
	nibbles(codes, b[8:])
	fifthBits(codes, b[4:])
}

func decodeQ8_0(b []byte, codes []uint8, d, _ []float32) {
	d[0] = half(b)
	for j := range codes {
		codes[j] = b[2+j] + 128
	}
}

// nibbles: column j is the low half of byte j, column 16+j the high half.
func nibbles(codes []uint8, b []byte) {
	for j := range 16 {
		codes[j], codes[16+j] = b[j]&15, b[j]>>4
	}
}

// fifthBits: bit j of the 32-bit field is the fifth bit of column j.
func fifthBits(codes []uint8, b []byte) {
	high := binary.LittleEndian.Uint32(b)
	for j := range codes {
		codes[j] |= uint8(high>>j&1) << 4
	}
}

// DecodeFloats turns the bytes of a float type into float32: exactly, but for F64, which is rounded
// to nearest. It panics when t is no float type or the lengths do not match.
func DecodeFloats(t TensorType, src []byte, dst []float32) {
	l, ok := layouts[t]
	if !ok || l.bits != 0 || len(src) != len(dst)*l.bytes {
		panic(fmt.Sprintf("gguf: DecodeFloats: %v: %d bytes do not match %d floats",
			t, len(src), len(dst)))
	}
	for i := range dst {
		switch t {
		case F32:
			dst[i] = math.Float32frombits(binary.LittleEndian.Uint32(src[4*i:]))
		case F16:
			dst[i] = half(src[2*i:])
		case BF16:
			dst[i] = math.Float32frombits(uint32(binary.LittleEndian.Uint16(src[2*i:])) << 16)
		case F64:
			dst[i] = float32(math.Float64frombits(binary.LittleEndian.Uint64(src[8*i:])))
		}
	}
}
