// Package ggufenc writes GGUF files in memory, for tests and for the tiny model
// that tests run on. It shares no code with the reader, so that a round trip
// through both says something about each.
package ggufenc

import (
	"encoding/binary"
	"fmt"
	"math"
)

// A File is a GGUF file being built. The zero value is an empty file of
// version 3 with the default alignment.
type File struct {
	Version   uint32 // 0 means 3
	Alignment int    // 0 means 32; written as general.alignment when set

	Keys    []Key
	Tensors []Tensor
}

// A Key is a metadata entry. The Go type of Value decides the GGUF type; Bytes
// panics on one it does not know.
type Key struct {
	Name  string
	Value any
}

// Nested is an array of arrays: slices of the types that a value may have.
type Nested []any

// A Tensor has ggml's number for its type, and its dimensions fastest first.
type Tensor struct {
	Name string
	Type uint32
	Dims []uint64
	Data []byte
}

// Add appends a metadata entry.
func (f *File) Add(key string, value any) { f.Keys = append(f.Keys, Key{key, value}) }

// Tensor appends a tensor.
func (f *File) Tensor(name string, typ uint32, dims []uint64, data []byte) {
	f.Tensors = append(f.Tensors, Tensor{name, typ, dims, data})
}

// Bytes gives the whole file. Tensor data stands in the order of the calls.
func (f *File) Bytes() []byte {
	version, align := f.Version, f.Alignment
	if version == 0 {
		version = 3
	}
	keys := f.Keys
	if align != 0 {
		keys = append(keys[:len(keys):len(keys)], Key{"general.alignment", uint32(align)})
	} else {
		align = 32
	}
	le := binary.LittleEndian
	b := le.AppendUint32([]byte("GGUF"), version)
	b = le.AppendUint64(b, uint64(len(f.Tensors)))
	b = le.AppendUint64(b, uint64(len(keys)))
	for _, k := range keys {
		b = appendValue(appendString(b, k.Name), k.Value)
	}
	offset := 0
	for _, t := range f.Tensors {
		b = appendString(b, t.Name)
		b = le.AppendUint32(b, uint32(len(t.Dims)))
		for _, d := range t.Dims {
			b = le.AppendUint64(b, d)
		}
		b = le.AppendUint32(b, t.Type)
		b = le.AppendUint64(b, uint64(offset))
		offset += (len(t.Data) + align - 1) / align * align
	}
	for _, t := range f.Tensors {
		b = pad(b, align)
		b = append(b, t.Data...)
	}
	return pad(b, align)
}

func pad(b []byte, align int) []byte {
	for len(b)%align != 0 {
		b = append(b, 0)
	}
	return b
}

func appendString(b []byte, s string) []byte {
	b = binary.LittleEndian.AppendUint64(b, uint64(len(s)))
	return append(b, s...)
}

// appendValue appends the type number and the value.
func appendValue(b []byte, value any) []byte {
	switch v := value.(type) {
	case []string:
		return appendArray(b, 8, v)
	case []int32:
		return appendArray(b, 5, v)
	case []uint32:
		return appendArray(b, 4, v)
	case []float32:
		return appendArray(b, 6, v)
	case []bool:
		return appendArray(b, 7, v)
	case Nested:
		b = binary.LittleEndian.AppendUint32(b, 9)
		b = binary.LittleEndian.AppendUint32(b, 9)
		b = binary.LittleEndian.AppendUint64(b, uint64(len(v)))
		for _, inner := range v {
			b = append(b, appendValue(nil, inner)[4:]...) // without the type, which is known
		}
		return b
	}
	b = binary.LittleEndian.AppendUint32(b, typeNumber(value))
	return appendPlain(b, value)
}

func appendArray[T any](b []byte, elem uint32, values []T) []byte {
	b = binary.LittleEndian.AppendUint32(b, 9)
	b = binary.LittleEndian.AppendUint32(b, elem)
	b = binary.LittleEndian.AppendUint64(b, uint64(len(values)))
	for _, v := range values {
		b = appendPlain(b, v)
	}
	return b
}

func typeNumber(value any) uint32 {
	switch value.(type) {
	case uint8:
		return 0
	case int8:
		return 1
	case uint16:
		return 2
	case int16:
		return 3
	case uint32:
		return 4
	case int32:
		return 5
	case float32:
		return 6
	case bool:
		return 7
	case string:
		return 8
	case uint64:
		return 10
	case int64:
		return 11
	case float64:
		return 12
	}
	panic(fmt.Sprintf("ggufenc: value of type %T", value))
}

func appendPlain(b []byte, value any) []byte {
	switch v := value.(type) {
	case string:
		return appendString(b, v)
	case float32:
		return binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
	case float64:
		return binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
	}
	b, err := binary.Append(b, binary.LittleEndian, value)
	if err != nil {
		panic("ggufenc: " + err.Error())
	}
	return b
}
