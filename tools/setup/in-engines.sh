#!/bin/sh
# in-engines.sh PROGRAM [ARGUMENT...]: runs a Node program that drives Chromium, Firefox and WebKit,
# and is told in $CHROMIUM and $FIREFOX where they are.
set -eu
tools/setup/webkit.sh
CHROMIUM=$(tools/setup/chromium.sh)
FIREFOX=$(tools/setup/firefox.sh)
export CHROMIUM FIREFOX
exec node "$@"
