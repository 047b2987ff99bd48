#!/bin/sh
# serve.sh: serves the page on port $PORT, 8080 unless set, and opens it with the model of $MODEL.
set -eu
port=${PORT:-8080}
case $port in
  *[!0-9]* | ??????*)
    echo "make: PORT= is to be a number from 0 to 65535." >&2
    exit 1
    ;;
esac
set -- -root dist -port "$port"
if [ -n "${MODEL:-}" ]; then
  name=$(tools/setup/model-name.sh)
  set -- "$@" -models build/models -model "$name"
fi
GOEXPERIMENT=simd
export GOEXPERIMENT
exec go run ./worker "$@"
