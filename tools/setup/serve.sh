#!/bin/sh
# serve.sh: serves the page on port $PORT, 8080 unless set, and opens it with the model of $MODEL.
set -eu
set -- -root dist -port "${PORT:-8080}"
if [ -n "${MODEL:-}" ]; then
  name=$(tools/setup/model-name.sh)
  set -- "$@" -models build/models -model "$name"
fi
GOEXPERIMENT=simd
export GOEXPERIMENT
exec go run ./worker "$@"
