#!/bin/sh
# lint.sh: staticcheck over every build at once, because what one of them does not use another may.
set -eu
# The tool itself is built for this machine, whatever it looks at.
tool=$(go tool -n staticcheck)
"$tool" -matrix ./... <<END
native: GOEXPERIMENT=
simd: GOEXPERIMENT=simd
wasm: GOEXPERIMENT= GOOS=js GOARCH=wasm
wasmsimd: GOEXPERIMENT=simd GOOS=js GOARCH=wasm
armsimd: GOEXPERIMENT=simd GOOS=linux GOARCH=arm64
END
