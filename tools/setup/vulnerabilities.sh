#!/bin/sh
# vulnerabilities.sh: no code of ours calls what the Go vulnerability database knows a hole in. The
# database is the copy in the module golang.org/x/vulndb, which comes from where all modules come
# from, so no other host is asked. It knows what was known on the day in its version: whoever
# changes a dependency takes the version and the sum of "go mod download -json
# golang.org/x/vulndb@latest", and then mends what the check finds.
set -eu
version=v0.0.0-20261105234957-e22db6528018
sum='h1:mfngRv0Yoh0VApsXKEN82CjD99kl7mtparN3bs3JnqI='
about=$(go mod download -json golang.org/x/vulndb@$version) || {
  tools/setup/disk.sh 300 || exit 1
  echo "make: golang.org/x/vulndb could not be fetched: check the network, then run make again." >&2
  exit 1
}
# field NAME: a text of the answer.
field() { echo "$about" | sed -n "s/^[[:space:]]*\"$1\": \"\(.*\)\",*\$/\1/p"; }
if [ "$(field Sum)" != "$sum" ]; then
  echo "make: golang.org/x/vulndb has the sum $(field Sum), not $sum: it is not used." >&2
  exit 1
fi
tool=$(go tool -n govulncheck)
# scan PACKAGE...: prints what it finds, and nothing else.
scan() {
  found=$("$tool" -db "file://$(field Dir)/data/osv" "$@" 2>&1) && return
  echo "$found" >&2
  exit 1
}
scan ./...
# What the page and the Worker run.
export GOOS=js GOARCH=wasm
scan ./wasm ./worker
