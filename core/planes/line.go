package planes

import (
	"unicode"
	"unicode/utf8"
)

// IsLine reports whether a name or licence can be shown as it is: it is UTF-8 and has no control
// characters, no line breaks, no characters that change the direction of the text around them, and
// none that are not seen, but for the variation selectors U+FE00 to U+FE0F of emoji.
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
		case isIgnorable(r) && !(0xfe00 <= r && r <= 0xfe0f):
			return false
		}
	}
	return true
}

// isIgnorable reports whether r has Unicode's property Default_Ignorable_Code_Point, which includes
// Bidi_Control (DerivedCoreProperties.txt). Package unicode has only the properties that it is
// derived from.
func isIgnorable(r rune) bool {
	switch {
	case r == 0xad, r == 0x34f, r == 0x61c, r == 0x115f, r == 0x1160, r == 0x17b4, r == 0x17b5,
		0x180b <= r && r <= 0x180f, 0x200b <= r && r <= 0x200f, 0x202a <= r && r <= 0x202e,
		0x2060 <= r && r <= 0x206f, r == 0x3164, 0xfe00 <= r && r <= 0xfe0f, r == 0xfeff,
		r == 0xffa0, 0xfff0 <= r && r <= 0xfff8, 0x1bca0 <= r && r <= 0x1bca3,
		0x1d173 <= r && r <= 0x1d17a, 0xe0000 <= r && r <= 0xe0fff:
		return true
	}
	return false
}

// IsSeen reports whether a line shows anything: it has a letter, a number or a symbol, of which the
// braille pattern without dots is blank.
func IsSeen(line string) bool {
	for _, r := range line {
		if unicode.In(r, unicode.L, unicode.N, unicode.S) && r != 0x2800 {
			return true
		}
	}
	return false
}
