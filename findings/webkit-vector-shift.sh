#!/usr/bin/env bash
# WebKit makes four instructions of a WebAssembly vector shift by a constant on x86-64.
#
# Version:  JavaScriptCore of WebKitGTK 2.50.6 (Debian 12), its shell jsc
# Expected: i16x8.shr_u by 8 is one instruction, vpsrlw with the 8 in it, as in V8 and SpiderMonkey
# Seen:     the optimising compiler copies the 8 from one register to another, masks it there,
#           copies it to a vector register, and shifts by that: at every shift, also in a loop
# So what:  loops that shift often take longer than their instructions say; additions, masks and
#           i32x4.dot_i16x8_s are one instruction each (core/simd/lanes_spread_wasm.s here)
# Needs:    jsc, of Debian's libjavascriptcoregtk-4.0-bin, on x86-64
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

cat >shift.js <<'EOS'
const body = [
  1, 1, 0x7b, // one local v128
  0x03, 0x40, // loop
  0x20, 1, 0x41, 8, 0xfd, 0x8d, 1, 0x21, 1, // i16x8.shr_u of it by 8
  0x20, 0, 0x41, 1, 0x6b, 0x22, 0, 0x0d, 0, // as often as the argument says
  0x0b, 0x20, 1, 0xfd, 0x1b, 0, 0x0b, // i32x4.extract_lane 0
];
const { f } = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array([
  0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 6, 1, 0x60, 1, 0x7f, 1, 0x7f, 3, 2, 1, 0,
  7, 5, 1, 1, 0x66, 0, 0, 10, body.length + 2, 1, body.length, ...body,
]))).exports;
for (let i = 0; i < 200; i++) f(100000);
EOS
# The last function that is compiled is the whole one, and what its loop became is told last.
JSC_dumpOMGDisassembly=1 jsc shift.js 2>&1 | grep -A12 'I16x8ShrU' | tail -n 12 |
  sed -n 's/.*: \(and\|vmovq\|vpsrlw\) .*/\1/p' | tee seen

diff - seen <<'EOS'
and
vmovq
vpsrlw
EOS
