package gguf

import (
	"bufio"
	"encoding/binary"
	"io"
	"math"
)

// cursor reads the header forward. Each read is checked against the size of
// the file and the limit on headers first; the first error sticks.
type cursor struct {
	file io.ReaderAt
	r    *bufio.Reader
	off  int64
	size int64  // of the file
	name string // key or tensor being read, for errors
	err  error
	buf  [8]byte

	scratch []byte // the string being read
}

// bufferBytes is read at a time.
const bufferBytes = 1 << 16

func newCursor(r io.ReaderAt, size int64) *cursor {
	section := io.NewSectionReader(r, 0, size)
	return &cursor{file: r, r: bufio.NewReaderSize(section, bufferBytes), size: size}
}

// fail keeps the first error, with the place where it was met.
func (c *cursor) fail(off int64, err error) {
	if c.err == nil {
		c.err = &FormatError{Name: c.name, Offset: off, Err: err}
	}
}

// left is the number of bytes that the header may still have.
func (c *cursor) left() uint64 { return uint64(min(c.size, MaxHeaderBytes) - c.off) }

// need checks that n more bytes may be read.
func (c *cursor) need(n uint64) bool {
	if c.err != nil {
		return false
	}
	if n > uint64(c.size-c.off) {
		c.fail(c.off, invalidf("cut short: needs %d more bytes, %d left", n, c.size-c.off))
		return false
	}
	if n > c.left() {
		c.fail(c.off, limitf("header larger than %d bytes", MaxHeaderBytes))
		return false
	}
	return true
}

// take fills p, which the caller has made small enough.
func (c *cursor) take(p []byte) bool {
	if !c.need(uint64(len(p))) {
		return false
	}
	if _, err := io.ReadFull(c.r, p); err != nil {
		c.fail(c.off, err)
		return false
	}
	c.off += int64(len(p))
	return true
}

func (c *cursor) u8() uint8 {
	if !c.take(c.buf[:1]) {
		return 0
	}
	return c.buf[0]
}

func (c *cursor) u16() uint16 {
	if !c.take(c.buf[:2]) {
		return 0
	}
	return binary.LittleEndian.Uint16(c.buf[:])
}

func (c *cursor) u32() uint32 {
	if !c.take(c.buf[:4]) {
		return 0
	}
	return binary.LittleEndian.Uint32(c.buf[:])
}

func (c *cursor) u64() uint64 {
	if !c.take(c.buf[:8]) {
		return 0
	}
	return binary.LittleEndian.Uint64(c.buf[:])
}

// count reads a length or count and holds it to limit. Each of the things
// counted takes at least size bytes, which must be left in the file: a small
// file cannot ask for much memory.
func (c *cursor) count(what string, limit uint64, size int) int {
	at := c.off
	n := c.u64()
	if c.err != nil {
		return 0
	}
	if n > limit {
		c.fail(at, limitf("%d %s, at most %d", n, what, limit))
		return 0
	}
	if rest := uint64(c.size - c.off); n > rest/uint64(size) {
		c.fail(at, invalidf("%d %s do not fit into the %d bytes left", n, what, rest))
		return 0
	}
	if !c.need(n * uint64(size)) { // both factors are small by now
		return 0
	}
	return int(n)
}

// str reads a string of at most limit bytes.
func (c *cursor) str(what string, limit uint64) string { return c.text(c.count(what, limit, 1)) }

// text reads n bytes, which the caller has found to be few enough.
func (c *cursor) text(n int) string {
	if c.err != nil || n == 0 {
		return ""
	}
	if n > cap(c.scratch) {
		c.scratch = make([]byte, n)
	}
	p := c.scratch[:n]
	if !c.take(p) {
		return ""
	}
	return string(p)
}

// discard passes over n bytes, which count has found to be there. Those of a large value are not
// read.
func (c *cursor) discard(n int) {
	switch {
	case c.err != nil:
	case n > 2*bufferBytes:
		c.seek(c.off + int64(n))
	default:
		if _, err := c.r.Discard(n); err != nil {
			c.fail(c.off, err)
			return
		}
		c.off += int64(n)
	}
}

// seek goes to a place of the file that was read before.
func (c *cursor) seek(off int64) {
	c.r.Reset(io.NewSectionReader(c.file, off, c.size-off))
	c.off = off
}

func (c *cursor) boolean() bool {
	at := c.off
	b := c.u8()
	if b > 1 {
		c.fail(at, invalidf("bool of value %d", b))
	}
	return b == 1
}

// integer reads an integer value of type t. Unsigned values that do not fit
// an int64 are refused: nothing in a model needs them.
func (c *cursor) integer(t ValueType) int64 {
	at := c.off
	switch t {
	case Uint8:
		return int64(c.u8())
	case Int8:
		return int64(int8(c.u8()))
	case Uint16:
		return int64(c.u16())
	case Int16:
		return int64(int16(c.u16()))
	case Uint32:
		return int64(c.u32())
	case Int32:
		return int64(int32(c.u32()))
	case Int64:
		return int64(c.u64())
	default: // Uint64
		n := c.u64()
		if n > math.MaxInt64 {
			c.fail(at, limitf("integer %d, at most %d", n, uint64(math.MaxInt64)))
			return 0
		}
		return int64(n)
	}
}

func (c *cursor) float(t ValueType) float64 {
	if t == Float32 {
		return float64(math.Float32frombits(c.u32()))
	}
	return math.Float64frombits(c.u64())
}
