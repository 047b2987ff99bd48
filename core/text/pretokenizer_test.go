package text

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func pieces(rule, text string) []string {
	var out []string
	for text != "" {
		n := preTokenizerOf(rule).pieceLen(text)
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
		if got := pieces("smollm", c.text); !slices.Equal(got, c.want) {
			t.Errorf("%q: pieces %q, want %q", c.text, got, c.want)
		}
	}
}

// What the rules tell apart from each other.
func TestPretokenizersDiffer(t *testing.T) {
	for _, c := range []struct {
		text                string
		gpt2, llama3, qwen2 string // pieces with | between
	}{
		{"a 1234", "a| 1234", "a| |123|4", "a| |1|2|3|4"},
		{"IT'S I'LL", "IT|'|S| I|'|LL", "IT|'S| I|'LL", "IT|'S| I|'LL"},
		{"it'\u017fx", "it|'|\u017fx", "it|'\u017f|x", "it|'\u017f|x"},
		{"(a .b\tc", "(|a| .|b|\t|c", "(a| .|b|\tc", "(a| .|b|\tc"},
		{"a!\n\nb", "a|!|\n|\n|b", "a|!\n\n|b", "a|!\n\n|b"},
		{"a \n \n  b", "a| \n \n | b", "a| \n \n| | b", "a| \n \n| | b"},
		{"  \n", "  \n", "  \n", "  \n"},
		{"\na", "\n|a", "\n|a", "\n|a"},
		{"\u00a0a\u3000\u3000.", "\u00a0|a|\u3000|\u3000|.", "\u00a0a|\u3000|\u3000|.",
			"\u00a0a|\u3000|\u3000|."},
	} {
		for rule, want := range map[string]string{"gpt-2": c.gpt2, "llama-bpe": c.llama3,
			"qwen2": c.qwen2} {
			if got := strings.Join(pieces(rule, c.text), "|"); got != want {
				t.Errorf("%s: %q: pieces %q, want %q", rule, c.text, got, want)
			}
		}
	}
}

// spaces is Unicode's White_Space, written out.
const spaces = `\x{9}-\x{d} \x{85}\x{a0}\x{1680}\x{2000}-\x{200a}` +
	`\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}`

// patterns are the rules' regular expressions. RE2 has no lookahead: of white space that nothing
// else takes, the last one is left to what follows by hand.
var patterns = map[string]struct{ first, word *regexp.Regexp }{
	"gpt-2":     {nil, wordPattern(gpt2Words)},
	"smollm":    {regexp.MustCompile(`\p{N}`), wordPattern(gpt2Words)},
	"llama-bpe": {nil, wordPattern(fmt.Sprintf(llamaWords, `\p{N}{1,3}`))},
	"qwen2":     {nil, wordPattern(fmt.Sprintf(llamaWords, `\p{N}`))},
}

const (
	gpt2Words  = `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^` + spaces + `\p{L}\p{N}]+`
	llamaWords = `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|%s| ?[^` + spaces +
		`\p{L}\p{N}]+[\r\n]*|[` + spaces + `]*[\r\n]+`
)

func wordPattern(words string) *regexp.Regexp { return regexp.MustCompile(`^(?:` + words + `)`) }

var regexpGap = regexp.MustCompile(`^[` + spaces + `]+`)

// regexpPieces is the patterns of a rule as they stand.
func regexpPieces(rule, text string) []string {
	var out []string
	p := patterns[rule]
	words := func(text string) {
		for text != "" {
			n := len(p.word.FindString(text))
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
	for p.first != nil && text != "" {
		at := p.first.FindStringIndex(text)
		if at == nil {
			break
		}
		words(text[:at[0]])
		out = append(out, text[at[0]:at[1]])
		text = text[at[1]:]
	}
	words(text)
	return out
}

func TestPretokenizerEqualsPatterns(t *testing.T) {
	likely := []rune("  \n\t\r'sstdmrevl aASLTé12٣½!?.\u00a0\u3000\u0301\u017f日🙂")
	for i := range preTokenizers {
		rule := preTokenizers[i].name
		random := rand.New(rand.NewPCG(3, 4))
		for range 20000 {
			var b strings.Builder
			for range random.IntN(12) {
				if r := rune(random.IntN(0x30000)); random.IntN(8) == 0 && !changed(r) {
					b.WriteRune(r)
				} else {
					b.WriteRune(likely[random.IntN(len(likely))])
				}
			}
			text := b.String()
			if got, want := pieces(rule, text), regexpPieces(rule, text); !slices.Equal(got, want) {
				t.Fatalf("%s: %q: pieces %q, want %q", rule, text, got, want)
			}
		}
	}
}
