#!/bin/sh
# test-engines.sh: the page in Chromium, Firefox and WebKit.
exec tools/setup/in-engines.sh web/test/engines/engines.test.js
