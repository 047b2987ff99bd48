// Package ggufedit changes GGUF files in the making, for tests.
package ggufedit

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/spikechat/spikechat/tools/pack/gguf"
	"github.com/spikechat/spikechat/tools/pack/internal/ggufenc"
)

// Set replaces a metadata value of a test model, or adds it.
func Set(f *ggufenc.File, key string, value any) {
	for i := range f.Keys {
		if f.Keys[i].Name == key {
			f.Keys[i].Value = value
			return
		}
	}
	f.Add(key, value)
}

// Value gives a metadata value of a test model.
func Value[T any](f *ggufenc.File, key string) T {
	for _, k := range f.Keys {
		if k.Name == key {
			return k.Value.(T)
		}
	}
	panic("no key " + key)
}

// RemoveKey takes a metadata key away.
func RemoveKey(f *ggufenc.File, key string) {
	for i := range f.Keys {
		if f.Keys[i].Name == key {
			f.Keys = append(f.Keys[:i:i], f.Keys[i+1:]...)
			return
		}
	}
	panic("no key " + key)
}

// TensorOf gives a tensor of a test model to be changed.
func TensorOf(f *ggufenc.File, name string) *ggufenc.Tensor {
	for i := range f.Tensors {
		if f.Tensors[i].Name == name {
			return &f.Tensors[i]
		}
	}
	panic("no tensor " + name)
}

// RemoveTensor takes a tensor away.
func RemoveTensor(f *ggufenc.File, name string) {
	for i := range f.Tensors {
		if f.Tensors[i].Name == name {
			f.Tensors = append(f.Tensors[:i:i], f.Tensors[i+1:]...)
			return
		}
	}
	panic("no tensor " + name)
}

// Elements is the number of weights of a tensor.
func Elements(t *ggufenc.Tensor) int {
	n := 1
	for _, d := range t.Dims {
		n *= int(d)
	}
	return n
}

// Randomise gives a tensor another type and random bytes with finite scales, of any sign and size.
func Randomise(t *ggufenc.Tensor, typ gguf.TensorType, seed uint64) {
	r := rand.New(rand.NewPCG(seed, uint64(typ)))
	size := typ.BlockBytes()
	t.Type = uint32(typ)
	t.Data = make([]byte, Elements(t)/typ.BlockElements()*size)
	for i := range t.Data {
		t.Data[i] = byte(r.Uint32())
	}
	for at := 0; at < len(t.Data); at += size {
		b := t.Data[at:]
		for _, half := range halves[typ] {
			b[half+1] &^= 0x40 // exponent below 16: finite
		}
		switch typ {
		case gguf.F32:
			b[3] = b[3]&0x80 | 0x3e // between 2^-3 and 2^-1
		case gguf.BF16:
			b[1] = b[1]&0x80 | 0x3e
		case gguf.F64:
			b[7], b[6] = b[7]&0x80|0x3f, b[6]&0x0f|0xc0
		case gguf.MXFP4:
			b[0] = b[0]&7 + 110
		}
	}
}

// halves are where a block of each type has a float16.
var halves = map[gguf.TensorType][]int{
	gguf.F16: {0}, gguf.Q4_0: {0}, gguf.Q4_1: {0, 2}, gguf.Q5_0: {0}, gguf.Q5_1: {0, 2},
	gguf.Q8_0: {0}, gguf.Q2_K: {80, 82}, gguf.Q3_K: {108}, gguf.Q4_K: {0, 2}, gguf.Q5_K: {0, 2},
	gguf.Q6_K: {208}, gguf.IQ4_NL: {0}, gguf.IQ4_XS: {0}, gguf.TQ1_0: {52}, gguf.TQ2_0: {64},
}

// Change alters a test model as a word of a script test or table says:
// "key=KEY=VALUE", "drop=KEY", "type=TENSOR=NAME", "remove=TENSOR", and
// "infinite=TENSOR" for one scale of a block.
func Change(f *ggufenc.File, word string) error {
	verb, rest, _ := strings.Cut(word, "=")
	name, text, _ := strings.Cut(rest, "=")
	switch verb {
	case "key":
		Set(f, name, text)
	case "drop":
		RemoveKey(f, name)
	case "remove":
		RemoveTensor(f, name)
	case "infinite":
		copy(TensorOf(f, name).Data, "\x00\x7c")
	case "type":
		t := TensorOf(f, name)
		for typ := range gguf.TensorType(64) {
			if typ.String() == text {
				if typ.Supported() {
					Randomise(t, typ, 1)
				}
				t.Type = uint32(typ)
				return nil
			}
		}
		return fmt.Errorf("no tensor type %q", text)
	default:
		return fmt.Errorf("no such change: %q", word)
	}
	return nil
}
