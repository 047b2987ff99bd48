package text

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/spikechat/spikechat/core/internal/texttest"
	"github.com/spikechat/spikechat/core/planes"
)

func TestTokenizerEncode(t *testing.T) {
	tk := newTiny(t)
	for _, c := range []struct {
		text string
		want []string
	}{
		{"", nil},
		{"hello", []string{"hello"}},
		{"hell", []string{"hell"}},
		{"the hello", []string{"t", "he", " ", "hello"}},
		{" the", []string{" the"}},
		{"aaaaa", []string{"aaaa", "a"}},
		{"aaaaaaa", []string{"aaaa", "aa", "a"}},
		{"user", []string{"user"}},
		{"12 1", []string{"1", "2", " ", "1"}}, // digits stand alone, whatever merges there are
		{"he's", []string{"he", "'s"}},
		{"\n\n\n", []string{"\n\n", "\n"}},
		{"é", []string{"é"}},
		{"\xff\xc3(", []string{"\xff", "\xc3", "("}},
		{"<|im_end|>", []string{"<|", "im", "_", "end", "|>"}},
	} {
		ids := tk.Encode([]int32{-7}, c.text)
		if ids[0] != -7 {
			t.Errorf("%q: the ids before were replaced", c.text)
		}
		if got := tokenTexts(tk, ids[1:]); !slices.Equal(got, c.want) {
			t.Errorf("%q: tokens %q, want %q", c.text, got, c.want)
		}
	}
}

// simpleMerge is the definition: the pair of lowest rank, leftmost first, until there is none.
func simpleMerge(t *Tokenizer, piece string) []int32 {
	var ids []int32
	for i := range len(piece) {
		ids = append(ids, t.bytes[piece[i]])
	}
	for {
		best, at := int32(len(t.product)), -1
		for i := range len(ids) - 1 {
			if rank, ok := t.ranks[pairKey(ids[i], ids[i+1])]; ok && rank < best {
				best, at = rank, i
			}
		}
		if at < 0 {
			return ids
		}
		ids[at] = t.product[best]
		ids = slices.Delete(ids, at+1, at+2)
	}
}

func TestTokenizerMergeEqualsDefinition(t *testing.T) {
	tk := newTiny(t)
	random := rand.New(rand.NewPCG(1, 2))
	const letters = "aaahello tuser\n"
	var m merger
	for n := range 3000 {
		piece := make([]byte, n%50)
		for i := range piece {
			piece[i] = letters[random.IntN(len(letters))]
		}
		got, want := m.merge(nil, tk, string(piece)), simpleMerge(tk, string(piece))
		if !slices.Equal(got, want) {
			t.Fatalf("%q: %q, want %q", piece, tokenTexts(tk, got), tokenTexts(tk, want))
		}
	}
}

func TestTokenizerLookups(t *testing.T) {
	tk := newTiny(t)
	if id, ok := tk.Control("<|im_end|>"); id != 2 || !ok {
		t.Errorf("Control gave %d, %v", id, ok)
	}
	if id, ok := tk.Control("hello"); ok {
		t.Errorf("Control gave %d for ordinary text", id)
	}
	if !tk.IsControl(2) || tk.IsControl(3) {
		t.Error("IsControl is wrong about id 2 or 3")
	}
	if tk.EOS() != 2 || tk.Vocab() != len(texttest.Tokenizer().Tokens) {
		t.Errorf("EOS %d, Vocab %d", tk.EOS(), tk.Vocab())
	}
	if got := tk.Bytes(3 + 0xff); got != "\xff" {
		t.Errorf("Bytes gave %q", got)
	}
}

func TestTokenizerLeavesOutMissingBytes(t *testing.T) {
	data := texttest.Tokenizer()
	for _, b := range []byte{0x04, 0xF1} {
		data.Tokens[3+int(b)] = fmt.Sprintf("<unused %d>", b)
		data.Kinds[3+int(b)] = planes.TokenUnused
	}
	tk, err := NewTokenizer(data)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		text string
		want []string
	}{
		{"\x04", nil},
		{"he\x04llo", []string{"he", "ll", "o"}}, // three pieces: 0x04 is no letter
		{"<\x04|", []string{"<|"}},               // one piece, whose rest is merged
		{"\U00040000", []string{"\x80", "\x80", "\x80"}},
	} {
		if got := tokenTexts(tk, tk.Encode(nil, c.text)); !slices.Equal(got, c.want) {
			t.Errorf("%q: tokens %q, want %q", c.text, got, c.want)
		}
	}
}

func TestNewTokenizerRefuses(t *testing.T) {
	drop := func(b byte) func(*planes.Tokenizer) {
		return func(t *planes.Tokenizer) { t.Kinds[3+int(b)] = planes.TokenUnused }
	}
	for _, c := range []struct {
		name   string
		change func(*planes.Tokenizer)
		want   error
		text   string
	}{
		{"pre-tokenizer", func(t *planes.Tokenizer) { t.Pre = "llama3" }, planes.ErrUnsupported,
			`"llama3"`},
		{"broken data", func(t *planes.Tokenizer) { t.EOS = 9999 }, planes.ErrInvalid, "EOS"},
		{"no space", drop(' '), planes.ErrInvalid, "0x20"},
		{"no line feed", drop('\n'), planes.ErrInvalid, "0x0A"},
		{"no continuation", drop(0xBF), planes.ErrInvalid, "0xBF"},
		{"no lead of four", drop(0xF0), planes.ErrInvalid, "0xF0"},
		{"same token twice", func(t *planes.Tokenizer) { t.Tokens[len(t.Tokens)-1] = "hello" },
			planes.ErrInvalid, `"hello"`},
		{"merge of a control token", func(t *planes.Tokenizer) { t.Merges[4][0] = 2 },
			planes.ErrInvalid, "merge 4 uses token 2"},
		{"merge without a product", func(t *planes.Tokenizer) { t.Merges[5] = [2]int32{3, 4} },
			planes.ErrInvalid, "merge 5 makes"},
		{"merge that makes a control token", func(t *planes.Tokenizer) {
			at := slices.Index(t.Tokens, "hello")
			t.Kinds[at] = planes.TokenControl
		}, planes.ErrInvalid, `makes "hello"`},
		{"same merge twice", func(t *planes.Tokenizer) { t.Merges[9] = t.Merges[3] },
			planes.ErrInvalid, "merges 3 and 9"},
		{"empty control token", func(t *planes.Tokenizer) { t.Tokens[1] = "" }, planes.ErrInvalid,
			"token 1"},
		{"same control token twice", func(t *planes.Tokenizer) { t.Tokens[1] = t.Tokens[2] },
			planes.ErrInvalid, "tokens 1 and 2"},
	} {
		data := texttest.Tokenizer()
		c.change(data)
		tk, err := NewTokenizer(data)
		if tk != nil || !errors.Is(err, c.want) || !strings.Contains(fmt.Sprint(err), c.text) {
			t.Errorf("%s: %v, want %v with %q", c.name, err, c.want, c.text)
		}
	}
}

// A megabyte in one piece: steps that grew with its square would take an hour.
func TestTokenizerLongPieces(t *testing.T) {
	for i := range preTokenizers {
		rule := preTokenizers[i].name
		data := texttest.Tokenizer()
		data.Pre = rule
		tk, err := NewTokenizer(data)
		if err != nil {
			t.Fatal(err)
		}
		size := 1 << 17
		if rule == "smollm" {
			size = 1 << 20
		}
		longPieces(t, tk, rule, size)
	}
}

func longPieces(t *testing.T, tk *Tokenizer, rule string, size int) {
	for _, unit := range []string{"a", " ", "é", "!", "hello", "'s ", "\n", " \n", "12"} {
		text := strings.Repeat(unit, size/len(unit))
		start := time.Now()
		ids := tk.Encode(nil, text)
		took := time.Since(start)
		t.Logf("%s: %q: %d bytes, %d tokens, %v", rule, unit, len(text), len(ids), took)
		if took > 20*time.Second {
			t.Errorf("%s: %q: %v for %d bytes", rule, unit, took, len(text))
		}
		if got := strings.Join(tokenTexts(tk, ids), ""); got != text {
			t.Errorf("%q: the tokens do not give the text back", unit)
		}
	}
}

func FuzzTokenizerEncode(f *testing.F) {
	for _, text := range []string{
		"", "hello world", "<|im_end|>", "<|im_start|>user\n12  the's", "\xff\xc3\xa9\xe2\x82",
		"  \t\n 1é ", "\u00a0\u2028a\u3000 b", "<think>a</think> <|im_end|>", "<<th é\n",
	} {
		f.Add(text)
	}
	plain := newTiny(f)
	// Some of these hold a control token's text, or end inside a character.
	added := withAdded(f, *texttest.Tokenizer(), "<think>", "</think>", "<th", "a<|im_end|>", "\xc3")
	f.Fuzz(func(t *testing.T, text string) {
		for _, tk := range []*Tokenizer{plain, added} {
			ids := tk.Encode(nil, text)
			for _, id := range ids {
				if tk.IsControl(id) {
					t.Errorf("Encode(%q) gave control token %q", text, tk.Bytes(id))
				}
			}
			if got := strings.Join(tokenTexts(tk, ids), ""); got != text {
				t.Errorf("Encode(%q) gives back %q", text, got)
			}
		}
		for i := range preTokenizers {
			name := preTokenizers[i].name
			for rest := text; rest != ""; {
				n := preTokenizers[i].pieceLen(rest)
				if n <= 0 || n > len(rest) {
					t.Fatalf("%s: a piece of %d bytes of %q", name, n, rest)
				}
				if utf8.ValidString(text) && !utf8.ValidString(rest[:n]) {
					t.Errorf("%s: piece %q of %q cuts a character", name, rest[:n], text)
				}
				rest = rest[n:]
			}
		}
	})
}

func BenchmarkTokenizerEncode(b *testing.B) {
	tk := newTiny(b)
	text := strings.Repeat("hello the user's 12 cafés, twice\n", 1000)
	b.SetBytes(int64(len(text)))
	var ids []int32
	for b.Loop() {
		ids = tk.Encode(ids[:0], text)
	}
}

// TestFirst: the first tokens of a vocabulary encode as a tokenizer that has no others.
func TestFirst(t *testing.T) {
	whole := *texttest.Tokenizer()
	whole.Tokens = slices.Concat(whole.Tokens, []string{"<think>", "the end"})
	whole.Kinds = append(slices.Clone(whole.Kinds), planes.TokenUserDefined, planes.TokenUserDefined)
	tk, err := NewTokenizer(&whole)
	if err != nil {
		t.Fatal(err)
	}
	texts := []string{"", "<think>the end", "<|im_end|>", "\x00\xff", "é 1 2"}
	r := rand.New(rand.NewPCG(7, 8))
	for range 20 {
		text := ""
		for range r.IntN(20) {
			text += whole.Tokens[r.IntN(len(whole.Tokens))]
		}
		texts = append(texts, text)
	}
	fewest := tk.Fewest()
	if fewest < 256 || fewest > tk.Vocab()-10 {
		t.Fatalf("%d of %d tokens are needed", fewest, tk.Vocab())
	}
	first := tk // of more tokens, from the second on
	for n := tk.Vocab(); n >= fewest; n-- {
		few := whole
		few.Tokens, few.Kinds = whole.Tokens[:n], whole.Kinds[:n]
		few.Merges = slices.DeleteFunc(slices.Clone(whole.Merges), func(m [2]int32) bool {
			return int(max(m[0], m[1])) >= n ||
				!slices.Contains(few.Tokens, whole.Tokens[m[0]]+whole.Tokens[m[1]])
		})
		want, err := NewTokenizer(&few)
		if err != nil {
			t.Fatal(err)
		}
		first = first.First(n)
		for _, text := range texts {
			if got, want := first.Encode(nil, text), want.Encode(nil, text); !slices.Equal(got, want) {
				t.Errorf("first %d tokens: %q is %v, want %v", n, text, got, want)
			}
		}
	}
	again := first.First(tk.Vocab())
	for _, text := range texts {
		if !slices.Equal(again.Encode(nil, text), tk.Encode(nil, text)) {
			t.Errorf("all tokens again: %q is other than at first", text)
		}
	}
	for _, n := range []int{fewest - 1, tk.Vocab() + 1} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("the first %d tokens are taken", n)
				}
			}()
			tk.First(n)
		}()
	}
}
