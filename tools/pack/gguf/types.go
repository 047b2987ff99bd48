package gguf

import "fmt"

// TensorType is ggml's number for the way a tensor's elements are stored.
type TensorType uint32

// Tensor types that are read here.
const (
	F32    TensorType = 0
	F16    TensorType = 1
	Q4_0   TensorType = 2
	Q4_1   TensorType = 3
	Q5_0   TensorType = 6
	Q5_1   TensorType = 7
	Q8_0   TensorType = 8
	Q2_K   TensorType = 10
	Q3_K   TensorType = 11
	Q4_K   TensorType = 12
	Q5_K   TensorType = 13
	Q6_K   TensorType = 14
	IQ4_NL TensorType = 20
	IQ4_XS TensorType = 23
	F64    TensorType = 28
	BF16   TensorType = 30
	TQ1_0  TensorType = 34
	TQ2_0  TensorType = 35
	MXFP4  TensorType = 39
)

// typeNames holds ggml's names, so that a type that is not read can be named.
// Numbers 4, 5, 31 to 33 and 36 to 38 were withdrawn by ggml.
var typeNames = map[TensorType]string{
	F32: "F32", F16: "F16", Q4_0: "Q4_0", Q4_1: "Q4_1", 4: "Q4_2", 5: "Q4_3",
	Q5_0: "Q5_0", Q5_1: "Q5_1", Q8_0: "Q8_0", 9: "Q8_1",
	Q2_K: "Q2_K", Q3_K: "Q3_K", Q4_K: "Q4_K", Q5_K: "Q5_K", Q6_K: "Q6_K", 15: "Q8_K",
	16: "IQ2_XXS", 17: "IQ2_XS", 18: "IQ3_XXS", 19: "IQ1_S",
	IQ4_NL: "IQ4_NL", 21: "IQ3_S", 22: "IQ2_S", IQ4_XS: "IQ4_XS",
	24: "I8", 25: "I16", 26: "I32", 27: "I64", F64: "F64", 29: "IQ1_M", BF16: "BF16",
	31: "Q4_0_4_4", 32: "Q4_0_4_8", 33: "Q4_0_8_8", TQ1_0: "TQ1_0", TQ2_0: "TQ2_0",
	36: "IQ4_NL_4_4", 37: "IQ4_NL_4_8", 38: "IQ4_NL_8_8", MXFP4: "MXFP4", 40: "NVFP4",
}

// String gives ggml's name, such as "Q4_1".
func (t TensorType) String() string {
	if s, ok := typeNames[t]; ok {
		return s
	}
	return fmt.Sprintf("number %d", uint32(t))
}

// layout says how elements of one tensor type lie in the file.
type layout struct {
	elements int // elements of a block; 1 for floats
	bytes    int // bytes of a block
	group    int // elements that share a scale; 0 for floats
	bits     int // of a code; 0 for floats
	min      int // m = min*d where the block stores no m
	has      contents
	decode   func(block []byte, codes []uint8, d, m []float32)
}

// contents are what is in a block of codes beside them.
type contents uint8

const (
	plain    contents = 0         // scales as they are
	products contents = 1 << iota // scales and minima are products of a float16 and an integer
	minima                        // minima beside the scales
)

// layouts is what is known of each type.
var layouts = map[TensorType]layout{
	F32:  {elements: 1, bytes: 4},
	F16:  {elements: 1, bytes: 2},
	BF16: {elements: 1, bytes: 2},
	F64:  {elements: 1, bytes: 8},

	Q4_0:   {32, 18, 32, 4, -8, plain, decodeQ4_0},
	Q4_1:   {32, 20, 32, 4, 0, plain | minima, decodeQ4_1},
	Q5_0:   {32, 22, 32, 5, -16, plain, decodeQ5_0},
	Q5_1:   {32, 24, 32, 5, 0, plain | minima, decodeQ5_1},
	Q8_0:   {32, 34, 32, 8, -128, plain, decodeQ8_0},
	Q2_K:   {256, 84, 16, 2, 0, products | minima, decodeQ2K},
	Q3_K:   {256, 110, 16, 3, -4, products, decodeQ3K},
	Q4_K:   {256, 144, 32, 4, 0, products | minima, decodeQ4K},
	Q5_K:   {256, 176, 32, 5, 0, products | minima, decodeQ5K},
	Q6_K:   {256, 210, 16, 6, -32, products, decodeQ6K},
	IQ4_NL: {32, 18, 32, 8, -128, plain, decodeIQ4NL},
	IQ4_XS: {256, 136, 32, 8, -128, products, decodeIQ4XS},
	TQ1_0:  {256, 54, 32, 2, -1, plain, decodeTQ1},
	TQ2_0:  {256, 66, 32, 2, -1, plain, decodeTQ2},
	MXFP4:  {32, 17, 32, 5, -12, plain, decodeMXFP4},
}

// Supported reports whether tensors of this type are read.
func (t TensorType) Supported() bool { _, ok := layouts[t]; return ok }

// Integer reports whether the type holds blocks of integer codes.
func (t TensorType) Integer() bool { return layouts[t].bits > 0 }

// Bits is the number of bits of a code, as DecodeBlocks gives it; 0 for float types.
func (t TensorType) Bits() int { return layouts[t].bits }

// StoresMin reports whether a block stores m beside d. Where it does not,
// m = MinFactor*d.
func (t TensorType) StoresMin() bool { return layouts[t].has&minima != 0 }

// MinFactor is m/d of integer types that do not store m, such as -8.
func (t TensorType) MinFactor() int { return layouts[t].min }

// Products reports whether scales, and minima that are stored, are a float16 times an integer,
// which fits a float32 and not always a float16.
func (t TensorType) Products() bool { return layouts[t].has&products != 0 }

// Unit gives the float16 that all scales of a block of Q3_K are multiples of.
func (t TensorType) Unit(block []byte) float32 {
	if t != Q3_K {
		panic("gguf: Unit of " + t.String())
	}
	return half(block[108:])
}

// Group is the number of columns that share one d and m: 32, or 16; 0 for float types.
func (t TensorType) Group() int { return layouts[t].group }

// BlockElements is the number of elements of a block: 32, or 256; 1 for float types.
func (t TensorType) BlockElements() int { return layouts[t].elements }

// BlockBytes is the number of bytes of a block, or of one element for float types.
func (t TensorType) BlockBytes() int { return layouts[t].bytes }

// ValueType is the type of a metadata value.
type ValueType uint32

// Metadata value types.
const (
	Uint8   ValueType = 0
	Int8    ValueType = 1
	Uint16  ValueType = 2
	Int16   ValueType = 3
	Uint32  ValueType = 4
	Int32   ValueType = 5
	Float32 ValueType = 6
	Bool    ValueType = 7
	String  ValueType = 8
	Array   ValueType = 9
	Uint64  ValueType = 10
	Int64   ValueType = 11
	Float64 ValueType = 12
)

// valueTypes gives each type its name and the bytes of one value, for strings
// and arrays the bytes of their fixed part.
var valueTypes = [...]struct {
	name string
	size int
}{
	Uint8: {"uint8", 1}, Int8: {"int8", 1}, Uint16: {"uint16", 2}, Int16: {"int16", 2},
	Uint32: {"uint32", 4}, Int32: {"int32", 4}, Float32: {"float32", 4}, Bool: {"bool", 1},
	String: {"string", 8}, Array: {"array", 12},
	Uint64: {"uint64", 8}, Int64: {"int64", 8}, Float64: {"float64", 8},
}

func (t ValueType) known() bool { return t < ValueType(len(valueTypes)) }

func (t ValueType) String() string {
	if t.known() {
		return valueTypes[t].name
	}
	return fmt.Sprintf("number %d", uint32(t))
}
