#!/bin/sh
# chromium.sh: prints the path of a Chromium: $CHROMIUM, one on the PATH, or Debian's. Debian's is
# installed now where that is no surprise: as root, or in CI.
set -eu
if [ -n "${CHROMIUM:-}" ]; then
  echo "$CHROMIUM"
  exit 0
fi
find_one() { command -v chromium || command -v chromium-browser || command -v google-chrome; }
find_one && exit 0
install='apt-get install --no-install-recommends chromium'
if [ -n "${CI:-}" ] || [ -e /etc/debian_version ] && [ "$(id -u)" -eq 0 ]; then
  echo "No Chromium was found; installing Debian's: $install" >&2
  export DEBIAN_FRONTEND=noninteractive
  { apt-get update -q && $install -q -y; } >&2 && find_one && exit 0
  echo "make: no Chromium was found and apt-get could not install one:" \
    "install it and set CHROMIUM to its path." >&2
  exit 1
fi
echo "make: no Chromium was found: install one (Debian: sudo $install)" \
  "or set CHROMIUM to the path of one." >&2
exit 1
