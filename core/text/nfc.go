package text

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"sort"
	"unicode/utf8"

	"github.com/spikechat/spikechat/core/planes"
)

// Unicode's normal form C: characters are decomposed, marks brought into the order of their
// combining classes, and what composes is composed (Unicode Standard Annex 15). The tables are the
// original tokenizers' (core/normalform), which know an older Unicode than browsers do.

type nfcTables struct {
	class runs             // of marks, ascending with the canonical combining class
	parts []decomposition  // by what is decomposed
	whole map[uint64]int32 // pairKey of two characters to what they compose
}

type decomposition struct{ whole, first, second rune } // second is 0 where there is none

// newNFC reads a table that comes with a model. There is one that it takes, which is never longer
// than it says and never goes in circles.
func newNFC(data string) (*nfcTables, error) {
	if sum := sha256.Sum256([]byte(data)); hex.EncodeToString(sum[:]) != nfcSHA256 {
		return nil, fmt.Errorf("tokenizer: %w: a table of normal forms of %d bytes",
			planes.ErrUnsupported, len(data))
	}
	table := varints(data)
	t := &nfcTables{class: table.runs(), whole: map[uint64]int32{}}
	t.parts = make([]decomposition, table.next())
	d := decomposition{}
	for i := range t.parts {
		head := table.next()
		d.whole += head >> 2
		d.first += table.zigzag()
		d.second = 0
		if head&3 != 0 {
			d.second = 0x300 + table.zigzag()
		}
		t.parts[i] = d
		if head&3 == 1 {
			t.whole[pairKey(d.first, d.second)] = d.whole
		}
	}
	return t, nil
}

// Hangul syllables are composed by arithmetic: of a leading consonant, a vowel and perhaps a
// trailing consonant.
const (
	hangulFirst, hangulCount = 0xAC00, leads * vowels * trails
	leadFirst, leads         = 0x1100, 19
	vowelFirst, vowels       = 0x1161, 21
	trailFirst, trails       = 0x11A7, 28 // counting none as the first
)

// normalize gives s in normal form C. What is no UTF-8 stays as it is.
func (t *nfcTables) normalize(s string) string {
	// What is below U+0300 is composed already, and nothing of it goes together.
	simple := true
	for i := range len(s) {
		simple = simple && s[i] < 0xCC
	}
	if simple || !utf8.ValidString(s) {
		return s
	}
	chars := make([]rune, 0, len(s))
	for _, r := range s {
		chars = t.decompose(chars, r)
	}
	for i, r := range chars {
		chars[i] = r | rune(t.class.of(r))<<classShift
	}
	return string(t.compose(order(chars)))
}

// classShift is where a character's combining class stands while characters are brought in order.
const classShift = 24

// decompose appends all that r is made of. The second part is never made of others.
func (t *nfcTables) decompose(dst []rune, r rune) []rune {
	first, second := t.split(r)
	if first == 0 {
		return append(dst, r)
	}
	if dst = t.decompose(dst, first); second != 0 {
		dst = append(dst, second)
	}
	return dst
}

// split gives the one or two parts of r, or 0.
func (t *nfcTables) split(r rune) (first, second rune) {
	if syllable := r - hangulFirst; syllable >= 0 && syllable < hangulCount {
		if trail := syllable % trails; trail > 0 {
			return r - trail, trailFirst + trail
		}
		return leadFirst + syllable/(vowels*trails), vowelFirst + syllable/trails%vowels
	}
	i := sort.Search(len(t.parts), func(i int) bool { return r <= t.parts[i].whole })
	if i < len(t.parts) && t.parts[i].whole == r {
		return t.parts[i].first, t.parts[i].second
	}
	return 0, 0
}

// order gives each run of marks sorted by their classes, those of one class as they come. There are
// so few classes that one after the other is looked for.
func order(chars []rune) []rune {
	out := make([]rune, 0, len(chars))
	for i := 0; i < len(chars); {
		end := i
		for end < len(chars) && chars[end]>>classShift > 0 {
			end++
		}
		if end == i {
			out = append(out, chars[i])
			end++
		}
		for class := rune(1); len(out) < end; class++ {
			for _, r := range chars[i:end] {
				if r>>classShift == class {
					out = append(out, r)
				}
			}
		}
		i = end
	}
	return out
}

// compose joins, in place, what composes with the starter before it, unless something of the same
// or a higher class stands between. It takes the classes away.
func (t *nfcTables) compose(chars []rune) []rune {
	out := chars[:0]
	starter := -1 // in out
	between := rune(0)
	for _, r := range chars {
		class := r >> classShift
		r &= 1<<classShift - 1
		adjacent := starter == len(out)-1
		if starter >= 0 && (adjacent || between < class) {
			if whole, ok := t.pair(out[starter], r); ok {
				out[starter] = whole
				continue
			}
		}
		if class == 0 {
			starter = len(out)
		}
		between = class
		out = append(out, r)
	}
	return out
}

func (t *nfcTables) pair(first, second rune) (whole rune, ok bool) {
	lead, vowel := first-leadFirst, second-vowelFirst
	if lead >= 0 && lead < leads && vowel >= 0 && vowel < vowels {
		return hangulFirst + (lead*vowels+vowel)*trails, true
	}
	syllable, trail := first-hangulFirst, second-trailFirst
	if syllable >= 0 && syllable < hangulCount && syllable%trails == 0 && trail > 0 && trail < trails {
		return first + trail, true
	}
	whole, ok = t.whole[pairKey(first, second)]
	return whole, ok
}
