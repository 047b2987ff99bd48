#!/bin/sh
# need.sh NAME...: ends with one clear sentence when a tool is missing.
for tool in "$@"; do
  command -v "$tool" >/dev/null 2>&1 && continue
  case $tool in
    go) how="install Go 1.21 or newer from https://go.dev/dl (it fetches the pinned version itself)" ;;
    node | npm) how="install Node.js 20 or newer from https://nodejs.org" ;;
    python3) how="install Python 3 with pip; it downloads the model" ;;
    *) how="install it with the system's package manager" ;;
  esac
  echo "make: $tool is not on the PATH: $how." >&2
  exit 1
done
