#!/bin/sh
# bench-kernels.sh: the kernels by shape, natively and as WebAssembly with relaxed swizzles.
# $KERNELS is the expression that their names match, all unless set. build/relax must be there.
set -eu
kernels=${KERNELS:-.}
export GOEXPERIMENT=simd
GODEBUG=asyncpreemptoff=1 go test -run '^$' -bench "$kernels" ./core/simd
tools/setup/go-test-wasm.sh -relaxed -run '^$' -bench "$kernels" ./core/simd
