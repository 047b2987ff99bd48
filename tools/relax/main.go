// Relax copies a WebAssembly module and makes every i8x16.swizzle an i8x16.relaxed_swizzle, and dot
// products of bytes the relaxed instructions for them:
//
//	relax build/spikechat-simd.wasm build/spikechat-relaxed.wasm
//
// Swizzles differ for indices above 15 alone, which no lookup of core/simd has. For them a strict
// one has to give 0, and on x86 that takes an instruction more for each lookup. Dot products differ
// for codes of more than 7 bits. Go's archsimd offers no relaxed instruction.
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
		fmt.Fprintln(os.Stderr, "usage: relax in.wasm out.wasm")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "relax:", err)
		os.Exit(1)
	}
}

func run(in, out string) error {
	module, err := os.ReadFile(in)
	if err != nil {
		return err
	}
	relaxed, swizzles, err := relax(module)
	if err != nil {
		return fmt.Errorf("%s: %w", in, err)
	}
	if swizzles == 0 {
		return fmt.Errorf("%s: no swizzle in it: was it built with GOEXPERIMENT=simd?", in)
	}
	target := outfile.Path{What: "the relaxed module", Name: out}
	if err := outfile.Check(target, isModule, outfile.Path{What: "the input", Name: in}); err != nil {
		return err
	}
	return outfile.Write(target, relaxed, isModule)
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
