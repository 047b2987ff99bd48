package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"github.com/spikechat/spikechat/tools/internal/wasmfile"
)

// errModule is a module that is cut short, or holds what Go does not emit.
var errModule = errors.New("not a module as Go makes it")

const (
	dataSection = 11

	// What a segment of Go's begins with, and what stands behind its address.
	active   = 0
	i32Const = 0x41
	end      = 0x0b
)

// most is how many zeros are written out, rather than a segment begun. 24 leaves 127 segments of
// the engine's 44,843; its module has 10 % more bytes, but 6 % fewer with gzip. More changes
// little.
const most = 24

// segment is bytes that are at an address of the memory when the module starts.
type segment struct {
	at    uint64
	bytes []byte
}

// joinData returns the module with those segments joined that have at most so many bytes between
// them, which nothing before them has written to. Memory begins as before, and all other sections
// keep their bytes. It fails with errModule.
func joinData(module []byte) ([]byte, error) {
	if !bytes.HasPrefix(module, wasmfile.Header) {
		return nil, fmt.Errorf("%w: no header", errModule)
	}
	r, joined := reader{rest: module[len(wasmfile.Header):]}, bytes.Clone(wasmfile.Header)
	for len(r.rest) > 0 && r.err == nil {
		id, section := r.byte(), r.sized()
		if id == dataSection && r.err == nil {
			segments, err := readSegments(section)
			if err != nil {
				return nil, err
			}
			section = appendSegments(nil, join(segments))
		}
		joined = appendSized(append(joined, id), section)
	}
	return joined, r.err
}

// join joins neighbours. Segments are written in their order, so that later ones win.
func join(segments []segment) (joined []segment) {
	for _, s := range segments {
		if n := len(joined); n > 0 {
			last := &joined[n-1]
			if free := last.end(); s.at >= free && s.at-free <= most && untouched(joined, free, s.at) {
				last.bytes = append(append(last.bytes, make([]byte, s.at-free)...), s.bytes...)
				continue
			}
		}
		joined = append(joined, segment{s.at, bytes.Clone(s.bytes)})
	}
	return joined
}

func (s *segment) end() uint64 { return s.at + uint64(len(s.bytes)) }

// untouched reports whether no segment has a byte at from to to-1.
func untouched(segments []segment, from, to uint64) bool {
	for i := range segments {
		if segments[i].at < to && segments[i].end() > from {
			return false
		}
	}
	return true
}

func readSegments(section []byte) (segments []segment, err error) {
	r := reader{rest: section}
	for n := r.number(); n > 0 && r.err == nil; n-- {
		if r.byte() != active || r.byte() != i32Const {
			r.fail("a segment without an address")
		}
		at := r.address()
		if r.byte() != end {
			r.fail("an address that is calculated")
		}
		segments = append(segments, segment{at, r.sized()})
	}
	if len(r.rest) > 0 {
		r.fail("%d bytes behind the last segment", len(r.rest))
	}
	return segments, r.err
}

func appendSegments(to []byte, segments []segment) []byte {
	to = binary.AppendUvarint(to, uint64(len(segments)))
	for _, s := range segments {
		to = append(appendAddress(append(to, active, i32Const), s.at), end)
		to = appendSized(to, s.bytes)
	}
	return to
}

// appendAddress appends a signed LEB128 number, whose last byte has a zero above its bits.
func appendAddress(to []byte, at uint64) []byte {
	for ; at >= 0x40; at >>= 7 {
		to = append(to, byte(at)|0x80)
	}
	return append(to, byte(at))
}

// appendSized appends bytes behind their number.
func appendSized(to, b []byte) []byte {
	return append(binary.AppendUvarint(to, uint64(len(b))), b...)
}

// reader takes a module apart. After an error it has nothing left.
type reader struct {
	rest []byte
	err  error
}

func (r *reader) fail(format string, args ...any) {
	if r.err == nil {
		r.err = fmt.Errorf("%w: "+format, append([]any{errModule}, args...)...)
	}
	r.rest = nil
}

// number takes an unsigned LEB128 number.
func (r *reader) number() uint64 {
	v, n := binary.Uvarint(r.rest)
	if n <= 0 {
		r.fail("a number that does not end")
		return 0
	}
	r.rest = r.rest[n:]
	return v
}

// address takes a signed LEB128 number that is not negative.
func (r *reader) address() uint64 {
	before := r.rest
	v := r.number()
	if r.err == nil && (v > math.MaxInt32 || before[len(before)-len(r.rest)-1]&0x40 != 0) {
		r.fail("an address above 2^31")
	}
	return v
}

func (r *reader) byte() byte {
	if len(r.rest) == 0 {
		r.fail("a byte wanted at the end")
		return 0
	}
	b := r.rest[0]
	r.rest = r.rest[1:]
	return b
}

// sized takes bytes behind their number.
func (r *reader) sized() []byte {
	n := r.number()
	if n > uint64(len(r.rest)) {
		r.fail("%d bytes wanted where %d are left", n, len(r.rest))
		return nil
	}
	b := r.rest[:n]
	r.rest = r.rest[n:]
	return b
}
