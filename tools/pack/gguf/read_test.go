package gguf_test

import (
	"bytes"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/spikechat/spikechat/tools/pack/gguf"
	"github.com/spikechat/spikechat/tools/pack/internal/ggufenc"
)

// sample is a small file that uses every metadata type and two tensor types.
func sample() *ggufenc.File {
	f := &ggufenc.File{}
	f.Add("u8", uint8(200))
	f.Add("i8", int8(-3))
	f.Add("u16", uint16(60000))
	f.Add("i16", int16(-300))
	f.Add("u32", uint32(1<<31))
	f.Add("i32", int32(-1<<31))
	f.Add("u64", uint64(1<<62))
	f.Add("i64", int64(-1<<62))
	f.Add("f32", float32(0.25))
	f.Add("f64", 1e-300)
	f.Add("yes", true)
	f.Add("text", "spike")
	f.Add("empty", "")
	f.Add("words", []string{"a", "", "c"})
	f.Add("ints", []int32{-1, 2})
	f.Add("counts", []uint32{7})
	f.Add("floats", []float32{1.5})
	f.Add("bools", []bool{true, false})
	f.Add("none", []string{})
	f.Tensor("w", uint32(gguf.Q8_0), []uint64{64, 3}, bytes.Repeat([]byte{1}, 3*2*34))
	f.Tensor("norm", uint32(gguf.F32), []uint64{5}, bytes.Repeat([]byte{2}, 20))
	return f
}

func read(b []byte) (*gguf.File, error) { return gguf.Read(bytes.NewReader(b), int64(len(b))) }

func TestReadGivesBackWhatWasWritten(t *testing.T) {
	for _, c := range []struct {
		version   uint32
		alignment int
	}{{2, 0}, {3, 0}, {3, 1}, {3, 8}, {3, 4096}} {
		enc := sample()
		enc.Version, enc.Alignment = c.version, c.alignment
		f, err := read(enc.Bytes())
		if err != nil {
			t.Fatalf("version %d alignment %d: %v", c.version, c.alignment, err)
		}
		if f.Version != c.version || c.alignment != 0 && f.Alignment != int64(c.alignment) {
			t.Errorf("version %d alignment %d: read as %d, %d",
				c.version, c.alignment, f.Version, f.Alignment)
		}
		checkSample(t, f)
	}
}

func checkSample(t *testing.T, f *gguf.File) {
	t.Helper()
	equal := func(name string, got any, err error, want any) {
		t.Helper()
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %v, %v; want %v", name, got, err, want)
		}
	}
	for key, want := range map[string]uint64{"u8": 200, "u16": 60000, "u32": 1 << 31, "u64": 1 << 62} {
		got, err := f.Uint(key)
		equal(key, got, err, want)
	}
	f32, err := f.Float("f32")
	equal("f32", f32, err, 0.25)
	f64, err := f.Float("f64")
	equal("f64", f64, err, 1e-300)
	yes, err := f.Bool("yes")
	equal("yes", yes, err, true)
	text, err := f.String("text")
	equal("text", text, err, "spike")
	empty, err := f.String("empty")
	equal("empty", empty, err, "")
	words, err := f.Strings("words")
	equal("words", words, err, []string{"a", "", "c"})
	ints, err := f.Ints("ints")
	equal("ints", ints, err, []int64{-1, 2})
	counts, err := f.Ints("counts")
	equal("counts", counts, err, []int64{7})
	floats, err := f.Floats("floats")
	equal("floats", floats, err, []float64{1.5})
	none, err := f.Strings("none")
	equal("none", len(none), err, 0)
	if n := f.Value("bools").Len(); n != 2 {
		t.Errorf("bools: %d elements, want 2", n)
	}
	if len(f.Keys) < 19 || f.Keys[0] != "u8" {
		t.Errorf("keys in file order: %q", f.Keys)
	}

	w, norm := f.Tensor("w"), f.Tensor("norm")
	if w == nil || w.Columns() != 64 || w.Rows() != 3 || w.RowBytes() != 68 || w.Type != gguf.Q8_0 {
		t.Errorf("tensor w: %+v", w)
	}
	if norm == nil || norm.Columns() != 5 || norm.Rows() != 1 || norm.Bytes != 20 {
		t.Fatalf("tensor norm: %+v", norm)
	}
	data, err := io.ReadAll(f.Data(norm))
	equal("norm data", data, err, bytes.Repeat([]byte{2}, 20))
	data, err = io.ReadAll(f.Data(w))
	equal("w data", data, err, bytes.Repeat([]byte{1}, 3*2*34))
	if f.Tensor("nothing") != nil {
		t.Error("tensor that is not there")
	}
}

func TestAccessorsNameKeyAndType(t *testing.T) {
	f, err := read(sample().Bytes())
	if err != nil {
		t.Fatal(err)
	}
	calls := map[string]func(key string) error{
		"String":  func(k string) error { _, err := f.String(k); return err },
		"Uint":    func(k string) error { _, err := f.Uint(k); return err },
		"Float":   func(k string) error { _, err := f.Float(k); return err },
		"Bool":    func(k string) error { _, err := f.Bool(k); return err },
		"Strings": func(k string) error { _, err := f.Strings(k); return err },
		"Ints":    func(k string) error { _, err := f.Ints(k); return err },
		"Floats":  func(k string) error { _, err := f.Floats(k); return err },
	}
	fits := map[string]map[string]bool{
		"String":  {"text": true, "empty": true},
		"Uint":    {"u8": true, "u16": true, "u32": true, "u64": true},
		"Float":   {"f32": true, "f64": true},
		"Bool":    {"yes": true},
		"Strings": {"words": true, "none": true},
		"Ints":    {"ints": true, "counts": true},
		"Floats":  {"floats": true},
	}
	for name, call := range calls {
		for _, key := range append(f.Keys, "absent") {
			err := call(key)
			if fits[name][key] != (err == nil) {
				t.Errorf("%s(%q): %v", name, key, err)
			}
			var fe *gguf.FormatError
			if err != nil && (!errors.As(err, &fe) || fe.Name != key || !errors.Is(err, gguf.ErrInvalid)) {
				t.Errorf("%s(%q): error %v does not name the key", name, key, err)
			}
		}
	}
}

// Every prefix of a sound file is refused, except that the padding after the
// last tensor may be missing.
func TestReadRefusesEveryCut(t *testing.T) {
	enc := sample()
	whole := enc.Bytes()
	f, err := read(whole)
	if err != nil {
		t.Fatal(err)
	}
	norm := f.Tensor("norm")
	end := int(f.DataOffset + norm.Offset + norm.Bytes)
	for n := range whole {
		f, err := read(whole[:n])
		switch {
		case n >= end && err != nil:
			t.Errorf("cut to %d of %d bytes: %v", n, len(whole), err)
		case n < end && (f != nil || !errors.Is(err, gguf.ErrInvalid)):
			t.Errorf("cut to %d of %d bytes: %v, want %v", n, len(whole), err, gguf.ErrInvalid)
		}
	}
}

// zeros is a file that goes on with zeros, and counts what is read of it.
type zeros struct {
	head []byte
	read int
}

func (z *zeros) ReadAt(p []byte, at int64) (int, error) {
	clear(p)
	copy(p, z.head[min(at, int64(len(z.head))):])
	z.read += len(p)
	return len(p), nil
}

// A header may be well-formed, inside its file, and still too large. What is large and not asked
// for is not read either.
func TestReadBoundsTheHeader(t *testing.T) {
	for _, c := range []struct {
		n    uint64
		want error
	}{{gguf.MaxHeaderBytes - 200, nil}, {gguf.MaxHeaderBytes - 10, gguf.ErrLimit}} {
		file := &zeros{head: header(0, 1).key("a", gguf.Array).array(gguf.Uint8, c.n)}
		f, err := gguf.Read(file, 1<<30)
		if !errors.Is(err, c.want) {
			t.Errorf("array of %d bytes: %v, want %v", c.n, err, c.want)
		}
		if file.read > 1<<18 {
			t.Errorf("array of %d bytes: read %d", c.n, file.read)
		}
		if err != nil {
			continue
		}
		if _, err := f.Ints("a"); !errors.Is(err, gguf.ErrLimit) {
			t.Errorf("array of %d bytes that is asked for: %v", c.n, err)
		}
	}
}

// Keys and values that nobody asks for do no harm, and what follows them is read.
func TestValuesThatNobodyAsksFor(t *testing.T) {
	array := func(b raw) raw { return b.key("nested", gguf.Array) }
	for name, file := range map[string]raw{
		"empty key":           header(0, 2).key("", gguf.Uint8).zeros(1),
		"key of 60 KB":        header(0, 2).key(strings.Repeat("k", 60000), gguf.Uint64).zeros(8),
		"key that is no text": header(0, 2).key("a\xffb", gguf.String).str("x"),
		"key with escape":     header(0, 2).key("a\x1b[2J", gguf.Bool).zeros(1),
		"key twice":           header(0, 3).key("a", gguf.Uint8).zeros(1).key("a", gguf.String).str("b"),
		"bool of 7":           append(header(0, 2).key("a", gguf.Bool), 7),
		"string of 3 MB":      header(0, 2).key("a", gguf.String).str(strings.Repeat("x", 3<<20)),
		"2 M numbers":         header(0, 2).key("a", gguf.Array).array(gguf.Uint16, 2<<20).zeros(4 << 20),
		"nested arrays": array(header(0, 2)).array(gguf.Array, 2).array(gguf.String, 2).
			str("a").str("bc").array(gguf.Array, 1).array(gguf.Int64, 3).zeros(24),
		"nested empty arrays": array(header(0, 2)).array(gguf.Array, 2).array(gguf.Array, 0).
			array(gguf.Uint8, 0),
	} {
		f, err := read(file.key("general.name", gguf.String).str("behind"))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got, err := f.String("general.name"); got != "behind" {
			t.Errorf("%s: %q, %v", name, got, err)
		}
		for _, key := range f.Keys {
			if key != "general.name" {
				if _, err := f.Strings(key); err == nil {
					t.Errorf("%s: is given", name)
				}
			}
		}
	}
}

func TestReadPassesOnReadErrors(t *testing.T) {
	whole := sample().Bytes()
	// The reader claims more than it can give: a file cut while it is read.
	short := readerAt{iotest.ErrReader(io.ErrClosedPipe)}
	if f, err := gguf.Read(short, int64(len(whole))); f != nil || !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("got %v, %v", f, err)
	}
}

type readerAt struct{ io.Reader }

func (r readerAt) ReadAt(p []byte, _ int64) (int, error) { return r.Read(p) }
