#!/bin/sh
# test-go.sh: the Go tests natively, with and without the experiment, and every benchmark once.
# Preempted vector code is slow on amd64 (RATIONALE.md, "Why leave() on amd64?"), so it is not
# preempted here.
set -eu
simd() { GODEBUG=asyncpreemptoff=1 GOEXPERIMENT=simd go test "$@"; }
echo "Go tests, native, with SIMD"
simd ./...
echo "Go tests, native, plain"
GOEXPERIMENT='' go test ./core/... ./tools/... ./wasm/...
echo "The vector code's pointers"
simd -gcflags=-d=checkptr ./core/simd
echo "Every benchmark, once"
simd -run '^$' -bench . -benchtime 1x ./... >build/benchmarks.txt || {
  cat build/benchmarks.txt >&2
  exit 1
}
