//go:build !(js && wasm)

package main

import (
	"fmt"
	"os"
)

// main is here so that the messages (request.go, record.go) build, are tested and fuzzed natively too.
func main() {
	fmt.Fprintln(os.Stderr, `wasm: the engine runs inside a page: "make site" builds it with GOOS=js GOARCH=wasm`)
	os.Exit(2)
}
