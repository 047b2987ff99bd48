#!/bin/sh
# fuzz.sh: runs every fuzz target there is for $FUZZTIME, 10 minutes unless set, one after another,
# and stops at the first finding. What was interesting is kept in Go's cache, so that the next run
# goes on from it.
set -eu
time=${FUZZTIME:-10m}
grep -rlE --include='*_test.go' '^func Fuzz' core tools wasm worker | sort | while read -r file; do
  for target in $(sed -n 's/^func \(Fuzz[A-Za-z0-9_]*\).*/\1/p' "$file"); do
    printf '%s\n' "Fuzzing $target of $(dirname "$file") for $time"
    # Minimising is bounded: by default one input that depends on the clock takes a minute of it.
    go test -run '^$' -fuzz "^$target\$" -fuzztime "$time" -fuzzminimizetime 10x \
      "./$(dirname "$file")" </dev/null
  done
done
