#!/bin/sh
# serve.sh: serves the page on port $PORT, 8080 unless set, and opens it with the model of
# $MODEL, or the first one of that folder.
set -eu
set -- -root dist -port "${PORT:-8080}"
if [ -n "${MODEL:-}" ]; then
  first=$(tools/setup/own-files.sh | head -n 1)
  name=$(MODEL=$first tools/setup/model-name.sh)
  # The page's shelf has them all.
  node tools/setup/models-json.mjs dist build/models build/models.json
  set -- "$@" -models build/models -list build/models.json -model "$name"
fi
GOEXPERIMENT=simd
export GOEXPERIMENT
exec go run ./worker "$@"
