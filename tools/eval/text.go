package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"github.com/spikechat/spikechat/core"
)

const (
	// windowTokens is the length of a window.
	windowTokens = 512
	// textCharacters is how many characters of a text are used.
	textCharacters = 400_000
)

// window is a piece of a text that is measured on its own.
type window struct {
	index int // among the whole windows of its text
	ids   []int32
}

// readWindows gives the windows of a file's first characters, all of them whole, or the built-in ones where file is "".
func readWindows(t *core.Tokenizer, file string) ([]window, error) {
	if file == "" {
		return builtIn(t)
	}
	text, err := readText(file)
	if err != nil {
		return nil, err
	}
	windows := cut(t.Encode(nil, text))
	if len(windows) == 0 {
		return nil, fmt.Errorf("%s: text of fewer than %d tokens", file, windowTokens)
	}
	return windows, nil
}

func readText(file string) (string, error) {
	f, err := os.Open(file)
	if err != nil {
		return "", err
	}
	defer f.Close()
	// No text of so many characters is longer: what follows is not looked at.
	data, err := io.ReadAll(io.LimitReader(f, textCharacters*utf8.UTFMax))
	if err != nil {
		return "", fmt.Errorf("%s: %w", file, err)
	}
	text, err := firstCharacters(data, textCharacters)
	if err != nil {
		return "", fmt.Errorf("%s: %w", file, err)
	}
	return text, nil
}

// firstCharacters gives the first n characters, or fewer where data ends. A line ends in one character, "\n": "\r\n" and
// "\r" become it first, as in Python's text files, with which the published figures were made.
func firstCharacters(data []byte, n int) (string, error) {
	var text strings.Builder
	for at := 0; n > 0 && at < len(data); n-- {
		r, size := utf8.DecodeRune(data[at:])
		switch {
		case r == utf8.RuneError && size == 1:
			return "", fmt.Errorf("byte %d is not UTF-8", at)
		case r == '\r':
			r = '\n'
			if at+1 < len(data) && data[at+1] == '\n' {
				size = 2
			}
		}
		text.WriteRune(r)
		at += size
	}
	return text.String(), nil
}

// cut gives the whole windows of a tokenised text, without overlap.
func cut(ids []int32) []window {
	windows := make([]window, len(ids)/windowTokens)
	for i := range windows {
		windows[i] = window{index: i, ids: ids[i*windowTokens:][:windowTokens]}
	}
	return windows
}

// spread picks n windows at even distances: the first, the last and what lies between; for n = 1 the first.
func spread(windows []window, n int) ([]window, error) {
	if n > len(windows) {
		return nil, fmt.Errorf("%d windows asked for, but the text has %d", n, len(windows))
	}
	picked := windows[:1:1]
	for i := 1; i < n; i++ {
		picked = append(picked, windows[i*(len(windows)-1)/(n-1)])
	}
	return picked, nil
}
