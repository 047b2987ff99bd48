package text

import (
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func pieces(text string) []string {
	var out []string
	for text != "" {
		n := pieceLen(text)
		out = append(out, text[:n])
		text = text[n:]
	}
	return out
}

func TestPretokenizerPieces(t *testing.T) {
	for _, c := range []struct {
		text string
		want []string
	}{
		{"Hello world", []string{"Hello", " world"}},
		{"  leading", []string{" ", " leading"}},
		{"a \tb", []string{"a", " ", "\t", "b"}},
		{"a\nb", []string{"a", "\n", "b"}},
		{"a \n b", []string{"a", " \n", " b"}},
		{"end  ", []string{"end", "  "}},
		{"n  42", []string{"n", "  ", "4", "2"}},
		{"x1y", []string{"x", "1", "y"}},
		{"٣½Ⅷ", []string{"٣", "½", "Ⅷ"}},
		{"I'm you're IT'S", []string{"I", "'m", " you", "'re", " IT", "'", "S"}},
		{"'s 't ''d", []string{"'s", " '", "t", " ''", "d"}},
		{"'", []string{"'"}},
		{"'r'v", []string{"'", "r", "'", "v"}},
		{"'sx", []string{"'s", "x"}},
		{"!'s", []string{"!'", "s"}},
		{"e\u0301t", []string{"e", "\u0301", "t"}},
		{" \u00a0a", []string{" ", "\u00a0", "a"}},
		{"\u200bx", []string{"\u200b", "x"}},
		{"a\xff\xc3b", []string{"a", "\xff\xc3", "b"}},
		{" \xe2\x82", []string{" \xe2\x82"}},
	} {
		if got := pieces(c.text); !slices.Equal(got, c.want) {
			t.Errorf("%q: pieces %q, want %q", c.text, got, c.want)
		}
	}
}

var (
	regexpNumber = regexp.MustCompile(`\p{N}`)
	// RE2 has no lookahead; white space is handled by hand in regexpPieces.
	regexpWord = regexp.MustCompile(`^(?:'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^` + spaces +
		`\p{L}\p{N}]+)`)
	regexpGap = regexp.MustCompile(`^[` + spaces + `]+`)
)

// spaces is Unicode's White_Space, written out.
const spaces = `\x{9}-\x{d} \x{85}\x{a0}\x{1680}\x{2000}-\x{200a}` +
	`\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}`

// regexpPieces is the two patterns as they stand.
func regexpPieces(text string) []string {
	var out []string
	words := func(text string) {
		for text != "" {
			n := len(regexpWord.FindString(text))
			if n == 0 {
				n = len(regexpGap.FindString(text))
				if _, size := utf8.DecodeLastRuneInString(text[:n]); n < len(text) && n > size {
					n -= size // \s+(?!\S) backs off by one
				}
			}
			out = append(out, text[:n])
			text = text[n:]
		}
	}
	for text != "" {
		at := regexpNumber.FindStringIndex(text)
		if at == nil {
			words(text)
			break
		}
		words(text[:at[0]])
		out = append(out, text[at[0]:at[1]])
		text = text[at[1]:]
	}
	return out
}

func TestPretokenizerEqualsPatterns(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	likely := []rune("  \n\t'sstdmrevl aAé12٣½!?.\u00a0\u3000\u0301日🙂")
	for range 20000 {
		var b strings.Builder
		for range random.IntN(12) {
			if random.IntN(8) == 0 {
				b.WriteRune(rune(random.IntN(0x30000)))
			} else {
				b.WriteRune(likely[random.IntN(len(likely))])
			}
		}
		text := b.String()
		if got, want := pieces(text), regexpPieces(text); !slices.Equal(got, want) {
			t.Fatalf("%q: pieces %q, want %q", text, got, want)
		}
	}
}
