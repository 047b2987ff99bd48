#!/bin/sh
# go-test-wasm.sh [-relaxed] ARGUMENT...: go test of packages as WebAssembly under Node, with their
# swizzles relaxed by build/relax or as they are.
set -eu
run="'$(go env GOROOT)/lib/wasm/go_js_wasm_exec'"
if [ "$1" = -relaxed ]; then
  shift
  run="'$PWD/tools/setup/relaxed.sh' '$PWD/build/relax'"
fi
# The engine imports a function that Go's glue does not know.
export NODE_OPTIONS="--require $PWD/tools/setup/alone.cjs"
GOOS=js GOARCH=wasm exec go test -exec "$run" "$@"
