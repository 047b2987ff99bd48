// Command togguf writes the tokenizer of a tokenizer.json as a GGUF file without tensors:
//
//	go run ./tools/pack/tokenizers/togguf tokenizer.json qwen2 out.gguf
package main

import (
	"fmt"
	"os"

	"github.com/spikechat/spikechat/tools/pack/tokenizers"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "togguf:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 3 {
		return fmt.Errorf("want tokenizer.json, the name of the pre-tokenizer, and a file to write")
	}
	text, err := os.ReadFile(args[0])
	if err != nil {
		return err
	}
	original, err := tokenizers.Read(text)
	if err != nil {
		return fmt.Errorf("%s: %w", args[0], err)
	}
	return os.WriteFile(args[2], original.GGUF(args[1]).Bytes(), 0o666)
}
