#!/bin/sh
# nginx.sh: prints the path of an nginx: $NGINX, one on the PATH or where Debian has it, or
# Debian's, installed now where that is no surprise.
set -eu
if [ -n "${NGINX:-}" ]; then
  printf '%s\n' "$NGINX"
  exit 0
fi
find_one() { command -v nginx || PATH=/usr/sbin:/usr/local/sbin command -v nginx; }
find_one && exit 0
"${0%/*}/debian.sh" nginx ' or set NGINX to its path' nginx-light
find_one
