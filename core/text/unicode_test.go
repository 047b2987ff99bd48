package text

import (
	"errors"
	"hash/crc32"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/spikechat/spikechat/core/normalform"
	"github.com/spikechat/spikechat/core/planes"
)

// nfcTable is the original's.
var nfcTable = sync.OnceValue(func() *nfcTables {
	t, err := newNFC(normalform.Table)
	if err != nil {
		panic(err)
	}
	return t
})

// nfc gives text in normal form C.
func nfc(text string) string { return nfcTable().normalize(text) }

func TestNewNFCRefuses(t *testing.T) {
	for _, table := range []string{"x", normalform.Table[1:], normalform.Table + "\x00"} {
		if _, err := newNFC(table); !errors.Is(err, planes.ErrUnsupported) {
			t.Errorf("a table of %d bytes: %v", len(table), err)
		}
	}
}

// TestClassesAreTheOriginals: every character has the class that the original tokenizers gave.
func TestClassesAreTheOriginals(t *testing.T) {
	all := make([]byte, utf8.MaxRune+1)
	for r := range all {
		all[r] = (classes.of(rune(r)))
	}
	if got := crc32.ChecksumIEEE(all); got != classSum {
		t.Errorf("sum %#x, want %#x", got, classSum)
	}
	for r := range rune(utf8.RuneSelf) {
		if got, _ := firstClass(string(r)); got != charClass(classes.of(r)) {
			t.Errorf("%q is of class %d, and %d in the table", r, got, charClass(classes.of(r)))
		}
	}
}

// changed says that Go's Unicode has another class for a character: one that has come since.
func changed(r rune) bool {
	want := classOther
	switch {
	case unicode.IsLetter(r):
		want = classLetter
	case unicode.IsNumber(r):
		want = classNumber
	case unicode.IsSpace(r):
		want = classSpace
	}
	return charClass(classes.of(r)) != want
}

// Go's Unicode is newer: what it has otherwise was no character to the original.
func TestOnlyNewCharactersChangedTheirClass(t *testing.T) {
	for r := range rune(utf8.MaxRune + 1) {
		class := charClass(classes.of(r))
		if changed(r) && class != classOther && class != classNewNumber {
			t.Errorf("%U is of class %d, and Go has another", r, class)
		}
	}
}

// TestNFCIsTheOriginals: every character has the original's normal form.
func TestNFCIsTheOriginals(t *testing.T) {
	sum := crc32.NewIEEE()
	for r := range rune(utf8.MaxRune + 1) {
		if utf8.ValidRune(r) {
			sum.Write([]byte(nfc(string(r)) + "\n" + nfc("a\u0345"+string(r)) + "\n"))
		}
	}
	if got := sum.Sum32(); got != normalform.Sum {
		t.Errorf("sum %#x, want %#x", got, normalform.Sum)
	}
}

func TestNFC(t *testing.T) {
	for text, want := range map[string]string{
		"":                     "",
		"plain":                "plain",
		"e\u0301":              "é",
		"e\u0301\u0301":        "é\u0301",
		"s\u0307\u0323":        "\u1e69", // marks change places, both compose
		"a\u0345\u0301":        "\u00e1\u0345",
		"\u1100\u1161\u11a8":   "각",
		"가\u11a8":              "각",
		"각\u11a8":              "각\u11a8",
		"\u212b\u2126":         "ÅΩ",
		"\u0958":               "\u0915\u093c", // excluded from composition
		"\ufb2c":               "\u05e9\u05bc\u05c1",
		"\u0301e\u0301":        "\u0301é",
		"\uf900":               "豈",
		"\U00011935\U00011930": "\U00011935\U00011930", // composed since Unicode 13
		"e\u0301\xff":          "e\u0301\xff",
	} {
		if got := nfc(text); got != want {
			t.Errorf("%+q: %+q, want %+q", text, got, want)
		}
	}
}

// A second pass changes nothing, and what comes apart composes again.
func TestNFCIsStable(t *testing.T) {
	tables := nfcTable()
	likely := []rune("ae\u0301\u0323\u0307\u0345\u1100\u1161\u11a8가각ÅΩs\u212b\u0958\u05e9\u05c1\u05bc")
	random := rand.New(rand.NewPCG(7, 8))
	for range 20000 {
		var chars, apart []rune
		for range random.IntN(12) {
			r := likely[random.IntN(len(likely))]
			chars = append(chars, r)
			apart = tables.decompose(apart, r)
		}
		got := nfc(string(chars))
		if again := nfc(got); again != got {
			t.Fatalf("%+q: %+q, and again %+q", chars, got, again)
		}
		if of := nfc(string(apart)); of != got {
			t.Fatalf("%+q: %+q, taken apart %+q", chars, got, of)
		}
	}
}

func TestNFCInTime(t *testing.T) {
	for _, unit := range []string{"\u0345\u0301", "\u1100\u1161\u11a8", "\ufb2c", "日"} {
		start := time.Now()
		nfc("a" + strings.Repeat(unit, 1<<20/len(unit)))
		if took := time.Since(start); took > 20*time.Second {
			t.Errorf("a megabyte of %+q took %v", unit, took)
		}
	}
}
