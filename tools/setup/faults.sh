#!/bin/sh
# faults.sh: tries the fault table in Chromium and Firefox. The words of $FAULTS are its options.
set -euf
# shellcheck disable=SC2086 # words, without the names of files
exec tools/setup/in-engines.sh web/test/faults/main.mjs ${FAULTS:-}
