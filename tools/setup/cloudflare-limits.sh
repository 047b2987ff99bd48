#!/bin/sh
# cloudflare-limits.sh SITE WORKER: fails where Cloudflare's free plan would not take the two
# folders: an asset has at most 25 MiB, there are at most 20,000 of them, and the Worker has at most
# 2 MB with gzip, which is our own limit, below theirs of 3 MB.
set -eu
site=$1 worker=$2
fail() {
  echo "make: $1." >&2
  exit 1
}
large=$(find "$site" -type f -size +26214400c | head -n 1)
[ -z "$large" ] || fail "$large has more than 25 MiB, which no asset may have: pack the model anew,\
 its shards are smaller"
files=$(find "$site" -type f | wc -l)
[ "$files" -le 20000 ] || fail "$site has $files files, of at most 20000 on the free plan:\
 keep models in R2, see docs/hosting.md"
packed=$(find "$worker" -type f -exec cat {} + | gzip -9 -c | wc -c)
[ "$packed" -le 2000000 ] || fail "the Worker has $packed bytes with gzip, of at most 2000000:\
 see what a change has brought in with GOOS=js GOARCH=wasm go list -deps ./worker"
echo "$files files, none above 25 MiB; the Worker has $packed bytes with gzip"
