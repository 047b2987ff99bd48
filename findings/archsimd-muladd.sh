#!/usr/bin/env bash
# Go's simd/archsimd: Float32x4.MulAdd rounds once on amd64 and twice on WebAssembly.
#
# Version:  Go 1.27.3, GOEXPERIMENT=simd, linux/amd64 beside js/wasm in Node
# Expected: one method name has one value on every target, as Go's math.FMA has
# Seen:     with e = 2^-12, (1+e)*(1+e) - (1+2e) is e*e = 2^-24 on amd64, a fused
#           multiplication, and 0 on WebAssembly, where product and sum are rounded apart
# So what:  sums of products that go through MulAdd differ in their last bits between a
#           native test and the module it stands for; Mul and Add give one value on both
# Needs:    go, node; an amd64 machine
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
export GOTOOLCHAIN=go1.27.3 GOEXPERIMENT=simd GOWORK=off GOFLAGS=

cat >go.mod <<'EOF'
module muladd
go 1.27
EOF
cat >main.go <<'EOF'
package main

import (
	"fmt"
	"simd/archsimd"
)

func main() {
	const e = 1. / 4096
	x := archsimd.BroadcastFloat32x4(1 + e)
	z := archsimd.BroadcastFloat32x4(-1 - 2*e)
	fmt.Println("MulAdd     ", x.MulAdd(x, z).GetElem(0))
	fmt.Println("Mul and Add", x.Mul(x).Add(z).GetElem(0))
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
MulAdd      5.9604645e-08
Mul and Add 0
wasm
MulAdd      0
Mul and Add 0
EOF
