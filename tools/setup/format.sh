#!/bin/sh
# format.sh: every Go file is as gofmt writes it. Prints each that is not, and fails.
set -eu
files=$(gofmt -l core tools wasm worker)
[ -z "$files" ] && exit
echo "$files" >&2
echo "make: run gofmt -w on the files above." >&2
exit 1
