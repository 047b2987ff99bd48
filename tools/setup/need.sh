#!/bin/sh
# need.sh NAME...: ends with one clear sentence when a tool is missing or too old, or Go cannot
# fetch the pinned version.
set -u
fail() { echo "make: $1." >&2; exit 1; }
# major VERSION: its first number. minor VERSION: its second.
major() { expr "x$1" : '[^0-9]*\([0-9]*\)'; }
minor() { expr "x$1" : '[^0-9]*[0-9]*\.\([0-9]*\)'; }

for tool in "$@"; do
  case $tool in
    go)
      how='install Go 1.21 or newer from https://go.dev/dl (it fetches the pinned version itself)'
      ;;
    node | npm) how="install Node.js 20 or newer from https://nodejs.org" ;;
    python3) how="install Python 3 with pip; it downloads the model and reads chat templates" ;;
    *) how="install it with the system's package manager" ;;
  esac
  command -v "$tool" >/dev/null 2>&1 || fail "$tool is not on the PATH: $how"
  case $tool in
    go)
      version=$(GOTOOLCHAIN=local go env GOVERSION 2>/dev/null)
      [ "$(major "$version")" -gt 1 ] 2>/dev/null ||
        [ "$(minor "$version")" -ge 21 ] 2>/dev/null ||
        fail "this is Go ${version:-of an unknown version}: $how"
      go version >/dev/null 2>&1 ||
        fail "$version could not fetch ${GOTOOLCHAIN:-the Go version of go.mod}: check the network,\
 then run make again; or install that version from https://go.dev/dl"
      ;;
    node)
      version=$(node --version 2>/dev/null)
      [ "$(major "$version")" -ge 20 ] 2>/dev/null ||
        fail "this is Node.js ${version:-of an unknown version}: $how"
      ;;
    python3)
      python3 -c 'import pip' 2>/dev/null ||
        fail "python3 has no pip: $how (Debian: apt-get install python3-pip)"
      ;;
  esac
done
