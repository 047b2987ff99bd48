#!/bin/sh
# worker.sh: build/worker, the Cloudflare Worker.
set -eu
rm -rf build/worker
(cd worker && go run github.com/syumai/workers/cmd/workers-assets-gen -mode=go -o ../build/worker)
GOEXPERIMENT='' GOOS=js GOARCH=wasm go build -trimpath -ldflags='-s -w -buildid=' \
  -o build/worker/app.wasm ./worker
