#!/bin/sh
# own-model.sh: packs the model of $MODEL into build/models, from where serve.sh serves it. dist/ is
# what a deploy publishes, so nothing of a visitor's own goes there.
set -eu
name=$(tools/setup/model-name.sh)
mkdir -p build/models
GOEXPERIMENT=simd go run ./tools/pack -o "build/models/$name" -- "$MODEL" || {
  tools/setup/disk.sh 300 build
  exit 1
}
