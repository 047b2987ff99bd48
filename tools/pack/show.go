package main

import (
	"strconv"
	"strings"
)

// maxMessage bounds the bytes of a message.
const maxMessage = 4000

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
