#!/bin/sh
# peers.sh FOLDER: installs what bench-peers measures beside the page into FOLDER.
set -eu
if [ "$(uname -sm)" != 'Linux x86_64' ]; then
  echo "make: bench-peers measures on Linux x86_64 alone: the native peer is a binary for it." >&2
  exit 1
fi
mkdir -p "$1"
cp bench/peers/package.json bench/peers/package-lock.json "$1/"
echo "Installing the peers, 265 MB"
# Optional packages are binaries for other machines and for graphics cards, 1.2 GB of them.
tools/setup/npm.sh "$1" --omit=optional
tools/setup/need.sh cc
cc -O2 -shared -fPIC -o "$1/pin_threads.so" bench/peers/pin_threads.c -ldl
