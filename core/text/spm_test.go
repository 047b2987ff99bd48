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
	"github.com/spikechat/spikechat/core/normalform"
	"github.com/spikechat/spikechat/core/planes"
)

func newSPM(tb testing.TB, change func(*planes.Tokenizer)) *Tokenizer {
	tb.Helper()
	data := texttest.SPM()
	if change != nil {
		change(data)
	}
	tk, err := NewTokenizer(data)
	if err != nil {
		tb.Fatal(err)
	}
	return tk
}

func TestSPMEncode(t *testing.T) {
	tk := newSPM(t, nil)
	for text, want := range map[string][]string{
		"":                  nil,
		"hello":             {" ", "hello"},
		"the":               {" the"},
		"a":                 {" a"},
		" a":                {"  ", "a"}, // one of them is the prefix
		"he  he":            {" ", "he", "  ", "he"},
		"he     he":         {" ", "he", "   ", "  ", "he"},
		"hä":                {" ", "h", "\xc3", "\xa4"}, // ä is no token
		"éé\xff":            {" ", "éé", "\xff"},
		"\n":                {" ", "\n"},
		"he<think>the":      {" ", "he", "<think>", " the"}, // the prefix again, as the original has it
		"<think>":           {"<think>"},
		"</s>":              {" ", "</s", ">"}, // the control token never
		"he\u2581the":       {" ", "he", " the"},
		"he\u2581\u2581he":  {" ", "he", "  ", " ", "he"}, // a user-defined token by its own spelling
		"he \u2581he":       {" ", "he", "  ", "he"},
		"aaaa":              {" ", "aa", "aa"},
		"banana":            {" ", "b", "an", "ana"},
		"he\u2581 \u2581he": {" ", "he", "   ", "he"},
	} {
		if got := tokenTexts(tk, tk.Encode(nil, text)); !slices.Equal(got, want) {
			t.Errorf("%q: tokens %q, want %q", text, got, want)
		}
	}
	plain := newSPM(t, func(t *planes.Tokenizer) { t.Flags = 0 })
	if got := tokenTexts(plain, plain.Encode(nil, "the the")); !slices.Equal(got,
		[]string{"t", "he", " the"}) {
		t.Errorf("without a prefix %q", got)
	}
}

// simpleSPM is the definition: of all neighbours the two whose token comes first, leftmost of
// equals.
func simpleSPM(t *Tokenizer, text string) (out []string) {
	var parts []string
	for text != "" {
		_, size := utf8.DecodeRuneInString(text)
		parts = append(parts, text[:size])
		text = text[size:]
	}
	for {
		best, at := int32(1<<30), -1
		for i := range len(parts) - 1 {
			if id := t.ordinary(parts[i] + parts[i+1]); id >= 0 && t.data.Order[id] < best &&
				t.ordinary(parts[i]) >= 0 && t.ordinary(parts[i+1]) >= 0 {
				best, at = t.data.Order[id], i
			}
		}
		if at < 0 {
			break
		}
		parts[at] += parts[at+1]
		parts = slices.Delete(parts, at+1, at+2)
	}
	for _, part := range parts {
		if t.ordinary(part) >= 0 {
			out = append(out, part)
			continue
		}
		for i := range len(part) {
			out = append(out, part[i:i+1])
		}
	}
	return out
}

func TestSPMMergeEqualsDefinition(t *testing.T) {
	tk := newSPM(t, func(t *planes.Tokenizer) { t.Flags = 0 })
	random := rand.New(rand.NewPCG(5, 6))
	letters := []rune("aaannhello téä</s>")
	var m merger
	for n := range 3000 {
		piece := make([]rune, n%50)
		for i := range piece {
			piece[i] = letters[random.IntN(len(letters))]
		}
		got, want := tokenTexts(tk, m.merge(nil, tk, string(piece))), simpleSPM(tk, string(piece))
		if !slices.Equal(got, want) {
			t.Fatalf("%q: %q, want %q", string(piece), got, want)
		}
	}
}

// The first tokens alone say every text, as those of BPE do.
func TestSPMFirst(t *testing.T) {
	tk := newSPM(t, nil)
	if tk.Fewest() != 257 {
		t.Errorf("fewest %d, want 257", tk.Fewest())
	}
	for n := tk.Fewest(); n <= tk.Vocab(); n++ {
		first := tk.First(n)
		const text = "hello  the banana <think> éé</s>ä\n"
		ids := first.Encode(nil, text)
		if slices.Max(ids) >= int32(n) {
			t.Errorf("first %d: ids %v", n, ids)
		}
		if got := strings.Join(tokenTexts(tk, ids), ""); strings.ReplaceAll(got, " ", "") !=
			strings.ReplaceAll(text, " ", "") {
			t.Errorf("first %d: %q", n, got)
		}
	}
}

func TestNewSPMRefuses(t *testing.T) {
	for _, c := range []struct {
		change func(*planes.Tokenizer)
		text   string
	}{
		{func(t *planes.Tokenizer) { t.Kinds[1+'q'] = planes.TokenUnused }, "no token for byte 0x71"},
		{func(t *planes.Tokenizer) { t.Kinds[1] = planes.TokenUnused }, "no token for byte 0x00"},
		{func(t *planes.Tokenizer) { t.Tokens[len(t.Tokens)-1] = "a" }, `both "a"`},
		{func(t *planes.Tokenizer) { t.Order = nil }, "an order of 0"},
	} {
		data := texttest.SPM()
		c.change(data)
		tk, err := NewTokenizer(data)
		if tk != nil || !errors.Is(err, planes.ErrInvalid) || !strings.Contains(fmt.Sprint(err), c.text) {
			t.Errorf("%v, want ErrInvalid with %q", err, c.text)
		}
	}
}

// All of a text is one piece.
func TestSPMLongTexts(t *testing.T) {
	tk := newSPM(t, nil)
	for _, unit := range []string{"a", " ", "é", "ä", "hello", "ana", "<thi", "\n", "\u2581",
		" \u2581"} {
		text := strings.Repeat(unit, (1<<19)/len(unit))
		start := time.Now()
		ids := tk.Encode(nil, text)
		if took := time.Since(start); took > 20*time.Second {
			t.Errorf("%q: %v for %d bytes", unit, took, len(text))
		}
		want := strings.TrimPrefix(strings.ReplaceAll(text, spmSpace, " "), " ")
		if got := strings.Join(tokenTexts(tk, ids), ""); strings.TrimPrefix(got, " ") != want &&
			got != want && strings.TrimLeft(got, " ") != strings.TrimLeft(want, " ") {
			t.Errorf("%q: the tokens do not give the text back", unit)
		}
	}
}

// TestWholePieces: a piece that is a token is that token, though its merges make others.
func TestWholePieces(t *testing.T) {
	data := texttest.Tokenizer()
	data.Tokens = append(data.Tokens, "ahe")
	data.Kinds = append(data.Kinds, planes.TokenNormal)
	for _, whole := range []bool{false, true} {
		if data.Flags = 0; whole {
			data.Flags = planes.FlagWholePieces
		}
		tk, err := NewTokenizer(data)
		if err != nil {
			t.Fatal(err)
		}
		want := []string{"a", "he"}
		if whole {
			want = []string{"ahe"}
		}
		if got := tokenTexts(tk, tk.Encode(nil, "ahe")); !slices.Equal(got, want) {
			t.Errorf("whole pieces %t: %q, want %q", whole, got, want)
		}
		if got := tk.First(tk.Vocab()-1).Encode(nil, "ahe"); len(got) != 2 {
			t.Errorf("without its row: %d tokens", len(got))
		}
	}
}

// NFC is done between user-defined tokens, which are found in the text as it is.
func TestEncodeNFC(t *testing.T) {
	data := *texttest.Tokenizer()
	data.NFC = normalform.Table
	tk := withAdded(t, data, "e\u0301!")
	if got := tokenTexts(tk, tk.Encode(nil, "e\u0301e\u0301!")); !slices.Equal(got,
		[]string{"é", "e\u0301!"}) {
		t.Errorf("tokens %q", got)
	}
}

func FuzzSPMEncode(f *testing.F) {
	for _, text := range []string{"", "hello the", "a  \u2581 <think>\xff", "</s>", "banana  éä\n"} {
		f.Add(text)
	}
	tk := newSPM(f, nil)
	f.Fuzz(func(t *testing.T, text string) {
		ids := tk.Encode(nil, text)
		for _, id := range ids {
			if tk.IsControl(id) {
				t.Errorf("Encode(%q) gave control token %q", text, tk.Bytes(id))
			}
		}
		plain := func(s string) string {
			return strings.NewReplacer(" ", "", spmSpace, "").Replace(s)
		}
		if got := strings.Join(tokenTexts(tk, ids), ""); plain(got) != plain(text) {
			t.Errorf("Encode(%q) gives back %q", text, got)
		}
	})
}

func FuzzNFC(f *testing.F) {
	for _, text := range []string{"", "e\u0301", "\u1100\u1161\u11a8", "\xffa\u0345\u0301\xe2\x82",
		"\ufb2c\u212b"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := nfc(text)
		if again := nfc(got); utf8.ValidString(text) && again != got {
			t.Errorf("%+q: %+q, and again %+q", text, got, again)
		}
		if utf8.ValidString(text) && !utf8.ValidString(got) {
			t.Errorf("%+q: %+q is no UTF-8", text, got)
		}
	})
}
