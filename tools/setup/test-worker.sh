#!/bin/sh
# test-worker.sh: the built site on Cloudflare's runtime, as wrangler brings it, beside the native
# server.
set -eu
go build -o build/worker-native ./worker
tools/setup/in-chromium.sh --test --test-concurrency=1 worker/test/*.test.mjs
