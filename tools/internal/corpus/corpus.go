// Package corpus reads texts and cuts them into windows of tokens, for tools that run a model over
// them.
package corpus

import (
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"
)

const (
	// WindowTokens is the length of a window.
	WindowTokens = 512
	// characters is how many characters of a text are used.
	characters = 400_000
)

// Window is a piece of a text that is run on its own.
type Window struct {
	Index int // among the whole windows of its text
	IDs   []int32
}

// Read reads the first characters of a UTF-8 file, as many as are used of a text.
func Read(file string) (string, error) {
	f, err := os.Open(file)
	if err != nil {
		return "", err
	}
	defer f.Close()
	// No text of so many characters is longer: what follows is not looked at.
	data, err := io.ReadAll(io.LimitReader(f, characters*utf8.UTFMax))
	if err != nil {
		return "", fmt.Errorf("%s: %w", file, err)
	}
	text, err := firstCharacters(data, characters)
	if err != nil {
		return "", fmt.Errorf("%s: %w", file, err)
	}
	return text, nil
}

// firstCharacters gives the first n characters, or fewer where data ends. A line ends in one
// character, "\n": "\r\n" and "\r" become it first, as in Python's text files, with which the
// published figures were made.
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

// Cut gives the whole windows of a tokenised text, without overlap.
func Cut(ids []int32) []Window {
	windows := make([]Window, len(ids)/WindowTokens)
	for i := range windows {
		windows[i] = Window{Index: i, IDs: ids[i*WindowTokens:][:WindowTokens]}
	}
	return windows
}

// Spread picks n windows at even distances: the first, the last and what lies between; for n = 1
// the first.
func Spread(windows []Window, n int) ([]Window, error) {
	if n > len(windows) {
		return nil, fmt.Errorf("%d windows asked for, but the text has %d", n, len(windows))
	}
	picked := windows[:1:1]
	for i := 1; i < n; i++ {
		picked = append(picked, windows[i*(len(windows)-1)/(n-1)])
	}
	return picked, nil
}
