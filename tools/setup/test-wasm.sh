#!/bin/sh
# test-wasm.sh: the Go tests as WebAssembly under Node. build/relax must be there.
set -eu
test=tools/setup/go-test-wasm.sh
export GOEXPERIMENT=simd
echo "Go tests, wasm in Node, with SIMD"
$test -timeout 40m ./core/... ./wasm/... ./tools/pack/architectures
echo "The kernels and all logits, wasm in Node, with relaxed SIMD"
$test -relaxed ./core/simd
$test -relaxed -run '^TestLogitsHash$' ./core
GOEXPERIMENT=
echo "Go tests, wasm in Node, plain"
# The golden values of the real model are left to the faster builds: TestLogitsHashOfTheRealModel
# holds this one to the same bits, and the slowest of all needs minutes for them.
$test -timeout 40m -skip '^TestGolden(Float|Spikes|SpikesDivergence)$' ./core/... ./wasm/... \
  ./tools/pack/architectures
echo "The packer's hostile files, wasm in Node"
$test -run '^Fuzz|Refuse' ./tools/pack/...
