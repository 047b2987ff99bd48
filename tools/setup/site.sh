#!/bin/sh
# site.sh: builds the engine three times, and the packer, into build/ and puts them, the page, its
# types and the tiny model into dist/. build/relax and build/joindata must be there. A module that
# is the same as before is left as it is.
set -eu
mkdir -p dist build dist/models/tiny
echo "Building the engine with SIMD, relaxed and strict, and without"
# build EXPERIMENT FILE [PACKAGE]: no paths and no build id, so that the same commit gives the same
# bytes.
build() {
  GOEXPERIMENT=$1 GOOS=js GOARCH=wasm go build -trimpath -ldflags='-s -w -buildid=' \
    -o build/linked.wasm "${3-./wasm}"
  build/joindata build/linked.wasm "$2"
  rm build/linked.wasm
}
build simd build/spikechat-simd.wasm
build/relax build/spikechat-simd.wasm build/spikechat-relaxed.wasm
build '' build/spikechat.wasm
build simd build/packer.wasm ./tools/pack/wasm
# put FILE PLACE
put() {
  cmp -s "build/$1" "dist/$2" && return
  cp "build/$1" "dist/$2.new"
  mv "dist/$2.new" "dist/$2"
}
mkdir -p dist/packing
for file in spikechat-relaxed.wasm spikechat-simd.wasm spikechat.wasm; do put $file $file; done
put packer.wasm packing/packer.wasm
tools/setup/page.sh
tools/setup/types.sh
cp models/tiny/*.json models/tiny/*.bin dist/models/tiny/
