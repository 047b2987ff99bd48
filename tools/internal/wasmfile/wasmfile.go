// Package wasmfile is what tools have in common that write one WebAssembly module from another.
package wasmfile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spikechat/spikechat/tools/internal/outfile"
)

// Header is what a module begins with: its magic number and version 1.
var Header = []byte("\x00asm\x01\x00\x00\x00")

// Rewrite writes to out, which errors call what, the module that change makes of that in in. What
// is at out is replaced only if it is a module, and not the input. Errors name the file.
func Rewrite(in, out, what string, change func(module []byte) ([]byte, error)) error {
	module, err := os.ReadFile(in)
	if err != nil {
		return err
	}
	changed, err := change(module)
	if err != nil {
		return fmt.Errorf("%s: %w", in, err)
	}
	target := outfile.Path{What: what, Name: out}
	if err := outfile.Check(target, isModule, outfile.Path{What: "the input", Name: in}); err != nil {
		return err
	}
	return outfile.Write(target, changed, isModule)
}

// isModule fails for a file that does not begin as a WebAssembly module.
func isModule(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	head := make([]byte, len(Header))
	if _, err := io.ReadFull(f, head); err != nil {
		return err
	}
	if !bytes.Equal(head, Header) {
		return errors.New("no WebAssembly module")
	}
	return nil
}
