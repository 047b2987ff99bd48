package main

import (
	"fmt"

	"github.com/spikechat/spikechat/core/text"
	"github.com/spikechat/spikechat/tools/internal/corpus"
)

// readWindows gives the windows of a file's first characters, all of them whole, or the built-in
// ones where file is "".
func readWindows(t *text.Tokenizer, file string, whole bool) ([]corpus.Window, error) {
	if file == "" {
		return builtIn(t, whole)
	}
	text, err := corpus.Read(file)
	if err != nil {
		return nil, err
	}
	windows := corpus.Cut(t.Encode(nil, text))
	if len(windows) == 0 {
		return nil, fmt.Errorf("%s: text of fewer than %d tokens", file, corpus.WindowTokens)
	}
	return windows, nil
}
