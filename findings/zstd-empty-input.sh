#!/usr/bin/env bash
# klauspost/compress/zstd decodes no bytes at all to no bytes at all, without an error.
#
# Version:  github.com/klauspost/compress v1.20.3 in Go; zstandard 0.25.0 in Python beside it
# Expected: zero bytes are not a zstd stream: an error, as for any other cut
# Seen:     DecodeAll and the stream reader succeed on zero bytes, and on input that is one
#           skippable frame; every other cut of the same frame is an error. Python's binding
#           of the reference library refuses zero bytes
# So what:  a download cut before its first byte passes for an empty file; compare lengths
# Needs:    go, python3
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
export GOTOOLCHAIN=go1.27.3 GOWORK=off GOFLAGS=-mod=mod

cat >go.mod <<'EOF'
module empty
go 1.27
require github.com/klauspost/compress v1.20.3
EOF
cat >main.go <<'EOF'
package main

import (
	"bytes"
	"fmt"
	"io"

	"github.com/klauspost/compress/zstd"
)

func main() {
	encoder, _ := zstd.NewWriter(nil)
	frame := encoder.EncodeAll([]byte("hello"), nil)
	skippable := []byte{0x50, 0x2a, 0x4d, 0x18, 1, 0, 0, 0, 'x'}
	decoder, _ := zstd.NewReader(nil)
	fail := 0
	for n := range frame {
		if _, err := decoder.DecodeAll(frame[:n], nil); err != nil {
			fail++
		}
	}
	fmt.Printf("all but %d of the frame's proper beginnings are refused\n", len(frame)-fail)
	for _, c := range []struct {
		name  string
		input []byte
	}{{"zero bytes", nil}, {"a skippable frame", skippable}} {
		out, err := decoder.DecodeAll(c.input, nil)
		fmt.Printf("%s: DecodeAll gives %d bytes, error %v\n", c.name, len(out), err)
		reader, _ := zstd.NewReader(bytes.NewReader(c.input))
		out, err = io.ReadAll(reader)
		fmt.Printf("%s: a reader gives %d bytes, error %v\n", c.name, len(out), err)
	}
}
EOF
export PYTHONPATH=$dir/python
python3 -m pip install --quiet --disable-pip-version-check --target python zstandard==0.25.0
{
	go run .
	python3 - <<'EOF'
import zstandard
try:
    print("Python:", zstandard.ZstdDecompressor().decompress(b""))
except zstandard.ZstdError:
    print("Python: zero bytes are refused")
EOF
} | tee seen

diff - seen <<'EOF'
all but 1 of the frame's proper beginnings are refused
zero bytes: DecodeAll gives 0 bytes, error <nil>
zero bytes: a reader gives 0 bytes, error <nil>
a skippable frame: DecodeAll gives 0 bytes, error <nil>
a skippable frame: a reader gives 0 bytes, error <nil>
Python: zero bytes are refused
EOF
