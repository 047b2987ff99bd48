//go:build !(js && wasm)

package main

import (
	"fmt"
	"os"
)

// main is here so that the rest builds and is tested natively too.
func main() {
	fmt.Fprintln(os.Stderr,
		`wasm: the packer runs inside a page: "make site" builds it with GOOS=js GOARCH=wasm`)
	os.Exit(2)
}
