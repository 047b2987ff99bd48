#!/usr/bin/env bash
# Python's zstandard does not decompress what Go's zstd makes of fewer than 256 bytes.
#
# Version:  github.com/klauspost/compress v1.20.3 in Go, zstandard 0.25.0 in Python
# Expected: EncodeAll has all of its input before it writes, so its frames name their size, and
#           decompress, which wants a size, takes them
# Seen:     from 256 bytes on they do. Below, the frame has no size and a window of 1 kB, and
#           decompress raises "could not determine content size in frame header"; a stream
#           reader, or max_output_size, reads them. With WithSingleSegment(true) every frame has
#           its size
# So what:  a test with large records passes and the first small one fails in production: say
#           WithSingleSegment for frames that others read
# Needs:    go, python3
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
export GOTOOLCHAIN=go1.27.3 GOWORK=off GOFLAGS=-mod=mod

cat >go.mod <<'EOF'
module small
go 1.27
require github.com/klauspost/compress v1.20.3
EOF
cat >main.go <<'EOF'
package main

import (
	"bytes"
	"fmt"
	"os"

	"github.com/klauspost/compress/zstd"
)

func main() {
	for _, single := range []bool{false, true} {
		var options []zstd.EOption
		if single {
			options = append(options, zstd.WithSingleSegment(true))
		}
		encoder, err := zstd.NewWriter(nil, options...)
		if err != nil {
			panic(err)
		}
		for _, n := range []int{1, 255, 256} {
			frame := encoder.EncodeAll(bytes.Repeat([]byte{'a'}, n), nil)
			if err := os.WriteFile(fmt.Sprintf("%d-%t", n, single), frame, 0o600); err != nil {
				panic(err)
			}
		}
	}
}
EOF
go run .
export PYTHONPATH=$dir/python
python3 -m pip install --quiet --disable-pip-version-check --target python zstandard==0.25.0
python3 - <<'EOF' | tee seen
import zstandard
for single in "false", "true":
    for n in 1, 255, 256:
        with open(f"{n}-{single}", "rb") as file:
            frame = file.read()
        try:
            seen = f"{len(zstandard.ZstdDecompressor().decompress(frame))} bytes"
        except zstandard.ZstdError as error:
            seen = str(error).removesuffix(" in frame header")
        streamed = len(zstandard.ZstdDecompressor().decompressobj().decompress(frame))
        print(f"{n} bytes, single segment {single}: {seen}; as a stream {streamed} bytes")
EOF

diff - seen <<'EOF'
1 bytes, single segment false: could not determine content size; as a stream 1 bytes
255 bytes, single segment false: could not determine content size; as a stream 255 bytes
256 bytes, single segment false: 256 bytes; as a stream 256 bytes
1 bytes, single segment true: 1 bytes; as a stream 1 bytes
255 bytes, single segment true: 255 bytes; as a stream 255 bytes
256 bytes, single segment true: 256 bytes; as a stream 256 bytes
EOF
