package packer

import (
	"fmt"
	"strconv"
)

// maxShown bounds the bytes that are shown of a text from a file.
const maxShown = 200

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
