package core

import (
	"testing"

	"github.com/spikechat/spikechat/core/planes"
)

// tinyMerges are those of tinyTokenizer, by rank: the left and the right part.
var tinyMerges = [][2]string{
	{"a", "a"}, {"h", "e"}, {"l", "l"}, {"aa", "aa"}, {" ", " "}, {" ", "t"}, {" t", "he"}, {"he", "ll"},
	{"hell", "o"}, {"\n", "\n"}, {"\xc3", "\xa9"}, {"i", "m"}, {"'", "s"}, {"  ", "  "}, {"<", "|"}, {"|", ">"},
	{"e", "n"}, {"en", "d"}, {"1", "2"}, {" ", "1"}, {"u", "s"}, {"us", "er"}, {"e", "r"},
}

// tinyTokenizer has the control tokens of SmolLM2's template as ids 0 to 2, all
// single bytes from id 3 on, and one token for each merge that gives a new one.
func tinyTokenizer() *planes.Tokenizer {
	t := &planes.Tokenizer{Pre: "smollm", BOS: 1, EOS: 2, Unknown: 0}
	ids := map[string]int32{}
	add := func(text string, kind planes.TokenKind) int32 {
		id := int32(len(t.Tokens))
		t.Tokens = append(t.Tokens, text)
		t.Kinds = append(t.Kinds, kind)
		if kind == planes.TokenNormal {
			ids[text] = id
		}
		return id
	}
	for _, text := range []string{"<|endoftext|>", "<|im_start|>", "<|im_end|>"} {
		add(text, planes.TokenControl)
	}
	for b := range 256 {
		add(string([]byte{byte(b)}), planes.TokenNormal)
	}
	add("er", planes.TokenNormal) // "us"+"er" has a smaller rank than "e"+"r"
	for _, m := range tinyMerges {
		if _, ok := ids[m[0]+m[1]]; !ok {
			add(m[0]+m[1], planes.TokenNormal)
		}
		t.Merges = append(t.Merges, [2]int32{ids[m[0]], ids[m[1]]})
	}
	return t
}

func newTiny(tb testing.TB) *Tokenizer {
	tb.Helper()
	t, err := NewTokenizer(tinyTokenizer())
	if err != nil {
		tb.Fatal(err)
	}
	return t
}

// tokenTexts gives the tokens' bytes, for messages a person can read.
func tokenTexts(t *Tokenizer, ids []int32) []string {
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = t.Bytes(id)
	}
	return texts
}
