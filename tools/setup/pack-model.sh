#!/bin/sh
# pack-model.sh LOCK WHEEL FOLDER: downloads WHEEL and packs the model in it into FOLDER, which
# appears whole and is the model that LOCK names.
set -eu
lock=$1 wheel=$2 folder=$3
mkdir -p "$(dirname "$wheel")" "$(dirname "$folder")"
tools/setup/model.sh "$wheel"
# First goes what killed runs left; what pack cannot prove to be its own is left.
export GOEXPERIMENT=simd
{
  go run ./tools/pack sweep "$(dirname "$folder")" &&
    go run ./tools/pack -lock "$lock" -o "$folder" "$wheel"
} || {
  tools/setup/disk.sh 300 build dist
  exit 1
}
touch "$folder/manifest.json"
