// Joindata copies a WebAssembly module with its data in few segments:
//
//	joindata build/spikechat.wasm.new build/spikechat.wasm
//
// Go's linker leaves out runs of zeros, so that the engine's data lies in 45,000 segments. Each one
// costs a browser 24 bytes for as long as the module is there, and their addresses do not compress.
package main

import (
	"fmt"
	"os"

	"github.com/spikechat/spikechat/tools/internal/wasmfile"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: joindata in.wasm out.wasm")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "joindata:", err)
		os.Exit(1)
	}
}

func run(in, out string) error {
	return wasmfile.Rewrite(in, out, "the module", joinData)
}
