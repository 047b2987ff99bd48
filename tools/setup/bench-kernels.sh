#!/bin/sh
# bench-kernels.sh: the kernels by shape, natively and as WebAssembly with relaxed swizzles. $KERNELS
# is the expression that their names match, all unless set. build/relax must be there.
set -eu
kernels=${KERNELS:-.}
export GOEXPERIMENT=simd
GODEBUG=asyncpreemptoff=1 go test -run '^$' -bench "$kernels" ./core/simd
GOOS=js GOARCH=wasm go test -exec "'$PWD/tools/setup/relaxed.sh' '$PWD/build/relax'" \
  -run '^$' -bench "$kernels" ./core/simd
