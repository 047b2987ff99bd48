#!/bin/sh
# chromium.sh: prints the path of a Chromium: $CHROMIUM, one on the PATH, or Debian's, installed
# now where that is no surprise.
set -eu
if [ -n "${CHROMIUM:-}" ]; then
  printf '%s\n' "$CHROMIUM"
  exit 0
fi
find_one() { command -v chromium || command -v chromium-browser || command -v google-chrome; }
find_one && exit 0
"${0%/*}/debian.sh" Chromium ' or set CHROMIUM to its path' chromium
find_one
