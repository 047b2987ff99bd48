// Joindata copies a WebAssembly module with its data in few segments:
//
//	joindata build/spikechat.wasm.new build/spikechat.wasm
//
// Go's linker leaves out runs of zeros, so that the engine's data lies in 45,000 segments. Each one
// costs a browser 24 bytes for as long as the module is there, and their addresses do not compress.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spikechat/spikechat/tools/internal/outfile"
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
	module, err := os.ReadFile(in)
	if err != nil {
		return err
	}
	joined, err := joinData(module)
	if err != nil {
		return fmt.Errorf("%s: %w", in, err)
	}
	target := outfile.Path{What: "the module", Name: out}
	if err := outfile.Check(target, isModule, outfile.Path{What: "the input", Name: in}); err != nil {
		return err
	}
	return outfile.Write(target, joined, isModule)
}

// isModule fails for a file that does not begin as a WebAssembly module.
func isModule(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	head := make([]byte, len(header))
	if _, err := io.ReadFull(f, head); err != nil {
		return err
	}
	if !bytes.Equal(head, header) {
		return errors.New("no WebAssembly module")
	}
	return nil
}
