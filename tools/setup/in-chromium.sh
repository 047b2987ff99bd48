#!/bin/sh
# in-chromium.sh PROGRAM [ARGUMENT...]: runs a Node program that is told in $CHROMIUM where one is.
set -eu
CHROMIUM=$(tools/setup/chromium.sh)
export CHROMIUM
exec node "$@"
