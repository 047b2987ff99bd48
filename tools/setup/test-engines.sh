#!/bin/sh
# test-engines.sh: the page in Chromium, Firefox and WebKit.
set -eu
tools/setup/webkit.sh
CHROMIUM=$(tools/setup/chromium.sh)
FIREFOX=$(tools/setup/firefox.sh)
export CHROMIUM FIREFOX
exec node web/test/engines/engines.test.js
