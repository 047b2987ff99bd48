package gguf_test

import (
	"bytes"
	"errors"
	"io"
	"math"
	"testing"

	"github.com/spikechat/spikechat/tools/pack/gguf"
)

// FuzzRead wants a typed error or a file whose header writes back to the same
// bytes, and whose every tensor can be read and lies apart from all others.
func FuzzRead(f *testing.F) {
	for _, c := range bad {
		f.Add([]byte(c.file))
	}
	f.Add(sample().Bytes())
	f.Fuzz(func(t *testing.T, b []byte) {
		file, err := read(b)
		if err != nil {
			var fe *gguf.FormatError
			if file != nil || !errors.As(err, &fe) {
				t.Fatalf("file %v beside error %v", file, err)
			}
			if !errors.Is(err, gguf.ErrInvalid) && !errors.Is(err, gguf.ErrUnsupported) &&
				!errors.Is(err, gguf.ErrLimit) {
				t.Fatalf("error without a cause: %v", err)
			}
			return
		}
		if again := rewrite(t, file); again != nil && !bytes.HasPrefix(b, again) {
			t.Fatalf("the header\n%q\nwrites back as\n%q", b[:min(len(b), len(again))], again)
		}
		checkTensors(t, file, len(b))
	})
}

// FuzzDecodeBlocks wants codes of no more bits than the type has, and weights that come of them.
func FuzzDecodeBlocks(f *testing.F) {
	for typ := range gguf.TensorType(64) {
		if typ.Integer() {
			f.Add(uint32(typ), bytes.Repeat([]byte{0xff, 0x7b, 0x5a}, 200))
		}
	}
	f.Fuzz(func(t *testing.T, number uint32, data []byte) {
		typ := gguf.TensorType(number)
		if !typ.Integer() {
			return
		}
		blocks := len(data) / typ.BlockBytes()
		data = data[:blocks*typ.BlockBytes()]
		codes := make([]uint8, blocks*typ.BlockElements())
		d := make([]float32, len(codes)/typ.Group())
		m := make([]float32, len(d))
		gguf.DecodeBlocks(typ, data, codes, d, m)
		for j, w := range gguf.Weights(typ, data) {
			g := j / typ.Group()
			want := d[g]*float32(codes[j]) + m[g]
			if !typ.StoresMin() {
				want = d[g] * float32(int(codes[j])+typ.MinFactor())
			}
			if codes[j] > 1<<typ.Bits()-1 || w != want && w-w == 0 && !near(w, want) {
				t.Fatalf("%v: weight %d is %v, want %v of code %d", typ, j, w, want, codes[j])
			}
		}
	})
}

// near allows for one rounding, which a processor with fused additions leaves out.
func near(a, b float32) bool { return math.Abs(float64(a-b)) <= 1e-6*math.Abs(float64(a)+1) }

// checkTensors reads the data of every tensor of a file of size bytes.
func checkTensors(t *testing.T, file *gguf.File, size int) {
	t.Helper()
	used := make([]bool, size)
	for i := range file.Tensors {
		tensor := &file.Tensors[i]
		if file.Tensor(tensor.Name) != tensor {
			t.Fatalf("tensor %q is not found by its name", tensor.Name)
		}
		if tensor.Columns()*tensor.Rows() < 1 || tensor.RowBytes()*tensor.Rows() != tensor.Bytes {
			t.Fatalf("tensor %+v does not consist of its rows", tensor)
		}
		data, err := io.ReadAll(file.Data(tensor))
		if err != nil || int64(len(data)) != tensor.Bytes {
			t.Fatalf("tensor %q: read %d of %d bytes, %v", tensor.Name, len(data), tensor.Bytes, err)
		}
		for j := range data {
			at := file.DataOffset + tensor.Offset + int64(j)
			if used[at] {
				t.Fatalf("tensor %q shares byte %d", tensor.Name, at)
			}
			used[at] = true
		}
	}
}

// rewrite gives the header of a file from what was read of it; nil where it has a value that is
// passed over, or refused when it is read, or a float that is no number, whose bits a conversion
// may change.
func rewrite(t *testing.T, file *gguf.File) raw {
	t.Helper()
	if file.Passed > 0 {
		return nil
	}
	b := raw("GGUF").u32(file.Version).u64(uint64(len(file.Tensors))).u64(uint64(len(file.Keys)))
	for _, key := range file.Keys {
		v := file.Value(key)
		if v == nil || v.Type != gguf.Array && v.Len() != 1 {
			t.Fatalf("key %q: %+v", key, v)
		}
		b = b.key(key, v.Type)
		elem := v.Type
		if v.Type == gguf.Array {
			elem = v.Elem
			b = b.u32(uint32(elem)).u64(uint64(v.Len()))
		}
		ints, floats, bools, strings, err := file.Parts(key)
		if errors.Is(err, gguf.ErrInvalid) || errors.Is(err, gguf.ErrLimit) ||
			errors.Is(err, gguf.ErrUnsupported) {
			return nil
		} else if err != nil {
			t.Fatalf("key %q: %v", key, err)
		}
		for _, n := range ints {
			b = b.integer(elem, n)
		}
		for _, x := range floats {
			if math.IsNaN(x) {
				return nil
			}
			if elem == gguf.Float32 {
				b = b.u32(math.Float32bits(float32(x)))
			} else {
				b = b.u64(math.Float64bits(x))
			}
		}
		for _, yes := range bools {
			n := byte(0)
			if yes {
				n = 1
			}
			b = append(b, n)
		}
		for _, s := range strings {
			b = b.str(s)
		}
	}
	for _, tensor := range file.Tensors {
		var dims []uint64
		for _, d := range tensor.Dims {
			dims = append(dims, uint64(d))
		}
		b = b.tensor(tensor.Name, tensor.Type, uint64(tensor.Offset), dims...)
	}
	if n := int64(len(b)); n > file.DataOffset || n <= file.DataOffset-file.Alignment {
		t.Fatalf("a header of %d bytes, and data at %d aligned to %d", n, file.DataOffset, file.Alignment)
	}
	return b
}

// integer appends an integer of the width of t.
func (b raw) integer(t gguf.ValueType, n int64) raw {
	switch t {
	case gguf.Uint8, gguf.Int8:
		return append(b, byte(n))
	case gguf.Uint16, gguf.Int16:
		return append(b, byte(n), byte(n>>8))
	case gguf.Uint32, gguf.Int32:
		return b.u32(uint32(n))
	}
	return b.u64(uint64(n))
}
