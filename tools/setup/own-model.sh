#!/bin/sh
# own-model.sh: packs the model of $MODEL.
set -eu
name=$(tools/setup/model-name.sh)
GOEXPERIMENT=simd go run ./tools/pack -o "dist/models/$name" -- "$MODEL" || {
  tools/setup/disk.sh 300 build dist
  exit 1
}
