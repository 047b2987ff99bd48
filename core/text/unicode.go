package text

import (
	"encoding/binary"
	"sort"
	"unicode/utf8"
)

// charClass is what pre-tokenizers tell characters apart by. Which character is of which class
// says unicode_table.go and not Go's package unicode: ids must be those of the original tokenizers,
// whose Unicode does not change with Go's.
type charClass uint8

const (
	classOther     charClass = iota // [^\s\p{L}\p{N}], invalid UTF-8 included
	classSpace                      // \s
	classLetter                     // \p{L}
	classNumber                     // \p{N}
	classNewNumber                  // as classOther, but a number to "smollm", which knows more
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
	return charClass(classes.of(r)), size
}

var classes = func() runs {
	table := varints(classTable)
	return table.runs()
}()

// runs has what numbers runs of characters have, ascending; others have 0.
type runs []run

type run struct {
	first, end rune
	value      uint8
}

func (r runs) of(c rune) uint8 {
	i := sort.Search(len(r), func(i int) bool { return c < r[i].end })
	if i < len(r) && r[i].first <= c {
		return r[i].value
	}
	return 0
}

// varints is a table of unicode_table.go that is read from the front.
type varints string

func (v *varints) next() rune {
	n, size := binary.Uvarint([]byte((*v)[:min(len(*v), binary.MaxVarintLen32)]))
	*v = (*v)[size:]
	return rune(n)
}

// zigzag reads a number that may be negative.
func (v *varints) zigzag() rune {
	n := v.next()
	return n>>1 ^ -(n & 1)
}

func (v *varints) runs() runs {
	all := make(runs, v.next())
	end := rune(0)
	for i := range all {
		first := end + v.next()
		end = first + v.next() + 1
		all[i] = run{first, end, uint8(v.next())}
	}
	return all
}
