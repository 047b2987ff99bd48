package text

import (
	"unicode"
	"unicode/utf8"
)

// charClass is what the pre-tokenizer tells characters apart by.
type charClass uint8

const (
	classOther  charClass = iota // [^\s\p{L}\p{N}], invalid UTF-8 included
	classSpace                   // \s
	classLetter                  // \p{L}
	classNumber                  // \p{N}
)

// firstClass gives the class and the bytes of the first character of s.
func firstClass(s string) (class charClass, size int) {
	if c := s[0]; c < utf8.RuneSelf {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z':
			return classLetter, 1
		case '0' <= c && c <= '9':
			return classNumber, 1
		case c == ' ', '\t' <= c && c <= '\r':
			return classSpace, 1
		}
		return classOther, 1
	}
	r, size := utf8.DecodeRuneInString(s)
	switch {
	case unicode.IsLetter(r):
		return classLetter, size
	case unicode.IsNumber(r):
		return classNumber, size
	case unicode.IsSpace(r):
		return classSpace, size
	}
	return classOther, size
}

// pieceLen gives the bytes of the first piece of s, which must not be empty.
// Merges never cross the border of a piece. The rule "smollm" is two patterns,
// the second applied to what the first leaves:
//
//	\p{N}
//	's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
//
// So each digit is alone, and to what comes before it the digit is the end of the text.
func pieceLen(s string) int {
	class, size := firstClass(s)
	switch class {
	case classNumber:
		return size
	case classSpace:
		return spaceLen(s, size)
	}
	if n := contractionLen(s); n > 0 {
		return n
	}
	return runLen(s, size, class)
}

// spaceLen handles a piece whose first character, of the given size, is white space.
func spaceLen(s string, size int) int {
	last := 0 // where the last white space seen begins
	end := size
	for end < len(s) {
		class, n := firstClass(s[end:])
		switch class {
		case classSpace:
			last = end
			end += n
			continue
		case classNumber:
			return end
		}
		if last > 0 {
			return last // \s+(?!\S): the last one is left to the next piece
		}
		if s[0] == ' ' {
			return runLen(s, end+n, class) // the space belongs to the word
		}
		return end
	}
	return end
}

// runLen extends a piece that ends at n by all further characters of its class.
func runLen(s string, n int, class charClass) int {
	for n < len(s) {
		next, size := firstClass(s[n:])
		if next != class {
			break
		}
		n += size
	}
	return n
}

// contractionLen gives the length of the English contraction s begins with, or 0.
func contractionLen(s string) int {
	if s[0] != '\'' || len(s) < 2 {
		return 0
	}
	switch s[1] {
	case 's', 't', 'm', 'd':
		return 2
	}
	if len(s) < 3 {
		return 0
	}
	switch s[1:3] {
	case "re", "ve", "ll":
		return 3
	}
	return 0
}
