#!/bin/sh
# test-worker.sh: the built site on Cloudflare's runtime, as wrangler brings it, beside the native
# server.
set -eu
go build -o build/worker-native ./worker
exec tools/setup/in-chromium.sh --test-reporter=spec worker/test/worker.test.mjs
