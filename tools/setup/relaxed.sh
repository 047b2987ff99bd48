#!/bin/sh
# relaxed.sh RELAX TEST ARGUMENTS...: for go test -exec. Runs a wasm test under Node as Go's own
# script does, with its swizzles relaxed by the program RELAX.
set -eu
relax=$1 strict=$2
shift 2
"$relax" "$strict" "$strict.relaxed"
# Node has relaxed SIMD behind a flag, and later versions without.
flag=--experimental-wasm-relaxed-simd
node $flag -e 0 2>/dev/null || flag=
glue=$(go env GOROOT)/lib/wasm/wasm_exec_node.js
exec node $flag --stack-size=8192 "$glue" "$strict.relaxed" "$@"
