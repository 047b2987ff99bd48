#!/bin/sh
# debian.sh WHAT OTHERWISE PACKAGE...: installs Debian's packages where that is no surprise: as root
# on Debian, or in CI. Elsewhere it says what was not found, the command that installs it, and what
# else would do.
set -eu
what=$1 otherwise=$2
shift 2
install="apt-get install --no-install-recommends $*"
if [ -n "${CI:-}" ] || [ -e /etc/debian_version ] && [ "$(id -u)" -eq 0 ]; then
  echo "No $what was found; installing Debian's: $install" >&2
  export DEBIAN_FRONTEND=noninteractive
  { apt-get update -q && $install -q -y; } >&2 && exit 0
  echo "make: no $what was found and apt-get could not install one: install it$otherwise." >&2
  exit 1
fi
echo "make: no $what was found: install one (Debian: sudo $install)$otherwise." >&2
exit 1
