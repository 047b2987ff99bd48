package gguf

import "fmt"

// TensorType is ggml's number for the way a tensor's elements are stored.
type TensorType uint32

// Tensor types that are read here.
const (
	F32  TensorType = 0
	F16  TensorType = 1
	Q4_0 TensorType = 2
	Q4_1 TensorType = 3
	Q5_0 TensorType = 6
	Q5_1 TensorType = 7
	Q8_0 TensorType = 8
	BF16 TensorType = 30
)

// typeNames holds ggml's names, so that a type that is not read can be named.
// Numbers 4, 5, 31 to 33 and 36 to 38 were withdrawn by ggml.
var typeNames = map[TensorType]string{
	F32: "F32", F16: "F16", Q4_0: "Q4_0", Q4_1: "Q4_1", 4: "Q4_2", 5: "Q4_3",
	Q5_0: "Q5_0", Q5_1: "Q5_1", Q8_0: "Q8_0", 9: "Q8_1",
	10: "Q2_K", 11: "Q3_K", 12: "Q4_K", 13: "Q5_K", 14: "Q6_K", 15: "Q8_K",
	16: "IQ2_XXS", 17: "IQ2_XS", 18: "IQ3_XXS", 19: "IQ1_S",
	20: "IQ4_NL", 21: "IQ3_S", 22: "IQ2_S", 23: "IQ4_XS",
	24: "I8", 25: "I16", 26: "I32", 27: "I64", 28: "F64", 29: "IQ1_M", BF16: "BF16",
	31: "Q4_0_4_4", 32: "Q4_0_4_8", 33: "Q4_0_8_8", 34: "TQ1_0", 35: "TQ2_0",
	36: "IQ4_NL_4_4", 37: "IQ4_NL_4_8", 38: "IQ4_NL_8_8", 39: "MXFP4", 40: "NVFP4",
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
	bits     int // planes of a code; 0 for floats
	min      int // m = min*d where the block stores no m
	stored   bool
}

var layouts = map[TensorType]layout{
	F32:  {elements: 1, bytes: 4},
	F16:  {elements: 1, bytes: 2},
	BF16: {elements: 1, bytes: 2},
	Q4_0: {elements: BlockSize, bytes: 2 + 16, bits: 4, min: -8},
	Q4_1: {elements: BlockSize, bytes: 2 + 2 + 16, bits: 4, stored: true},
	Q5_0: {elements: BlockSize, bytes: 2 + 4 + 16, bits: 5, min: -16},
	Q5_1: {elements: BlockSize, bytes: 2 + 2 + 4 + 16, bits: 5, stored: true},
	Q8_0: {elements: BlockSize, bytes: 2 + 32, bits: 8, min: -128},
}

// Supported reports whether tensors of this type are read.
func (t TensorType) Supported() bool { _, ok := layouts[t]; return ok }

// Integer reports whether the type holds blocks of integer codes.
func (t TensorType) Integer() bool { return layouts[t].bits > 0 }

// Bits is the number of bits of a code: 4, 5 or 8, and 0 for float types.
func (t TensorType) Bits() int { return layouts[t].bits }

// StoresMin reports whether a block stores m beside d. Where it does not,
// m = MinFactor*d.
func (t TensorType) StoresMin() bool { return layouts[t].stored }

// MinFactor is m/d of integer types that do not store m: -8, -16 or -128.
func (t TensorType) MinFactor() int { return layouts[t].min }

// BlockBytes is the number of bytes of a block of [BlockSize] elements, or of
// one element for float types.
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
