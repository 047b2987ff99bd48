#!/bin/sh
# firefox.sh: prints the path of a Firefox: $FIREFOX, one on the PATH, or Debian's, installed now.
set -eu
if [ -n "${FIREFOX:-}" ]; then
  printf '%s\n' "$FIREFOX"
  exit 0
fi
find_one() { command -v firefox-esr || command -v firefox; }
find_one && exit 0
"${0%/*}/debian.sh" Firefox ' or set FIREFOX to its path' firefox-esr
find_one
