#!/bin/sh
# ternary.sh: codes the default model's weights as ternary spikes, into a file of build/ternary. The
# words of $TERNARY are options of tools/ternary.
set -euf
# shellcheck disable=SC2086 # words, without the names of files
GODEBUG=asyncpreemptoff=1 GOEXPERIMENT=simd exec go run ./tools/ternary ${TERNARY:-}
