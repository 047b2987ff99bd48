#!/usr/bin/env bash
# Go programs for js/wasm do not start in Node when the environment is larger than 8 kB.
#
# Version:  Go 1.27.3, go_js_wasm_exec as it comes with Go, any Node that runs it
# Expected: an environment of a few kilobytes, which every process inherits, is no matter; the
#           limit of Linux is at megabytes, and a program that reads no variable needs none
# Seen:     the glue copies arguments and all of process.env into 8 kB below the program's data
#           and throws "total length of command line and environment variables exceeds limit"
# So what:  `go test -exec=go_js_wasm_exec` works on a desk and fails in a CI that sets many
#           variables; run it under `env -i PATH=... HOME=...`
# Needs:    go, node
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
export GOTOOLCHAIN=go1.27.3 GOWORK=off GOFLAGS=

cat >go.mod <<'EOF'
module environment
go 1.27
EOF
cat >main.go <<'EOF'
package main

func main() { print("the program ran\n") }
EOF
GOOS=js GOARCH=wasm go build -o main.wasm .
run="$(go env GOROOT)/lib/wasm/go_js_wasm_exec"
for bytes in 1000 7000 9000; do
	value=$(head -c "$bytes" /dev/zero | tr '\0' x)
	text=$(env -i "PATH=$PATH" "HOME=$HOME" "V=$value" "$run" main.wasm 2>&1 || true)
	echo "$bytes bytes: $(grep -m 1 -oE 'the program ran|total length .*' <<<"$text")"
done | tee seen

diff - seen <<'EOF'
1000 bytes: the program ran
7000 bytes: the program ran
9000 bytes: total length of command line and environment variables exceeds limit
EOF
