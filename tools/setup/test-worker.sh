#!/bin/sh
# test-worker.sh: the built site on Cloudflare's runtime, as wrangler brings it, beside the native
# server; on nginx; and what is deployed.
set -eu
NGINX=$(tools/setup/nginx.sh)
export NGINX
go build -o build/worker-native ./worker
exec tools/setup/in-chromium.sh --test --test-concurrency=1 worker/test/*.test.mjs
