package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/spikechat/spikechat/tools/internal/wasmfile"
)

// errModule is a module that is cut short, or holds what Go does not emit.
var errModule = errors.New("not a module as Go makes it")

// codeSection is the section with the bodies of all functions.
const codeSection = 10

// relax returns the module with every swizzle relaxed, and how many that were. Everything else
// keeps its bytes, but for sizes, which are written as short as can be. It fails with errModule.
func relax(module []byte) (relaxed []byte, swizzles int, err error) {
	if !bytes.HasPrefix(module, wasmfile.Header) {
		return nil, 0, fmt.Errorf("%w: no header", errModule)
	}
	relaxed = append(relaxed, wasmfile.Header...)
	r := reader{rest: module[len(wasmfile.Header):]}
	for len(r.rest) > 0 && r.err == nil {
		id, section := r.byte(), r.sized()
		if id == codeSection && r.err == nil {
			var n int
			if section, n, err = relaxCode(section); err != nil {
				return nil, 0, err
			}
			swizzles += n
		}
		relaxed = appendSized(append(relaxed, id), section)
	}
	return relaxed, swizzles, r.err
}

// relaxCode relaxes a vector of function bodies.
func relaxCode(section []byte) (relaxed []byte, swizzles int, err error) {
	r := reader{rest: section}
	count := r.number()
	relaxed = binary.AppendUvarint(nil, count)
	for i := range count {
		body := r.sized()
		if r.err != nil {
			return nil, 0, fmt.Errorf("function %d: %w", i, r.err)
		}
		body, n, err := relaxBody(body)
		if err != nil {
			return nil, 0, fmt.Errorf("function %d: %w", i, err)
		}
		swizzles += n
		relaxed = appendSized(relaxed, body)
	}
	if len(r.rest) > 0 {
		return nil, 0, fmt.Errorf("%w: %d bytes behind the last function", errModule, len(r.rest))
	}
	return relaxed, swizzles, r.err
}

// relaxBody relaxes one function: groups of locals, then instructions.
func relaxBody(body []byte) (relaxed []byte, swizzles int, err error) {
	r := reader{rest: body}
	for n := r.number(); n > 0 && r.err == nil; n-- {
		r.number()
		r.valueType()
	}
	copied, depth := 0, 1
	for depth > 0 && r.err == nil {
		at := len(body) - len(r.rest)
		if dot, length := relaxDot(r.rest); length > 0 {
			relaxed = append(append(relaxed, body[copied:at]...), dot...)
			copied = at + length
			r.bytes(uint64(length))
			continue
		}
		switch r.instruction() {
		case block, loop, ifThen:
			depth++
		case end:
			depth--
		case swizzle:
			relaxed = append(append(relaxed, body[copied:at]...), relaxedSwizzle...)
			copied = len(body) - len(r.rest)
			swizzles++
		}
	}
	if len(r.rest) > 0 {
		r.fail("%d bytes behind its end", len(r.rest))
	}
	return append(relaxed, body[copied:]...), swizzles, r.err
}

// appendSized appends bytes behind their number.
func appendSized(to, b []byte) []byte {
	return append(binary.AppendUvarint(to, uint64(len(b))), b...)
}
