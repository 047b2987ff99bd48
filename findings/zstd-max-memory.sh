#!/usr/bin/env bash
# klauspost/compress/zstd: DecodeAll refuses data that fits into WithDecoderMaxMemory.
#
# Version:  github.com/klauspost/compress v1.20.3
# Expected: the option is documented as "maximum decoded size for in-memory non-streaming
#           operations or maximum window size for streaming operations": under a limit of
#           1 MiB DecodeAll decodes every frame that holds at most 1 MiB
# Seen:     (1) 100 kB written through the stream encoder, whose frame names its 8 MiB window
#           and no size, are refused for their window; the same 100 kB from EncodeAll pass.
#           (2) Bytes that are in dst already count: the same frame is refused when it is
#           appended to a dst that has 1 MiB
# So what:  set the limit to the largest window and the whole buffer, not to the content
# Needs:    go
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
export GOTOOLCHAIN=go1.27.3 GOWORK=off GOFLAGS=-mod=mod

cat >go.mod <<'EOF'
module limits
go 1.27
require github.com/klauspost/compress v1.20.3
EOF
cat >main.go <<'EOF'
package main

import (
	"bytes"
	"fmt"

	"github.com/klauspost/compress/zstd"
)

func main() {
	content := bytes.Repeat([]byte("0123456789"), 10_000)
	var stream bytes.Buffer
	writer, _ := zstd.NewWriter(&stream)
	writer.Write(content[:50_000])
	writer.Flush()
	writer.Write(content[50_000:])
	writer.Close()
	whole := writer.EncodeAll(content, nil)

	decoder, _ := zstd.NewReader(nil, zstd.WithDecoderMaxMemory(1<<20))
	try := func(name string, frame, dst []byte) {
		out, err := decoder.DecodeAll(frame, dst)
		fmt.Printf("%s: %d bytes decoded, error %v\n", name, len(out)-len(dst), err)
	}
	try("EncodeAll, empty dst", whole, nil)
	try("stream, empty dst", stream.Bytes(), nil)
	try("EncodeAll, dst of 1 MiB", whole, make([]byte, 1<<20))
}
EOF
go run . | tee seen

diff - seen <<'EOF'
EncodeAll, empty dst: 100000 bytes decoded, error <nil>
stream, empty dst: 0 bytes decoded, error window size exceeded
EncodeAll, dst of 1 MiB: 0 bytes decoded, error decompressed size exceeds configured limit
EOF
