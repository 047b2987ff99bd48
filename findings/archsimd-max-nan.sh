#!/usr/bin/env bash
# Go's simd/archsimd: the larger of a number and a NaN depends on target and on their order.
#
# Version:  Go 1.27.3, GOEXPERIMENT=simd, linux/amd64 beside js/wasm in Node
# Expected: Max is like Go's own max and math.Max, where a NaN in either place gives NaN and
#           0 is larger than -0; or at least x.Max(y) is y.Max(x)
# Seen:     on amd64 x.Max(y) is y whenever either is NaN and whenever both are zeros; on
#           WebAssembly it is NaN and 0, as in Go. The documentation says "maximum" on both
# So what:  a running maximum that met a NaN forgets it on amd64 and keeps it in the browser;
#           a softmax or a search for the largest logit then differs between the two
# Needs:    go, node; an amd64 machine
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
export GOTOOLCHAIN=go1.27.3 GOEXPERIMENT=simd GOWORK=off GOFLAGS=

cat >go.mod <<'EOF'
module maximum
go 1.27
EOF
cat >main.go <<'EOF'
package main

import (
	"fmt"
	"math"
	"simd/archsimd"
)

func main() {
	nan, negative := float32(math.NaN()), float32(math.Copysign(0, -1))
	for _, p := range [][2]float32{{1, nan}, {nan, 1}, {0, negative}, {negative, 0}} {
		x, y := archsimd.BroadcastFloat32x4(p[0]), archsimd.BroadcastFloat32x4(p[1])
		fmt.Printf("%3v and %3v: max %v, Max %v\n", p[0], p[1], max(p[0], p[1]), x.Max(y).GetElem(0))
	}
}
EOF
{
	echo "amd64"
	GOARCH=amd64 go run .
	echo "wasm"
	GOOS=js GOARCH=wasm go build -o main.wasm .
	node "$(go env GOROOT)/lib/wasm/wasm_exec_node.js" main.wasm
} | tee seen

diff - seen <<'EOF'
amd64
  1 and NaN: max NaN, Max NaN
NaN and   1: max NaN, Max 1
  0 and  -0: max 0, Max -0
 -0 and   0: max 0, Max 0
wasm
  1 and NaN: max NaN, Max NaN
NaN and   1: max NaN, Max NaN
  0 and  -0: max 0, Max 0
 -0 and   0: max 0, Max 0
EOF
