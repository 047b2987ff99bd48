#!/bin/sh
# test-arm64.sh: on arm64, or as arm64 under QEMU, that the kernels equal their references and that
# the tiny model's logits, spikes and answers are those of every other build. What needs the real
# model would take QEMU too long.
set -eu
if [ "$(go env GOHOSTARCH)" != arm64 ]; then
  emulator=$(tools/setup/qemu.sh)
  export GOOS=linux GOARCH=arm64
  set -- -exec "$emulator"
fi
bits='LogitsHash|SpikesOfTheTinyModel|ForwardEqualsTheFormulas|SelectionIsTheSameEverywhere'
echo "Go tests, arm64, with SIMD"
export GOEXPERIMENT=simd
go test "$@" ./core/simd ./core/sample ./core/tile
go test "$@" -run "^Test($bits|LesionsAreTheSameInEveryKernel|SearchedAnswers|Seeds)\$" ./core
echo "The references on arm64"
GOEXPERIMENT='' go test "$@" -run "^Test($bits)\$" ./core
