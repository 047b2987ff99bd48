package gguf_test

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/x448/float16"

	"github.com/spikechat/spikechat/tools/pack/gguf"
)

// plainTypes have blocks of 32 with scales of their own.
var plainTypes = []gguf.TensorType{gguf.Q4_0, gguf.Q4_1, gguf.Q5_0, gguf.Q5_1, gguf.Q8_0}

// half gives the value of float16 bits.
func half(bits uint16) float64 { return float64(float16.Frombits(bits).Float32()) }

// reference dequantises one block the way ggml's dequantize_row functions do,
// written out separately for each type.
func reference(t gguf.TensorType, b []byte) (w [32]float64) {
	d := half(binary.LittleEndian.Uint16(b))
	switch t {
	case gguf.Q4_0:
		for j := range 16 {
			w[j] = float64(int(b[2+j]&0xf)-8) * d
			w[j+16] = float64(int(b[2+j]>>4)-8) * d
		}
	case gguf.Q4_1:
		m := half(binary.LittleEndian.Uint16(b[2:]))
		for j := range 16 {
			w[j] = float64(b[4+j]&0xf)*d + m
			w[j+16] = float64(b[4+j]>>4)*d + m
		}
	case gguf.Q5_0:
		qh := binary.LittleEndian.Uint32(b[2:])
		for j := range 16 {
			x0 := int(b[6+j]&0xf) | int(qh>>j&1)<<4
			x1 := int(b[6+j]>>4) | int(qh>>(j+16)&1)<<4
			w[j], w[j+16] = float64(x0-16)*d, float64(x1-16)*d
		}
	case gguf.Q5_1:
		m := half(binary.LittleEndian.Uint16(b[2:]))
		qh := binary.LittleEndian.Uint32(b[4:])
		for j := range 16 {
			x0 := int(b[8+j]&0xf) | int(qh>>j&1)<<4
			x1 := int(b[8+j]>>4) | int(qh>>(j+16)&1)<<4
			w[j], w[j+16] = float64(x0)*d+m, float64(x1)*d+m
		}
	case gguf.Q8_0:
		for j := range 32 {
			w[j] = float64(int8(b[2+j])) * d
		}
	}
	return w
}

// randomBlocks fills n blocks of type t with random bits and finite scales.
func randomBlocks(t gguf.TensorType, n int, r *rand.Rand) []byte {
	b := make([]byte, n*t.BlockBytes())
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	for i := range n {
		block := b[i*t.BlockBytes():]
		block[1] &^= 0x40 // exponent below 16: finite, and small enough for -128d
		if t.StoresMin() {
			block[3] &^= 0x40
		}
	}
	return b
}

func TestDecodeBlocksEqualsReference(t *testing.T) {
	const n = 500
	for _, typ := range plainTypes {
		src := randomBlocks(typ, n, rand.New(rand.NewPCG(1, uint64(typ))))
		codes, d, m := make([]uint8, n*32), make([]float32, n), make([]float32, n)
		gguf.DecodeBlocks(typ, src, codes, d, m)
		for b := range n {
			want := reference(typ, src[b*typ.BlockBytes():][:typ.BlockBytes()])
			scale, minimum := float64(d[b]), float64(m[b])
			if !typ.StoresMin() {
				minimum = float64(typ.MinFactor()) * scale
			}
			for j, w := range want {
				c := codes[b*32+j]
				if int(c) >= 1<<typ.Bits() {
					t.Fatalf("%v: block %d column %d: code %d of %d bits", typ, b, j, c, typ.Bits())
				}
				if got := float64(c)*scale + minimum; got != w {
					t.Fatalf("%v: block %d column %d: %v, want %v", typ, b, j, got, w)
				}
			}
		}
	}
}

// Encoding the codes again must give the same bytes: nothing of a block is lost.
func TestDecodeBlocksLosesNothing(t *testing.T) {
	const n = 100
	for _, typ := range plainTypes {
		src := randomBlocks(typ, n, rand.New(rand.NewPCG(2, uint64(typ))))
		codes, d, m := make([]uint8, n*32), make([]float32, n), make([]float32, n)
		gguf.DecodeBlocks(typ, src, codes, d, m)
		for b := range n {
			got := encode(typ, codes[b*32:][:32], float16.Fromfloat32(d[b]).Bits(),
				float16.Fromfloat32(m[b]).Bits())
			if want := src[b*typ.BlockBytes():][:typ.BlockBytes()]; string(got) != string(want) {
				t.Fatalf("%v: block %d: % x, want % x", typ, b, got, want)
			}
		}
	}
}

// encode writes one block, column by column.
func encode(t gguf.TensorType, codes []uint8, d, m uint16) []byte {
	b := binary.LittleEndian.AppendUint16(nil, d)
	if t.StoresMin() {
		b = binary.LittleEndian.AppendUint16(b, m)
	}
	if t == gguf.Q8_0 {
		for _, c := range codes {
			b = append(b, byte(int(c)-128))
		}
		return b
	}
	if t.Bits() == 5 {
		var high uint32
		for j, c := range codes {
			high |= uint32(c>>4) << j
		}
		b = binary.LittleEndian.AppendUint32(b, high)
	}
	for j := range 16 {
		b = append(b, codes[j]&15|codes[j+16]<<4)
	}
	return b
}

// All 65,536 halves, against the definition of the formats.
func TestDecodeFloatsEveryHalf(t *testing.T) {
	for bits := range 1 << 16 {
		src := binary.LittleEndian.AppendUint16(nil, uint16(bits))
		var f16, bf16 [1]float32
		gguf.DecodeFloats(gguf.F16, src, f16[:])
		gguf.DecodeFloats(gguf.BF16, src, bf16[:])
		if want := ieee(bits, 5, 10); !same(float64(f16[0]), want) {
			t.Fatalf("F16 %#04x: %v, want %v", bits, f16[0], want)
		}
		if want := ieee(bits, 8, 7); !same(float64(bf16[0]), want) {
			t.Fatalf("BF16 %#04x: %v, want %v", bits, bf16[0], want)
		}
	}
}

// ieee gives the value of a 16-bit float with the given widths of exponent and
// fraction.
func ieee(bits, exponent, fraction int) float64 {
	sign := 1 - 2*float64(bits>>15)
	e := bits >> fraction & (1<<exponent - 1)
	f := float64(bits & (1<<fraction - 1))
	bias := 1<<(exponent-1) - 1
	switch e {
	case 0:
		return sign * math.Ldexp(f, 1-bias-fraction)
	case 1<<exponent - 1:
		if f != 0 {
			return math.NaN()
		}
		return math.Inf(int(sign))
	}
	return sign * math.Ldexp(f+float64(int(1)<<fraction), e-bias-fraction)
}

func same(a, b float64) bool {
	return math.Float64bits(a) == math.Float64bits(b) || math.IsNaN(a) && math.IsNaN(b)
}

func TestDecodeFloats64(t *testing.T) {
	src := binary.LittleEndian.AppendUint64(nil, math.Float64bits(0.1))
	var got [1]float32
	if gguf.DecodeFloats(gguf.F64, src, got[:]); got[0] != 0.1 {
		t.Errorf("0.1 is %v", got[0])
	}
}

func TestDecodeFloats32(t *testing.T) {
	want := []float32{0, -1.5, math.MaxFloat32, math.SmallestNonzeroFloat32}
	var src []byte
	for _, v := range want {
		src = binary.LittleEndian.AppendUint32(src, math.Float32bits(v))
	}
	got := make([]float32, len(want))
	gguf.DecodeFloats(gguf.F32, src, got)
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestDecodePanicsOnWrongLengths(t *testing.T) {
	blocks := func(t gguf.TensorType, bytes, codes int) {
		gguf.DecodeBlocks(t, make([]byte, bytes), make([]uint8, codes), make([]float32, 1), nil)
	}
	floats := func(t gguf.TensorType, bytes int) {
		gguf.DecodeFloats(t, make([]byte, bytes), make([]float32, 1))
	}
	for name, call := range map[string]func(){
		"blocks of a float type":    func() { gguf.DecodeBlocks(gguf.F16, nil, nil, nil, nil) },
		"blocks of short source":    func() { blocks(gguf.Q8_0, 33, 32) },
		"blocks of short codes":     func() { blocks(gguf.Q8_0, 34, 31) },
		"blocks without room for m": func() { blocks(gguf.Q4_1, 20, 32) },
		"blocks of a part": func() {
			gguf.DecodeBlocks(gguf.Q4_K, make([]byte, 72), nil, nil, nil)
		},
		"floats of an integer type": func() { floats(gguf.Q8_0, 34) },
		"floats of short source":    func() { floats(gguf.F32, 3) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			call()
		}()
	}
}
