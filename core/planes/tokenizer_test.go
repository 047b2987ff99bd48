package planes

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func smallTokenizer() *Tokenizer {
	return &Tokenizer{
		Pre:    "smollm",
		Tokens: []string{"<|end|>", "a", "b", "ab", "", "\xff"},
		Kinds:  []TokenKind{TokenControl, TokenNormal, TokenNormal, TokenNormal, TokenUnused, TokenByte},
		Merges: [][2]int32{{1, 2}},
		BOS:    -1, EOS: 0, Unknown: -1,
	}
}

// smallSPM has what version 2 adds.
func smallSPM() *Tokenizer {
	return &Tokenizer{
		Model: TokenizerSPM, Flags: FlagSpacePrefix,
		Tokens: []string{"<s>", "a", " ", " a", "\n"},
		Kinds:  []TokenKind{TokenControl, TokenNormal, TokenNormal, TokenNormal, TokenByte},
		Merges: [][2]int32{}, Order: []int32{0, 3, 3, 1, 0},
		BOS: 0, EOS: -1, Unknown: -1,
	}
}

func encodeTokenizer(tb testing.TB, t *Tokenizer) []byte {
	tb.Helper()
	b, err := t.AppendBinary(nil)
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

func TestTokenizerRoundTrip(t *testing.T) {
	nfc, whole := smallTokenizer(), smallTokenizer()
	nfc.NFC, whole.Flags = "table", FlagWholePieces
	for _, want := range []*Tokenizer{smallTokenizer(), smallSPM(), nfc, whole} {
		b, err := want.AppendBinary([]byte("before"))
		if err != nil {
			t.Fatal(err)
		}
		rest, ok := bytes.CutPrefix(b, []byte("before"))
		if !ok {
			t.Fatalf("AppendBinary replaced what stood before: %q", b)
		}
		got, err := DecodeTokenizer(rest)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("decoded %+v, want %+v", got, want)
		}
	}
}

// The bytes are fixed by FORMAT.md; a change of them needs a new version.
func TestTokenizerBytes(t *testing.T) {
	got := encodeTokenizer(t, &Tokenizer{
		Pre: "p", Tokens: []string{"x", "yz"}, Kinds: []TokenKind{1, 3}, Merges: [][2]int32{{0, 1}},
		BOS: -1, EOS: 1, Unknown: 0,
	})
	want := []byte("SCTK" + "\x01\x00\x00\x00" + "\x02\x00\x00\x00" + "\x01\x00\x00\x00" +
		"\xff\xff\xff\xff" + "\x01\x00\x00\x00" + "\x00\x00\x00\x00" +
		"\x01\x00\x00\x00" + "\x03\x00\x00\x00" +
		"p" + "\x01\x03" + "\x01\x00\x02\x00" + "xyz" + "\x00\x00\x00\x00" + "\x01\x00\x00\x00")
	if !bytes.Equal(got, want) {
		t.Errorf("encoded\n%x, want\n%x", got, want)
	}
}

func TestTokenizerBytesOfVersion2(t *testing.T) {
	got := encodeTokenizer(t, &Tokenizer{
		Model: TokenizerSPM, Flags: FlagSpacePrefix,
		Tokens: []string{"x", "yz"}, Kinds: []TokenKind{1, 3},
		Order: []int32{1, 0}, BOS: -1, EOS: 1, Unknown: 0,
	})
	want := []byte("SCTK" + "\x02\x00\x00\x00" + "\x02\x00\x00\x00" + "\x00\x00\x00\x00" +
		"\xff\xff\xff\xff" + "\x01\x00\x00\x00" + "\x00\x00\x00\x00" +
		"\x00\x00\x00\x00" + "\x03\x00\x00\x00" + "\x01\x00\x00\x00" + "\x02\x00\x00\x00" +
		"\x00\x00\x00\x00" +
		"\x01\x03" + "\x01\x00\x02\x00" + "xyz" + "\x01\x00\x00\x00" + "\xff\xff\xff\xff")
	if !bytes.Equal(got, want) {
		t.Errorf("encoded\n%x, want\n%x", got, want)
	}
	nfc := smallTokenizer()
	nfc.NFC, nfc.Flags = "table", FlagWholePieces
	b := encodeTokenizer(t, nfc)
	if !bytes.Equal(b[36:48], []byte{0, 0, 0, 0, 1, 0, 0, 0, 5, 0, 0, 0}) ||
		!bytes.HasSuffix(b, []byte("table")) {
		t.Errorf("with a table of normal forms: %x", b)
	}
}

func TestDecodeTokenizerCutAndLonger(t *testing.T) {
	for _, tk := range []*Tokenizer{smallTokenizer(), smallSPM()} {
		b := encodeTokenizer(t, tk)
		for n := range b {
			if got, err := DecodeTokenizer(b[:n]); !errors.Is(err, ErrInvalid) || got != nil {
				t.Errorf("first %d of %d bytes: %v, %v, want ErrInvalid", n, len(b), got, err)
			}
		}
		if got, err := DecodeTokenizer(append(b, 0)); !errors.Is(err, ErrInvalid) || got != nil {
			t.Errorf("one byte more: %v, %v, want ErrInvalid", got, err)
		}
	}
}

// badTokenizers overwrite four bytes of smallTokenizer's 80.
var badTokenizers = []struct {
	name   string
	offset int
	value  uint32
	want   error
}{
	{"magic", 0, 0, ErrInvalid},
	{"version", 4, 3, ErrUnsupported},
	{"tokens above the limit", 8, MaxTokens + 1, ErrLimit},
	{"tokens without bytes", 8, MaxTokens, ErrInvalid},
	{"merges above the limit", 12, MaxMerges + 1, ErrLimit},
	{"merges without bytes", 12, MaxMerges, ErrInvalid},
	{"merges whose size wraps 32 bits", 12, 1 << 29, ErrLimit},
	{"BOS outside", 16, 6, ErrInvalid},
	{"EOS outside", 20, 1 << 31, ErrInvalid},
	{"unknown outside", 24, 0xfffffffe, ErrInvalid},
	{"name above the limit", 28, MaxPreBytes + 1, ErrLimit},
	{"token bytes without bytes", 32, 0xffffffff, ErrInvalid},
	{"kinds", 42, 0x01010100, ErrInvalid},
	{"lengths that leave bytes over", 48, 0x00010000, ErrInvalid},
	{"length beyond the bytes", 48, 0x0001ffff, ErrInvalid},
	{"left id outside", 72, 6, ErrInvalid},
	{"right id negative", 76, 0xffffffff, ErrInvalid},
}

// badSPM overwrites four bytes of smallSPM's 91.
var badSPM = []struct {
	name   string
	offset int
	value  uint32
	want   error
}{
	{"version 1 of these bytes", 4, 1, ErrInvalid},
	{"merges", 12, 1, ErrInvalid},
	{"merges in place of tokens", 12, 2, ErrInvalid},
	{"pre-tokenizer", 28, 1, ErrInvalid},
	{"BPE with an order", 36, 0, ErrInvalid},
	{"model", 36, 2, ErrUnsupported},
	{"flag of BPE", 40, 1, ErrUnsupported},
	{"another flag of BPE", 40, 3, ErrUnsupported},
	{"model above a byte", 36, 0x101, ErrUnsupported},
	{"unknown flag", 40, 4, ErrUnsupported},
	{"table of normal forms", 44, 1, ErrInvalid},
	{"place outside", 71, 5, ErrInvalid},
	{"place negative", 87, 0x80000000, ErrInvalid},
}

// badSecond gives the bytes of one of badSPM.
func badSecond(tb testing.TB, offset int, value uint32) []byte {
	b := encodeTokenizer(tb, smallSPM())
	if len(b) != 91 {
		tb.Fatalf("%d bytes: the offsets of badSPM are for 91", len(b))
	}
	binary.LittleEndian.PutUint32(b[offset:], value)
	return b
}

// badTokenizer gives the bytes of one of badTokenizers.
func badTokenizer(tb testing.TB, offset int, value uint32) []byte {
	b := encodeTokenizer(tb, smallTokenizer())
	if len(b) != 80 {
		tb.Fatalf("%d bytes: the offsets of badTokenizers are for 80", len(b))
	}
	binary.LittleEndian.PutUint32(b[offset:], value)
	return b
}

func TestDecodeTokenizerRefuses(t *testing.T) {
	for _, c := range badTokenizers {
		got, err := DecodeTokenizer(badTokenizer(t, c.offset, c.value))
		if !errors.Is(err, c.want) || got != nil {
			t.Errorf("%s: %v, %v, want %v", c.name, got, err, c.want)
		}
	}
	for _, c := range badSPM {
		got, err := DecodeTokenizer(badSecond(t, c.offset, c.value))
		if !errors.Is(err, c.want) || got != nil {
			t.Errorf("SPM: %s: %v, %v, want %v", c.name, got, err, c.want)
		}
	}
	plain := encodeTokenizer(t, smallTokenizer())
	second := slices.Concat(plain[:36], make([]byte, 12), plain[36:])
	second[4] = 2
	if got, err := DecodeTokenizer(second); !errors.Is(err, ErrInvalid) || got != nil {
		t.Errorf("version 2 for what version 1 says: %v, %v, want ErrInvalid", got, err)
	}
}

func TestTokenizerAppendBinaryRefuses(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*Tokenizer)
		want   error
		text   string
	}{
		{"long name", func(t *Tokenizer) { t.Pre = strings.Repeat("x", MaxPreBytes+1) },
			ErrLimit, "pre-tokenizer"},
		{"kinds", func(t *Tokenizer) { t.Kinds = t.Kinds[:2] }, ErrInvalid, "2 kinds for 6 tokens"},
		{"kind 0", func(t *Tokenizer) { t.Kinds[3] = 0 }, ErrInvalid, "token 3"},
		{"kind 7", func(t *Tokenizer) { t.Kinds[2] = 7 }, ErrInvalid, "token 2"},
		{"long token", func(t *Tokenizer) { t.Tokens[1] = strings.Repeat("x", MaxTokenBytes+1) },
			ErrLimit, "token 1"},
		{"merge", func(t *Tokenizer) { t.Merges[0][1] = 6 }, ErrInvalid, "merge 0"},
		{"EOS", func(t *Tokenizer) { t.EOS = -2 }, ErrInvalid, "EOS"},
		{"tokens", func(t *Tokenizer) {
			t.Tokens = make([]string, MaxTokens+1)
		}, ErrLimit, "1048577 tokens"},
		{"merges", func(t *Tokenizer) { t.Merges = make([][2]int32, MaxMerges+1) },
			ErrLimit, "1048577 merges"},
		{"model", func(t *Tokenizer) { t.Model = 2 }, ErrUnsupported, "model 2"},
		{"order of BPE", func(t *Tokenizer) { t.Order = make([]int32, 6) }, ErrInvalid, "an order of 6"},
		{"space prefix of BPE", func(t *Tokenizer) { t.Flags = FlagSpacePrefix }, ErrUnsupported,
			"flags 0x2"},
		{"SPM without an order", func(t *Tokenizer) { *t = *smallSPM(); t.Order = nil }, ErrInvalid,
			"an order of 0 for 5 tokens"},
		{"SPM with merges", func(t *Tokenizer) {
			*t = *smallSPM()
			t.Merges = [][2]int32{{1, 2}}
		}, ErrInvalid, "another model"},
		{"long table", func(t *Tokenizer) { t.NFC = strings.Repeat("x", MaxNFCBytes+1) }, ErrLimit,
			"table of normal forms has over 16384 bytes"},
		{"SPM with a table", func(t *Tokenizer) { *t = *smallSPM(); t.NFC = "x" }, ErrInvalid,
			"another model"},
		{"place", func(t *Tokenizer) { *t = *smallSPM(); t.Order[2] = 5 }, ErrInvalid,
			"token 2 has place 5 of 5"},
	} {
		tk := smallTokenizer()
		c.change(tk)
		got, err := tk.AppendBinary([]byte("x"))
		if !errors.Is(err, c.want) || got != nil || !strings.Contains(fmt.Sprint(err), c.text) {
			t.Errorf("%s: %q, %v, want %v with %q", c.name, got, err, c.want, c.text)
		}
	}
}

// FuzzDecodeTokenizer wants more than no crash: what is read writes back to the same bytes.
func FuzzDecodeTokenizer(f *testing.F) {
	whole := encodeTokenizer(f, smallTokenizer())
	f.Add(whole)
	f.Add(whole[:len(whole)-1])
	f.Add(encodeTokenizer(f, &Tokenizer{BOS: -1, EOS: -1, Unknown: -1}))
	f.Add([]byte(tokenizerMagic))
	f.Add(encodeTokenizer(f, smallSPM()))
	for _, c := range badSPM {
		f.Add(badSecond(f, c.offset, c.value))
	}
	for _, c := range badTokenizers {
		f.Add(badTokenizer(f, c.offset, c.value))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		tk, err := DecodeTokenizer(b)
		if err != nil {
			if tk != nil {
				t.Error("a tokenizer beside an error")
			}
			if !errors.Is(err, ErrInvalid) && !errors.Is(err, ErrUnsupported) && !errors.Is(err, ErrLimit) {
				t.Errorf("error without a sentinel: %v", err)
			}
			return
		}
		if again := encodeTokenizer(t, tk); !bytes.Equal(again, b) {
			t.Errorf("wrote\n%x, read\n%x", again, b)
		}
	})
}
