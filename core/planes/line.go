package planes

import "unicode/utf8"

// IsLine reports whether a name or licence can be shown as it is: it is UTF-8 and has no control
// characters, no line breaks, and no characters that change the direction of the text around them.
func IsLine(text string) bool {
	if !utf8.ValidString(text) {
		return false
	}
	for _, r := range text {
		switch {
		case r < 0x20, 0x7f <= r && r < 0xa0: // control characters
			return false
		case r == 0x2028, r == 0x2029: // line and paragraph separators
			return false
		// Unicode's property Bidi_Control.
		case r == 0x061c, r == 0x200e, r == 0x200f, 0x202a <= r && r <= 0x202e,
			0x2066 <= r && r <= 0x2069:
			return false
		}
	}
	return true
}
