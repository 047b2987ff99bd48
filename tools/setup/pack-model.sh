#!/bin/sh
# pack-model.sh LOCK WHEEL FOLDER: downloads WHEEL and packs the model in it into FOLDER, which
# appears whole and is the model that LOCK names.
set -eu
lock=$1 wheel=$2 folder=$3
mkdir -p "$(dirname "$wheel")" "$(dirname "$folder")"
tools/setup/model.sh "$wheel"
# What killed runs left. Anything that pack does not write is left, with its folder.
for left in "$(dirname "$folder")"/.pack-*; do
  [ -d "$left" ] || continue
  rm -f "$left"/manifest.json "$left"/*.bin
  rmdir "$left" || echo "make: $left holds what pack did not write; it is left as it is." >&2
done
GOEXPERIMENT=simd go run ./tools/pack -lock "$lock" -o "$folder" "$wheel" || {
  tools/setup/disk.sh 300 build dist
  exit 1
}
touch "$folder/manifest.json"
