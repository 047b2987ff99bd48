#!/bin/sh
# own-model.sh: packs the model of $MODEL, or each of the folder $MODEL, into build/models, from
# where serve.sh serves them. dist/ is what a deploy publishes, so nothing of a visitor's own goes
# there.
set -eu
# Of a folder the name of each file is checked.
[ -d "$MODEL" ] || tools/setup/model-name.sh >/dev/null
mkdir -p build/models
tools/setup/own-files.sh | while IFS= read -r file; do
  name=$(MODEL=$file tools/setup/model-name.sh)
  GOEXPERIMENT=simd go run ./tools/pack -o "build/models/$name" -- "$file" </dev/null || {
    tools/setup/disk.sh 300 build
    exit 1
  }
done
