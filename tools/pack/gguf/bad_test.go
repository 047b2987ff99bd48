package gguf_test

import (
	"encoding/binary"
	"errors"
	"runtime"
	"strings"
	"testing"

	"github.com/spikechat/spikechat/tools/pack/gguf"
)

// raw appends GGUF fields one by one, so that each may be wrong.
type raw []byte

func header(tensors, keys uint64) raw { return raw("GGUF").u32(3).u64(tensors).u64(keys) }

func (b raw) u32(v uint32) raw { return binary.LittleEndian.AppendUint32(b, v) }
func (b raw) u64(v uint64) raw { return binary.LittleEndian.AppendUint64(b, v) }
func (b raw) str(s string) raw { return append(b.u64(uint64(len(s))), s...) }
func (b raw) zeros(n int) raw  { return append(b, make([]byte, n)...) }

// key is a metadata entry without its value.
func (b raw) key(name string, t gguf.ValueType) raw { return b.str(name).u32(uint32(t)) }

// array is an array's value without its elements.
func (b raw) array(t gguf.ValueType, length uint64) raw { return b.u32(uint32(t)).u64(length) }

// tensor is one entry of the tensor table.
func (b raw) tensor(name string, t gguf.TensorType, offset uint64, dims ...uint64) raw {
	b = b.str(name).u32(uint32(len(dims)))
	for _, d := range dims {
		b = b.u64(d)
	}
	return b.u32(uint32(t)).u64(offset)
}

// data pads the header to the default alignment and adds n bytes of data.
func (b raw) data(n int) raw { return b.zeros((32-len(b)%32)%32 + n) }

// bad lists files that must be refused, each with its cause and a word of the
// message. The entries with a link are faults that other readers have had.
var bad = []struct {
	name string
	file raw
	err  error
	word string
}{
	{"empty file", nil, gguf.ErrInvalid, "cut short"},
	{"another magic", raw("PK\x03\x04").zeros(20), gguf.ErrInvalid, "not a GGUF file"},
	{"lower-case magic", raw("gguf").u32(3).zeros(16), gguf.ErrInvalid, "not a GGUF file"},
	{"version 0", raw("GGUF").u32(0).zeros(16), gguf.ErrUnsupported, "version 0"},
	{"version 1", raw("GGUF").u32(1).zeros(16), gguf.ErrUnsupported, "version 1"},
	{"version 4", raw("GGUF").u32(4).zeros(16), gguf.ErrUnsupported, "version 4"},
	{"big-endian", raw("GGUF").u32(3 << 24).zeros(16),
		gguf.ErrUnsupported, "big-endian GGUF version 3"},

	// Counts: ggml-org/ggml#1516, 160 bytes that ask for gigabytes.
	{"tensors beyond limit", header(gguf.MaxTensors+1, 0), gguf.ErrLimit, "tensors"},
	{"tensors of negative count", header(1<<64-1, 0), gguf.ErrLimit, "tensors"},
	{"tensors beyond file", header(60000, 0).zeros(100), gguf.ErrInvalid, "do not fit"},
	{"keys beyond limit", header(0, gguf.MaxKeys+1), gguf.ErrLimit, "metadata keys"},
	{"keys of negative count", header(0, 1<<63), gguf.ErrLimit, "metadata keys"},
	{"keys beyond file", header(0, 4000).zeros(100), gguf.ErrInvalid, "do not fit"},

	// Names.
	{"key of negative length", header(0, 1).u64(1 << 63).zeros(40), gguf.ErrLimit, "bytes of key"},
	{"key beyond file", header(0, 1).u64(500).zeros(40), gguf.ErrInvalid, "do not fit"},
	{"alignment twice", header(0, 2).key("general.alignment", gguf.Uint32).u32(32).
		key("general.alignment", gguf.Uint32).u32(32), gguf.ErrInvalid, "key appears twice"},

	// Values: llama.cpp#26690, arrays of confused type.
	{"unknown value type", header(0, 1).key("a", 13).zeros(20), gguf.ErrInvalid, "number 13"},
	{"huge value type", header(0, 1).key("a", 1<<31).zeros(20), gguf.ErrInvalid, "unknown value type"},
	{"unknown element type", header(0, 1).key("a", gguf.Array).u32(77).u64(1).zeros(8),
		gguf.ErrInvalid, "number 77"},
	{"arrays nested deep", nested(1000), gguf.ErrLimit, "arrays inside each other"},
	{"array of arrays beyond file",
		header(0, 1).key("a", gguf.Array).array(gguf.Array, 900).array(gguf.Uint8, 1).zeros(100),
		gguf.ErrInvalid, "do not fit"},
	{"array of arrays of an unknown type",
		header(0, 1).key("a", gguf.Array).array(gguf.Array, 1).array(55, 1).zeros(100),
		gguf.ErrInvalid, "number 55"},
	{"array of negative length", header(0, 1).key("a", gguf.Array).array(gguf.Uint8, 1<<64-1).zeros(8),
		gguf.ErrLimit, "array elements"},
	{"array beyond file", header(0, 1).key("a", gguf.Array).array(gguf.String, 1<<20).zeros(400),
		gguf.ErrInvalid, "do not fit"},
	{"array of more strings than lengths fit",
		header(0, 1).key("a", gguf.Array).array(gguf.String, 50).zeros(399),
		gguf.ErrInvalid, "50 array elements do not fit"},
	{"strings beyond file", header(0, 1).key("a", gguf.Array).array(gguf.String, 2).str("b").u64(900),
		gguf.ErrInvalid, "do not fit"},
	{"value cut short", header(0, 1).key("a", gguf.Uint64).zeros(7),
		gguf.ErrInvalid, "needs 8 more bytes"},

	// Alignment: llama.cpp#27188 loops for ever, ggml#1516 and llama.cpp#26318 overflow when padding.
	{"alignment 0", header(0, 1).key("general.alignment", gguf.Uint32).u32(0),
		gguf.ErrInvalid, "no power of two"},
	{"alignment 48", header(0, 1).key("general.alignment", gguf.Uint32).u32(48),
		gguf.ErrInvalid, "no power of two"},
	{"alignment huge", header(0, 1).key("general.alignment", gguf.Uint64).u64(1 << 62),
		gguf.ErrLimit, "alignment"},
	{"alignment beyond limit",
		header(0, 1).key("general.alignment", gguf.Uint32).u32(2 * gguf.MaxAlignment),
		gguf.ErrLimit, "alignment"},
	{"alignment negative", header(0, 1).key("general.alignment", gguf.Int32).u32(1 << 31),
		gguf.ErrInvalid, "negative"},
	{"alignment text", header(0, 1).key("general.alignment", gguf.String).str("32"),
		gguf.ErrInvalid, "is of type string"},
	{"alignment array",
		header(0, 1).key("general.alignment", gguf.Array).array(gguf.Uint32, 1).u32(32),
		gguf.ErrInvalid, "is of type array of uint32"},

	// Tensor table: llama.cpp#18674 and #26245, products of dimensions that wrap.
	{"tensor without name", header(1, 0).tensor("", gguf.F32, 0, 8).data(32),
		gguf.ErrInvalid, "want printable text"},
	{"tensor name beyond limit",
		header(1, 0).tensor(strings.Repeat("n", gguf.MaxNameBytes+1), gguf.F32, 0, 8).data(32),
		gguf.ErrLimit, "tensor name"},
	{"tensor twice", header(2, 0).tensor("w", gguf.F32, 0, 8).tensor("w", gguf.F32, 32, 8).data(64),
		gguf.ErrInvalid, "tensor appears twice"},
	{"no dimensions", header(1, 0).tensor("w", gguf.F32, 0).data(32), gguf.ErrLimit, "0 dimensions"},
	{"five dimensions", header(1, 0).tensor("w", gguf.F32, 0, 1, 1, 1, 1, 1).data(32),
		gguf.ErrLimit, "5 dimensions"},
	{"dimensions without end", header(1, 0).str("w").u32(1<<32 - 1).zeros(64),
		gguf.ErrLimit, "4294967295 dimensions"},
	{"dimension 0", header(1, 0).tensor("w", gguf.F32, 0, 8, 0).data(32),
		gguf.ErrLimit, "dimension 1 is 0"},
	{"dimension negative", header(1, 0).tensor("w", gguf.F32, 0, 1<<64-8).data(32),
		gguf.ErrLimit, "dimension 0"},
	{"product wraps to 0", header(1, 0).tensor("w", gguf.F32, 0, 1<<32, 1<<32).data(32),
		gguf.ErrLimit, "elements"},
	{"product wraps to small", header(1, 0).tensor("w", gguf.F32, 0, 1<<31, 1<<31, 4, 8).data(32),
		gguf.ErrLimit, "elements"},
	{"elements beyond limit", header(1, 0).tensor("w", gguf.F32, 0, 1<<21, 1<<20).data(32),
		gguf.ErrLimit, "elements"},
	{"bytes beyond file", header(1, 0).tensor("w", gguf.F32, 0, 1<<20, 1<<20).data(32),
		gguf.ErrInvalid, "ends past"},
	{"row no whole block", header(1, 0).tensor("w", gguf.Q4_0, 0, 48, 2).data(64),
		gguf.ErrInvalid, "blocks of 32"},
	{"type by name", header(1, 0).tensor("w", 16, 0, 256).data(144),
		gguf.ErrUnsupported, `"w": byte 45: unsupported: tensor type IQ2_XXS`},
	{"type withdrawn", header(1, 0).tensor("w", 4, 0, 32).data(32), gguf.ErrUnsupported, "Q4_2"},
	{"type unknown", header(1, 0).tensor("w", 1000, 0, 32).data(32),
		gguf.ErrUnsupported, "number 1000"},
	{"offset not aligned", header(1, 0).tensor("w", gguf.F32, 8, 8).data(64),
		gguf.ErrInvalid, "aligned to 32"},
	{"offset past end", header(1, 0).tensor("w", gguf.F32, 64, 8).data(64),
		gguf.ErrInvalid, "ends past"},
	{"offset far past end", header(1, 0).tensor("w", gguf.F32, 1<<63, 8).data(64),
		gguf.ErrInvalid, "offset"},
	{"offset and size wrap", header(1, 0).tensor("w", gguf.F32, 1<<64-32, 8).data(64),
		gguf.ErrInvalid, "offset"},
	{"data begins past end", header(1, 0).tensor("w", gguf.F32, 0, 8), gguf.ErrInvalid, "ends past"},
	{"tensors overlap",
		header(2, 0).tensor("v", gguf.F32, 0, 16).tensor("w", gguf.F32, 32, 8).data(64),
		gguf.ErrInvalid, `data overlaps that of "v"`},
	{"tensors overlap, other order",
		header(2, 0).tensor("v", gguf.F32, 32, 8).tensor("w", gguf.F32, 0, 16).data(64),
		gguf.ErrInvalid, `data overlaps that of "w"`},
	{"tensors on one place",
		header(2, 0).tensor("v", gguf.F32, 0, 8).tensor("w", gguf.F32, 0, 8).data(64),
		gguf.ErrInvalid, "data overlaps"},
}

// nested is an array of an array of an array, and so on.
func nested(depth int) raw {
	b := header(0, 1).key("a", gguf.Array)
	for range depth {
		b = b.array(gguf.Array, 1)
	}
	return b.array(gguf.Uint8, 1).zeros(1)
}

func TestReadRefusesBadFiles(t *testing.T) {
	for _, c := range bad {
		f, err := read(c.file)
		if f != nil || !errors.Is(err, c.err) || !strings.Contains(err.Error(), c.word) {
			t.Errorf("%s: got %v, want %v with %q", c.name, err, c.err, c.word)
			continue
		}
		var fe *gguf.FormatError
		if !errors.As(err, &fe) || fe.Offset < 0 || fe.Offset > int64(len(c.file)) {
			t.Errorf("%s: %v has no offset inside the file", c.name, err)
		}
	}
	if _, err := gguf.Read(strings.NewReader(""), -1); !errors.Is(err, gguf.ErrInvalid) {
		t.Errorf("negative size: %v", err)
	}
}

// A small file must not take much memory, whatever it claims.
func TestReadTakesLittleMemoryForBadFiles(t *testing.T) {
	for _, c := range bad {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		read(c.file)
		runtime.ReadMemStats(&after)
		if took := after.TotalAlloc - before.TotalAlloc; took > 1<<20 {
			t.Errorf("%s: %d bytes of file took %d bytes of memory", c.name, len(c.file), took)
		}
	}
}

// Values are checked when they are read: nobody reads these, and so the file is good.
func TestOddValuesAreRefusedWhereTheyAreRead(t *testing.T) {
	for _, c := range []struct {
		name string
		file raw
		read func(f *gguf.File) error
		err  error
		word string
	}{
		{"string beyond limit",
			header(0, 1).key("a", gguf.String).str(strings.Repeat("x", gguf.MaxStringBytes+1)),
			func(f *gguf.File) error { _, err := f.String("a"); return err },
			gguf.ErrLimit, "bytes of string"},
		{"bool of 9", append(header(0, 1).key("a", gguf.Bool), 9),
			func(f *gguf.File) error { _, err := f.Bool("a"); return err },
			gguf.ErrInvalid, "bool of value 9"},
		{"integer beyond int64", header(0, 1).key("a", gguf.Uint64).u64(1 << 63),
			func(f *gguf.File) error { _, err := f.Uint("a"); return err },
			gguf.ErrLimit, "integer"},
	} {
		f, err := read(c.file.zeros(64))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		err = c.read(f)
		if !errors.Is(err, c.err) || !strings.Contains(err.Error(), c.word) {
			t.Errorf("%s: got %v, want %v with %q", c.name, err, c.err, c.word)
		}
	}
}
