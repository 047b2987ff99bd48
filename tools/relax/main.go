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
	"errors"
	"fmt"
	"os"

	"github.com/spikechat/spikechat/tools/internal/wasmfile"
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
	return wasmfile.Rewrite(in, out, "the relaxed module", func(module []byte) ([]byte, error) {
		relaxed, swizzles, err := relax(module)
		if err == nil && swizzles == 0 {
			err = errors.New("no swizzle in it: was it built with GOEXPERIMENT=simd?")
		}
		return relaxed, err
	})
}
