package main

import (
	"fmt"
	"strconv"
	"strings"
)

// maxShown bounds the bytes that are shown of a text from a file, maxMessage those of a message.
const (
	maxShown   = 200
	maxMessage = 4000
)

// shown is how a name or text from a file appears in messages and results: as it is where it is
// short and printable, else quoted, with escapes for control characters and those that change the
// direction of text, and cut short.
func shown(text string) string {
	if q := quoted(text); q != `"`+text+`"` {
		return q
	}
	return text
}

// quoted is shown, always in quotes.
func quoted(text string) string {
	if len(text) <= maxShown {
		return strconv.Quote(text)
	}
	return fmt.Sprintf("%q... of %d bytes", text[:maxShown], len(text))
}

// printable is a message as a terminal gets it, whatever file names and other packages' errors have
// put into it: escapes for what is not printable, but for line breaks, and a bounded length.
func printable(message string) string {
	var b strings.Builder
	for _, r := range message {
		if b.Len() > maxMessage {
			b.WriteString("...")
			break
		}
		if r == '\n' || strconv.IsPrint(r) {
			b.WriteRune(r)
			continue
		}
		escaped := strconv.QuoteRune(r)
		b.WriteString(escaped[1 : len(escaped)-1])
	}
	return b.String()
}
