package main

import (
	"encoding/binary"
	"fmt"
)

// What instruction gives for those that matter.
const (
	block  = 0x02
	loop   = 0x03
	ifThen = 0x04
	end    = 0x0b

	vectorPrefix = 0xfd
	swizzle      = vectorPrefix<<16 | 14
)

// relaxedSwizzle is instruction 256 of the vector prefix.
var relaxedSwizzle = binary.AppendUvarint([]byte{vectorPrefix}, 256)

// reader takes a module apart. After the first error it gives zeros.
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

// bytes takes n bytes.
func (r *reader) bytes(n uint64) []byte {
	if n > uint64(len(r.rest)) {
		r.fail("%d bytes wanted where %d are left", n, len(r.rest))
		return nil
	}
	b := r.rest[:n]
	r.rest = r.rest[n:]
	return b
}

func (r *reader) byte() byte {
	if b := r.bytes(1); b != nil {
		return b[0]
	}
	return 0
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

// constant takes a signed LEB128 number.
func (r *reader) constant() {
	for r.byte() >= 0x80 {
	}
}

// sized takes bytes behind their number.
func (r *reader) sized() []byte { return r.bytes(r.number()) }

// instruction takes one instruction with what belongs to it, and gives its number: the opcode, or
// prefix<<16 | number.
func (r *reader) instruction() uint64 {
	op := uint64(r.byte())
	switch {
	case op <= 0x01, op == 0x05, op == end, op == 0x0f, op == 0x1a, op == 0x1b,
		op >= 0x45 && op <= 0xc4:
		// unreachable, nop, else, end, return, drop, select, and all arithmetic
	case op >= block && op <= ifThen:
		if len(r.rest) > 0 && r.rest[0] == 0x40 { // no value
			r.byte()
		} else {
			r.valueType()
		}
	case op == 0x0c, op == 0x0d, op == 0x10, op >= 0x20 && op <= 0x24, op == 0x3f, op == 0x40:
		r.number() // a label, function, variable or memory
	case op == 0x41, op == 0x42:
		r.constant()
	case op == 0x0e: // br_table
		for n := r.number(); n > 0 && r.err == nil; n-- {
			r.number()
		}
		r.number()
	case op == 0x11: // call_indirect
		r.number()
		r.number()
	case op >= 0x28 && op <= 0x3e:
		r.address()
	case op == 0x43:
		r.bytes(4)
	case op == 0x44:
		r.bytes(8)
	case op == 0xfc:
		return op<<16 | r.bulk()
	case op == vectorPrefix:
		return op<<16 | r.vector()
	default:
		r.fail("opcode 0x%02x", op)
	}
	return op
}

// valueType takes the type of a number, or of a vector.
func (r *reader) valueType() {
	if t := r.byte(); t < 0x7b || t > 0x7f {
		r.fail("type 0x%02x", t)
	}
}

// memory takes the number of the one memory that there is.
func (r *reader) memory() {
	if r.byte() != 0 {
		r.fail("another memory")
	}
}

// address takes the alignment and offset of a load or store.
func (r *reader) address() {
	if align := r.number(); align >= 64 {
		r.fail("a load or store of another memory")
	}
	r.number()
}

// bulk takes what follows prefix 0xfc.
func (r *reader) bulk() uint64 {
	n := r.number()
	switch {
	case n <= 7: // saturating conversions
	case n == 10: // memory.copy
		r.memory()
		r.memory()
	case n == 11: // memory.fill
		r.memory()
	default:
		r.fail("instruction %d behind 0xfc", n)
	}
	return n
}

// vector takes what follows prefix 0xfd.
func (r *reader) vector() uint64 {
	n := r.number()
	switch {
	case n <= 11, n == 92, n == 93: // loads and stores
		r.address()
	case n == 12, n == 13: // a constant, a shuffle
		r.bytes(16)
	case n >= 21 && n <= 34: // one lane
		r.bytes(1)
	case n >= 84 && n <= 91: // loads and stores of one lane
		r.address()
		r.bytes(1)
	case n > 255:
		r.fail("vector instruction %d", n)
	}
	return n
}
