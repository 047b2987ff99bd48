#!/bin/sh
# chromium.sh: prints the path of a Chromium: $CHROMIUM, one on the PATH, or Debian's, installed now.
set -eu
if [ -n "${CHROMIUM:-}" ]; then
  echo "$CHROMIUM"
  exit 0
fi
find_one() { command -v chromium || command -v chromium-browser || command -v google-chrome; }
find_one && exit 0
echo "Installing Chromium for the page's tests" >&2
if ! { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends chromium; } >&2; then
  echo "make: no Chromium was found and apt-get could not install one: install it and set CHROMIUM to its path." >&2
  exit 1
fi
find_one
