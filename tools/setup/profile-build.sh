#!/bin/sh
# profile-build.sh: the engine with the names of its functions, in build/profile. The shipped one
# has none; -w keeps them and drops the rest of the debugging data. build/relax must be there.
set -eu
strict=build/profile/spikechat-simd.wasm
mkdir -p build/profile
GOEXPERIMENT=simd GOOS=js GOARCH=wasm go build -trimpath -ldflags='-w -buildid=' -o $strict ./wasm
build/relax $strict build/profile/spikechat-relaxed.wasm
