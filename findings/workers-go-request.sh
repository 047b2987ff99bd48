#!/usr/bin/env bash
# syumai/workers: a Go handler on Cloudflare gets headers that end at their first comma.
#
# Version:  github.com/syumai/workers v0.32.0, Go 1.27.3, its own JavaScript glue in Node
# Expected: the *http.Request that net/http's server would give
# Seen:     every header is cut at each comma into values of its own, so Header.Get gives what
#           stands before the first: a browser's User-Agent ends within "(KHTML", dates end after
#           the day of the week. RequestURI and Proto are empty, and URL is absolute
# So what:  http.ServeContent never answers If-Modified-Since with 304, and code that reads
#           RequestURI sees nothing. Join Header.Values with "," to have the text again
# Needs:    go, node
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
export GOTOOLCHAIN=go1.27.3 GOWORK=off GOFLAGS=-mod=mod

cat >go.mod <<'EOF'
module request
go 1.27
require github.com/syumai/workers v0.32.0
EOF
cat >main.go <<'EOF'
//go:build js

package main

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/syumai/workers"
)

func main() {
	changed := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	workers.Serve(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/file" {
			http.ServeContent(w, r, "", changed, strings.NewReader("content"))
			return
		}
		fmt.Fprintf(w, "User-Agent %q\n", r.UserAgent())
		fmt.Fprintf(w, "URL %q RequestURI %q Proto %q", r.URL, r.RequestURI, r.Proto)
	}))
}
EOF
cat >tools.go <<'EOF'
//go:build tools

package main

import _ "github.com/syumai/workers/cmd/workers-assets-gen"
EOF
go run github.com/syumai/workers/cmd/workers-assets-gen -mode=go -o build
GOOS=js GOARCH=wasm go build -o build/app.wasm .
# In place of the file that takes module and sockets from Cloudflare's runtime.
cat >build/runtime.mjs <<'EOF'
import fs from 'node:fs';

const bytes = fs.readFileSync(new URL('app.wasm', import.meta.url));
export const loadModule = () => WebAssembly.compile(bytes);
export const createRuntimeContext = (context) => context;
EOF
cat >main.mjs <<'EOF'
import worker from './build/worker.mjs';

const headers = {
  'User-Agent': 'Mozilla/5.0 (X11) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0',
  'If-Modified-Since': 'Fri, 02 Jan 2026 03:04:05 GMT',
};
for (const path of ['/about', '/file']) {
  const answer = await worker.fetch(new Request(`http://chat.example${path}`, { headers }), {}, {});
  console.log(path, answer.status, await answer.text());
}
process.exit();
EOF
node main.mjs | tee seen

diff - seen <<'EOF'
/about 200 User-Agent "Mozilla/5.0 (X11) AppleWebKit/537.36 (KHTML"
URL "http://chat.example/about" RequestURI "" Proto ""
/file 200 content
EOF
