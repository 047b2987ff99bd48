package text

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"
)

// decodeTokens runs a decoder over tokens.
func decodeTokens(tokens ...string) string {
	var d Decoder
	var out []byte
	for _, token := range tokens {
		out = d.Write(out, token)
	}
	return string(d.Flush(out))
}

// replaceInvalid is the definition: U+FFFD for each longest beginning of a
// character that is not one. FullRune is false for such beginnings alone.
func replaceInvalid(text string) string {
	var b strings.Builder
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if r == utf8.RuneError && size == 1 {
			for n := 2; n < utf8.UTFMax && i+n <= len(text); n++ {
				if !utf8.FullRuneInString(text[i : i+n]) {
					size = n
				}
			}
		}
		b.WriteRune(r)
		i += size
	}
	return b.String()
}

func TestDecoder(t *testing.T) {
	for _, c := range []struct {
		tokens []string
		want   string
	}{
		{nil, ""},
		{[]string{"plain"}, "plain"},
		{[]string{"\xf0", "\x9f", "\x99", "\x82"}, "🙂"},
		{[]string{"a\xf0\x9f", "\x99\x82b"}, "a🙂b"},
		{[]string{"\xe2\x82"}, "\ufffd"},
		{[]string{"\xe2", "\x82", "a"}, "\ufffda"},
		{[]string{"\xf0\x9f\x99", "\xf0\x9f\x99\x82"}, "\ufffd🙂"},
		{[]string{"\xff\xfe"}, "\ufffd\ufffd"},
		{[]string{"\xc0\x80"}, "\ufffd\ufffd"},
		{[]string{"\xed\xa0\x80"}, "\ufffd\ufffd\ufffd"},           // a surrogate
		{[]string{"\xe0\x9f\x80"}, "\ufffd\ufffd\ufffd"},           // overlong
		{[]string{"\xf4\x90\x80\x80"}, "\ufffd\ufffd\ufffd\ufffd"}, // past U+10FFFF
		{[]string{"\xf0\x8f\x80"}, "\ufffd\ufffd\ufffd"},
		{[]string{"\x80"}, "\ufffd"},
		{[]string{"\ufffd"}, "\ufffd"},
	} {
		if got := decodeTokens(c.tokens...); got != c.want {
			t.Errorf("%q: text %q, want %q", c.tokens, got, c.want)
		}
		if whole := strings.Join(c.tokens, ""); replaceInvalid(whole) != c.want {
			t.Errorf("%q: the definition gives %q, want %q", whole, replaceInvalid(whole), c.want)
		}
	}
}

func TestDecoderHoldsBack(t *testing.T) {
	var d Decoder
	if got := d.Write(nil, "a\xe2\x82"); string(got) != "a" {
		t.Errorf("Write gave %q before the character was whole", got)
	}
	d.Reset()
	if got := d.Flush(nil); len(got) != 0 {
		t.Errorf("Flush after Reset gave %q", got)
	}
	d.Write(nil, "\xe2")
	d.Flush(nil)
	if got := d.Write(nil, "é"); string(got) != "é" {
		t.Errorf("Write after Flush gave %q", got)
	}
}

// All characters, each cut at every place.
func TestDecoderAllCharacters(t *testing.T) {
	var d Decoder
	room := make([]byte, 0, 8)
	for r := rune(0); r <= utf8.MaxRune; r++ {
		if !utf8.ValidRune(r) {
			continue
		}
		s := string(r)
		for cut := range len(s) {
			got := d.Write(room, s[:cut])
			if len(got) != 0 {
				t.Fatalf("%U: %q from the first %d bytes", r, got, cut)
			}
			if got = d.Write(got, s[cut:]); string(got) != s {
				t.Fatalf("%U cut at %d: %q", r, cut, got)
			}
		}
	}
}

func TestDecoderRandomBytes(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	// Bytes at the borders of UTF-8's ranges, so that most cases are near misses.
	edges := "\x00a\x7f\x80\x8f\x90\x9f\xa0\xbf\xc0\xc1\xc2\xdf\xe0\xe1" +
		"\xec\xed\xee\xef\xf0\xf1\xf3\xf4\xf5\xff"
	for range 100000 {
		text := make([]byte, random.IntN(10))
		for i := range text {
			text[i] = edges[random.IntN(len(edges))]
		}
		var tokens []string
		for rest := string(text); rest != ""; {
			n := 1 + random.IntN(len(rest))
			tokens = append(tokens, rest[:n])
			rest = rest[n:]
		}
		if got, want := decodeTokens(tokens...), replaceInvalid(string(text)); got != want {
			t.Fatalf("%q: text %q, want %q", tokens, got, want)
		}
	}
}

func TestDecoderDoesNotAllocate(t *testing.T) {
	var d Decoder
	room := make([]byte, 0, 64)
	if n := testing.AllocsPerRun(100, func() {
		out := d.Write(room, "text \xf0\x9f")
		out = d.Write(out, "\x99\x82\xff")
		d.Flush(out)
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func FuzzDecoder(f *testing.F) {
	f.Add("plain", uint8(2), uint8(3))
	f.Add("a🙂\xf0\x9f\x99", uint8(2), uint8(4))
	f.Add("\xed\xa0\x80\xff\xe2\x82", uint8(1), uint8(1))
	f.Fuzz(func(t *testing.T, text string, first, second uint8) {
		i := min(int(first), len(text))
		j := min(i+int(second), len(text))
		got, want := decodeTokens(text[:i], text[i:j], text[j:]), decodeTokens(text)
		if got != want {
			t.Errorf("%q cut at %d and %d: %q, whole %q", text, i, j, got, want)
		}
		if want != replaceInvalid(text) {
			t.Errorf("%q: %q, the definition gives %q", text, want, replaceInvalid(text))
		}
	})
}
