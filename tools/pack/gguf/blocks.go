package gguf

import (
	"encoding/binary"
	"fmt"
	"math"

	"github.com/x448/float16"
)

// BlockSize is the number of columns that share one d and m in every integer
// type that is read here.
const BlockSize = 32

// DecodeBlocks takes apart whole blocks of an integer type. For block b, codes
// 32b to 32b+31 get its codes in column order, d[b] the float16 bits of its
// scale, and m[b] the float16 bits of its minimum where t.StoresMin; otherwise
// m may be nil and is left alone. A weight is d*code + m, with
// m = t.MinFactor()*d where none is stored.
//
// Codes of Q4_0, Q4_1, Q5_0 and Q5_1 are the stored ones; those of Q8_0, which
// are signed in the file, have 128 added.
//
// It panics when t is no integer type or when the lengths do not belong to the
// same number of blocks.
func DecodeBlocks(t TensorType, src []byte, codes []uint8, d, m []uint16) {
	l := layouts[t]
	n := len(d)
	if l.bits == 0 || len(src) != n*l.bytes || len(codes) != n*BlockSize || l.stored && len(m) != n {
		panic(fmt.Sprintf("gguf: DecodeBlocks: %v: %d bytes, %d codes, %d and %d scales do not match",
			t, len(src), len(codes), len(d), len(m)))
	}
	for b := range d {
		block := src[b*l.bytes:][:l.bytes]
		c := (*[BlockSize]uint8)(codes[b*BlockSize:])
		d[b] = binary.LittleEndian.Uint16(block)
		block = block[2:]
		if l.stored {
			m[b] = binary.LittleEndian.Uint16(block)
			block = block[2:]
		}
		switch l.bits {
		case 4:
			decodeNibbles(c, block)
		case 5:
			decodeNibbles(c, block[4:])
			// Bit j of the 32-bit field is the fifth bit of column j.
			high := binary.LittleEndian.Uint32(block)
			for j := range c {
				c[j] |= uint8(high>>j&1) << 4
			}
		case 8:
			for j := range c {
				c[j] = block[j] + 128
			}
		}
	}
}

// decodeNibbles: column j is the low half of byte j, column 16+j the high half.
func decodeNibbles(c *[BlockSize]uint8, nibbles []byte) {
	for j := range BlockSize / 2 {
		c[j] = nibbles[j] & 15
		c[j+BlockSize/2] = nibbles[j] >> 4
	}
}

// DecodeFloats turns the bytes of a float type into float32 exactly. It panics
// when t is no float type or the lengths do not match.
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
			dst[i] = float16.Frombits(binary.LittleEndian.Uint16(src[2*i:])).Float32()
		case BF16:
			dst[i] = math.Float32frombits(uint32(binary.LittleEndian.Uint16(src[2*i:])) << 16)
		}
	}
}
