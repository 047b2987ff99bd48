#!/bin/sh
# own-model.sh: packs the model of $MODEL into build/models, from where serve.sh serves it. dist/ is
# what a deploy publishes, so nothing of a visitor's own goes there.
set -eu
name=$(tools/setup/model-name.sh)
if [ -e "dist/models/$name" ]; then
  echo "make: the name $name is taken by dist/models/$name:" \
    "remove that folder, or rename the file of MODEL= first." >&2
  exit 1
fi
mkdir -p build/models
GOEXPERIMENT=simd go run ./tools/pack -o "build/models/$name" -- "$MODEL" || {
  tools/setup/disk.sh 300 build
  exit 1
}
