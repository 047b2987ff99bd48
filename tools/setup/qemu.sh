#!/bin/sh
# qemu.sh: prints the path of QEMU's emulator of arm64 programs: one on the PATH, or Debian's,
# installed now where that is no surprise.
set -eu
find_one() { command -v qemu-aarch64-static || command -v qemu-aarch64; }
find_one && exit 0
"${0%/*}/debian.sh" 'qemu-aarch64' '; on an arm64 machine it is not needed' qemu-user-static
find_one
