package gguf

import (
	"cmp"
	"io"
	"math/bits"
	"slices"
	"unicode"
	"unicode/utf8"
)

const magic = "GGUF"

const alignmentKey = "general.alignment"

// defaultAlignment holds where the file names none.
const defaultAlignment = 32

// A File is the checked header of a GGUF file.
type File struct {
	Version    uint32   // 2 or 3
	Keys       []string // metadata keys in file order: those that can be asked for
	Passed     int      // metadata entries that cannot: of a key that no one has, or that came before
	Tensors    []Tensor // in file order
	Alignment  int64    // of tensor data, a power of two
	DataOffset int64    // of the first byte of tensor data in the file

	// parts are the files that Join has put together; a file of its own has itself alone.
	parts []*File

	r       io.ReaderAt
	size    int64 // of the file
	values  map[string]*Value
	byName  map[string]int
	offsets []int64 // of each tensor's table entry, for errors
}

// A Tensor is one entry of the tensor table.
type Tensor struct {
	Name   string
	Dims   []int64 // fastest first: Dims[0] is the length of a row
	Type   TensorType
	Offset int64 // from File.DataOffset
	Bytes  int64 // of data

	part int // of File.parts
}

// Columns is the length of a row, Rows the number of rows.
func (t *Tensor) Columns() int64 { return t.Dims[0] }

// Rows is the product of all dimensions but the first.
func (t *Tensor) Rows() int64 {
	rows := int64(1)
	for _, d := range t.Dims[1:] {
		rows *= d
	}
	return rows
}

// RowBytes is the number of bytes of one row of data.
func (t *Tensor) RowBytes() int64 { return t.Bytes / t.Rows() }

// Read reads and checks the header of the GGUF file of size bytes in r, which
// must stay readable for File.Data. Errors are of type *FormatError and wrap
// ErrInvalid, ErrUnsupported, ErrLimit or the error of r.
func Read(r io.ReaderAt, size int64) (*File, error) {
	if size < 0 {
		return nil, &FormatError{Offset: -1, Err: invalidf("size of %d bytes", size)}
	}
	c := newCursor(r, size)
	f := &File{r: r, size: size, values: map[string]*Value{}, byName: map[string]int{}}
	tensors, keys := c.preamble(f)
	for i := 0; i < keys && c.err == nil; i++ {
		c.entry(f)
	}
	f.alignment(c)
	for i := 0; i < tensors && c.err == nil; i++ {
		c.tensor(f)
	}
	f.place(c)
	if c.err != nil {
		return nil, c.err
	}
	f.parts = []*File{f}
	return f, nil
}

// preamble reads magic, version and the two counts.
func (c *cursor) preamble(f *File) (tensors, keys int) {
	var m [4]byte
	if !c.take(m[:]) {
		return 0, 0
	}
	if string(m[:]) != magic {
		c.fail(0, invalidf("not a GGUF file: begins with %q, want %q", m[:], magic))
		return 0, 0
	}
	f.Version = c.u32()
	if c.err != nil {
		return 0, 0
	}
	switch {
	case f.Version == 2 || f.Version == 3:
	case bits.ReverseBytes32(f.Version) <= 1<<8 && f.Version != 0:
		c.fail(4, unsupportedf("big-endian GGUF version %d", bits.ReverseBytes32(f.Version)))
	default:
		c.fail(4, unsupportedf("GGUF version %d, want 2 or 3", f.Version))
	}
	// The smallest table entry has a name of one byte, one dimension, a type
	// and an offset; the smallest metadata entry a key, a type and one byte.
	tensors = c.count("tensors", MaxTensors, 8+1+4+8+4+8)
	keys = c.count("metadata keys", MaxKeys, 8+1+4+1)
	return tensors, keys
}

// named reads a tensor's name. Names appear in messages, so they must be printable.
func (c *cursor) named(what string, limit uint64) {
	at := c.off
	c.name = ""
	name := c.str(what, limit)
	if c.err != nil {
		return
	}
	if !printable(name) {
		c.fail(at, invalidf("%s are %q, want printable text", what, name))
		return
	}
	c.name = name
}

// entry reads one metadata entry. Of a key that is no short printable text the value is passed
// over: no such key is ever asked for.
func (c *cursor) entry(f *File) {
	c.name = ""
	n := c.count("bytes of key", MaxHeaderBytes, 1)
	if n > MaxKeyBytes {
		c.discard(n)
	} else {
		c.name = c.text(n)
	}
	name := c.name
	v := c.value()
	if c.err != nil {
		return
	}
	switch first := f.values[name]; {
	case !printable(name):
		f.Passed++
	case first != nil:
		first.twice = true
		f.Passed++
	default:
		f.values[name] = &v
		f.Keys = append(f.Keys, name)
	}
}

// printable reports whether a name may stand in a message.
func printable(name string) bool {
	for _, r := range name {
		if !unicode.IsPrint(r) {
			return false
		}
	}
	return name != "" && utf8.ValidString(name)
}

// alignment takes general.alignment, which must be a power of two.
func (f *File) alignment(c *cursor) {
	f.Alignment = defaultAlignment
	if c.err != nil || !f.Has(alignmentKey) {
		return
	}
	n, err := f.Uint(alignmentKey)
	if err != nil {
		c.err = err
		return
	}
	c.name = alignmentKey
	at := f.values[alignmentKey].Offset
	switch {
	case bits.OnesCount64(n) != 1:
		c.fail(at, invalidf("alignment %d is no power of two", n))
	case n > MaxAlignment:
		c.fail(at, limitf("alignment %d, at most %d", n, MaxAlignment))
	}
	f.Alignment = int64(n)
}

// tensor reads one entry of the tensor table.
func (c *cursor) tensor(f *File) {
	at := c.off
	c.named("bytes of tensor name", MaxNameBytes)
	if _, ok := f.byName[c.name]; ok {
		c.fail(at, invalidf("tensor appears twice"))
	}
	t := Tensor{Name: c.name}
	dimsAt := c.off
	n := c.u32()
	if c.err == nil && (n < 1 || n > MaxDims) {
		c.fail(dimsAt, limitf("%d dimensions, want 1 to %d", n, MaxDims))
	}
	elements := uint64(1)
	for i := uint32(0); i < n && c.err == nil; i++ {
		dimAt := c.off
		d := c.u64()
		if c.err != nil {
			return
		}
		if d < 1 || d > MaxDim {
			c.fail(dimAt, limitf("dimension %d is %d, want 1 to %d", i, d, uint64(MaxDim)))
			return
		}
		// elements <= 2^40 and d <= 2^32, but their product may wrap.
		hi, lo := bits.Mul64(elements, d)
		if hi != 0 || lo > MaxElements {
			c.fail(dimAt, limitf("more than %d elements", uint64(MaxElements)))
			return
		}
		elements = lo
		t.Dims = append(t.Dims, int64(d))
	}
	typeAt := c.off
	t.Type = TensorType(c.u32())
	offsetAt := c.off
	offset := c.u64()
	if c.err != nil {
		return
	}
	l, ok := layouts[t.Type]
	if !ok {
		c.fail(typeAt, unsupportedf("tensor type %v; take the model in another one, such as Q4_K_M "+
			"or Q8_0", t.Type))
		return
	}
	if t.Dims[0]%int64(l.elements) != 0 {
		c.fail(typeAt, invalidf("rows of %d elements, but %v has blocks of %d",
			t.Dims[0], t.Type, l.elements))
		return
	}
	t.Bytes = int64(elements) / int64(l.elements) * int64(l.bytes) // below 2^43
	if offset > uint64(c.size) || offset%uint64(f.Alignment) != 0 {
		c.fail(offsetAt, invalidf("data at offset %d of a file of %d bytes aligned to %d",
			offset, c.size, f.Alignment))
		return
	}
	t.Offset = int64(offset)
	f.byName[t.Name] = len(f.Tensors)
	f.Tensors = append(f.Tensors, t)
	f.offsets = append(f.offsets, at)
}

// place finds the tensor data and checks that every tensor lies inside the
// file and that none overlaps another.
func (f *File) place(c *cursor) {
	if c.err != nil {
		return
	}
	c.name = ""
	f.DataOffset = (c.off + f.Alignment - 1) &^ (f.Alignment - 1) // at most 64 MiB + 64 KiB
	if len(f.Tensors) == 0 {
		return
	}
	room := c.size - f.DataOffset // may be negative
	order := make([]int, len(f.Tensors))
	for i := range order {
		order[i] = i
		t := &f.Tensors[i]
		if t.Offset > room || t.Bytes > room-t.Offset {
			c.name = t.Name
			c.fail(f.offsets[i],
				invalidf("data at offset %d of %d bytes ends past the file's %d bytes of data",
					t.Offset, t.Bytes, max(room, 0)))
			return
		}
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Compare(f.Tensors[a].Offset, f.Tensors[b].Offset)
	})
	for i, j := range order[1:] {
		prev, t := &f.Tensors[order[i]], &f.Tensors[j]
		if t.Offset < prev.Offset+prev.Bytes {
			c.name = t.Name
			c.fail(f.offsets[j], invalidf("data overlaps that of %q", prev.Name))
			return
		}
	}
}

// Tensor gives a tensor by its name, or nil.
func (f *File) Tensor(name string) *Tensor {
	if i, ok := f.byName[name]; ok {
		return &f.Tensors[i]
	}
	return nil
}

// Data reads the bytes of a tensor of this file.
func (f *File) Data(t *Tensor) *io.SectionReader {
	part := f.parts[t.part]
	return io.NewSectionReader(part.r, part.DataOffset+t.Offset, t.Bytes)
}
