#!/usr/bin/env bash
# Go's assembler for WebAssembly names the relaxed vector instructions and writes other bytes.
#
# Version:  Go 1.27.3, js/wasm
# Expected: I32x4RelaxedDotI8x16I7x16AddS is i32x4.relaxed_dot_i8x16_i7x16_add_s, which the
#           proposal numbers 275: fd 93 02
# Seen:     fd 93 01 02, which is i16x8.sub_sat_u and the beginning of a block. The module links
#           without a word
# So what:  whoever uses one of these names gets a module that no engine validates
# Needs:    go, node
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
export GOTOOLCHAIN=go1.27.3 GOOS=js GOARCH=wasm GOWORK=off GOFLAGS=

cat >go.mod <<'EOM'
module relaxed
go 1.27
EOM
cat >main.go <<'EOM'
package main

func dot()

func main() { dot() }
EOM
cat >dot_wasm.s <<'EOM'
#include "textflag.h"

TEXT ·dot(SB), NOSPLIT, $0-0
	V128Const $7, $7
	V128Const $9, $9
	V128Const $5, $5
	I32x4RelaxedDotI8x16I7x16AddS
	Drop
	RET
EOM
go build -o main.wasm .
# Relaxed vectors are behind a flag in Node 20 and need none later.
flag=--experimental-wasm-relaxed-simd
node $flag -e 0 2>/dev/null || flag=
node $flag -e '
  const module = require("fs").readFileSync("main.wasm");
  const before = Buffer.from([5, 0, 0, 0, 0, 0, 0, 0, 0xfd]); // the third constant, then the prefix
  const at = module.indexOf(before) + before.length - 1;
  console.log(module.subarray(at, at + 5).toString("hex"));
  console.log("validates:", WebAssembly.validate(module));
' | tee seen

diff - seen <<'EOM'
fd9301021a
validates: false
EOM
