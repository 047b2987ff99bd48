#!/bin/sh
# generate.sh: the generated files of core/simd are what core/simd/_gen writes, or it fails. -w
# writes them instead of comparing.
set -eu
cd "$(dirname "$0")/../.."
to=$(mktemp -d)
trap 'rm -rf "$to"' EXIT
(cd core/simd/_gen && GOOS='' GOARCH='' GOEXPERIMENT='' go run . "$to")
if [ "${1-}" = -w ]; then
  cp "$to"/*.go core/simd/
  exit
fi
bad=
for file in $(grep -l '^// Code generated' core/simd/*.go) "$to"/*.go; do
  name=$(basename "$file")
  cmp -s "$to/$name" "core/simd/$name" || bad="$bad core/simd/$name"
done
[ -z "$bad" ] || {
  files=$(printf '%s\n' $bad | sort -u | tr '\n' ' ' | sed 's/ $//')
  echo "generate.sh: what core/simd/_gen writes differs from $files: change the templates," \
    "then run tools/setup/generate.sh -w." >&2
  exit 1
}
