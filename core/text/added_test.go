package text

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spikechat/spikechat/core/internal/texttest"
	"github.com/spikechat/spikechat/core/planes"
)

// withAdded gives the tokenizer of a vocabulary with user-defined tokens behind it.
func withAdded(tb testing.TB, t planes.Tokenizer, texts ...string) *Tokenizer {
	tb.Helper()
	t.Tokens = slices.Concat(t.Tokens, texts)
	t.Kinds = slices.Concat(t.Kinds, slices.Repeat([]planes.TokenKind{planes.TokenUserDefined},
		len(texts)))
	tk, err := NewTokenizer(&t)
	if err != nil {
		tb.Fatal(err)
	}
	return tk
}

func TestUserDefinedTokens(t *testing.T) {
	tk := withAdded(t, *texttest.Tokenizer(), "<think>", "</think>", "<th", "aa<", "", "é\n")
	for text, want := range map[string][]string{
		"<think>":           {"<think>"},
		"a<think>b":         {"a", "<think>", "b"},
		"he<think></think>": {"he", "<think>", "</think>"},
		"<thi":              {"<th", "i"},                          // the longest that is whole
		"aa<think>":         {"aa<", "t", "h", "i", "n", "k", ">"}, // the leftmost
		"  <think>  a":      {"  ", "<think>", " ", " ", "a"},
		"é\né":              {"é\n", "é"},
		"<|im_end|>":        {"<|", "im", "_", "end", "|>"}, // control tokens never
		"<Think>":           {"<", "T", "h", "i", "n", "k", ">"},
	} {
		if got := tokenTexts(tk, tk.Encode(nil, text)); !slices.Equal(got, want) {
			t.Errorf("%q: tokens %q, want %q", text, got, want)
		}
	}
	twice := *texttest.Tokenizer()
	twice.Tokens = append(twice.Tokens, "<a>", "<a>")
	twice.Kinds = append(twice.Kinds, planes.TokenUserDefined, planes.TokenUserDefined)
	if _, err := NewTokenizer(&twice); err == nil || !strings.Contains(err.Error(), "both") {
		t.Errorf("a user-defined token twice: %v", err)
	}
}

// Ids of SmolLM2's vocabulary with two tokens behind it, on which llama.cpp and Hugging Face's
// tokenizers agree.
func TestGoldenUserDefinedTokens(t *testing.T) {
	tk := withAdded(t, *realTokens(t).data, "<think>", "</think>")
	want := []int32{49, 216, 49152, 82, 49153, 265}
	if got := tk.Encode(nil, "A <think>b</think> c"); !slices.Equal(got, want) {
		t.Errorf("ids %v, want %v", got, want)
	}
}

// TestLongestEqualsDefinition compares with trying every token at every place.
func TestLongestEqualsDefinition(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	letters := func(n int) string {
		b := make([]byte, n)
		for i := range b {
			b[i] = "ab\xff"[r.IntN(3)]
		}
		return string(b)
	}
	for range 200 {
		seen := map[string]bool{}
		for range r.IntN(12) {
			seen[letters(1+r.IntN(5))] = true
		}
		var texts []string
		for text := range seen {
			texts = append(texts, text)
		}
		tk := withAdded(t, *texttest.Tokenizer(), texts...)
		s := letters(40)
		best := ""
		place := len(s)
		for at := range len(s) {
			for _, text := range texts {
				if strings.HasPrefix(s[at:], text) && len(text) > len(best) {
					best = text
				}
			}
			if best != "" {
				place = at
				break
			}
		}
		at, id, length := tk.added.next(s)
		if at != place || length != len(best) || length > 0 && tk.Bytes(id) != best {
			t.Fatalf("tokens %q in %q: %d bytes at %d, want %q at %d", texts, s, length, at, best, place)
		}
	}
}

// Tokens that share a long beginning cost a text no more than their length for each byte.
func TestUserDefinedTokensInTime(t *testing.T) {
	var texts []string
	for n := 1; n <= planes.MaxTokenBytes; n++ {
		texts = append(texts, strings.Repeat("a", n-1)+"b")
	}
	tk := withAdded(t, *texttest.Tokenizer(), texts...)
	start := time.Now()
	tk.Encode(nil, strings.Repeat("a", 1<<13))
	// A busy machine takes ten times as long as an idle one, and square time a hundred times.
	if took := time.Since(start); took > 20*time.Second {
		t.Errorf("8 kB took %v", took)
	}
}
