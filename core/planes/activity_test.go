package planes

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/fstest"
)

// goodActivity is of a model of one layer.
func goodActivity() *Activity {
	return &Activity{
		Format: ActivityFormat, Version: ActivityVersion, Manifest: strings.Repeat("0f", 32),
		Tokens: 3, Layers: 1,
		Codings: []CodingActivity{
			{Steps: 1, Inputs: []int{1, 2, 3, 4}, Cache: []int{5, 6}},
			{Preset: "best", Inputs: []int{7, 8, 9, 0}, Cache: []int{1, 2}},
		},
	}
}

func activityText(tb testing.TB, a *Activity) []byte {
	tb.Helper()
	text, err := a.AppendJSON(nil)
	if err != nil {
		tb.Fatal(err)
	}
	return text
}

var badActivities = []struct {
	name   string
	change func(*Activity)     // of a good one
	text   func(string) string // of its text
	want   error
	words  string
}{
	{name: "empty", text: func(string) string { return "" }, want: ErrInvalid, words: "format is"},
	{name: "null", text: func(string) string { return "null" }, want: ErrInvalid, words: "format is"},
	{name: "a list", text: func(string) string { return "[]" }, want: ErrInvalid, words: "format"},
	{name: "a manifest", text: replaceText(ActivityFormat, Format),
		want: ErrInvalid, words: `format is "spikechat-planes"`},
	{name: "version 2", text: replaceText(`"version": 1`, `"version": 2, "more": 1`),
		want: ErrUnsupported, words: "version 2, this build reads 1"},
	{name: "version 0", text: replaceText(`"version": 1`, `"version": 0`),
		want: ErrUnsupported, words: "version 0"},
	{name: "unknown field", text: replaceText(`"tokens"`, `"words": 1, "tokens"`),
		want: ErrInvalid, words: `"/words"`},
	{name: "a text for a count", text: replaceText(`   4`, `   "4"`),
		want: ErrInvalid, words: "/codings/0/inputs/3"},
	{name: "half a spike", text: replaceText(`   4`, `   4.5`),
		want: ErrInvalid, words: "/codings/0/inputs/3"},
	{name: "another indentation", text: replaceText(`   4`, `  4`),
		want: ErrInvalid, words: "not the canonical text"},
	{name: "a number in other words", text: replaceText(`   4`, `   4e0`), want: ErrInvalid},
	{name: "a line feed too much", text: func(s string) string { return s + "\n" },
		want: ErrInvalid, words: "not the canonical text"},
	{name: "cut short", text: func(s string) string { return s[:len(s)-4] }, want: ErrInvalid},
	{name: "a megabyte", text: func(s string) string { return s + strings.Repeat(" ", 1<<20) },
		want: ErrLimit, words: "bytes of JSON"},
	{name: "many codings", text: replaceText(`"codings": [`,
		`"codings": [`+strings.Repeat("{},", 300_000)), want: ErrLimit, words: "300002 codings"},
	{name: "a short hash", change: func(a *Activity) { a.Manifest = a.Manifest[1:] },
		want: ErrInvalid, words: "manifest_sha256"},
	{name: "a hash in capitals", change: func(a *Activity) {
		a.Manifest = strings.ToUpper(a.Manifest)
	}, want: ErrInvalid, words: "manifest_sha256"},
	{name: "no tokens", change: func(a *Activity) { a.Tokens = 0 }, want: ErrLimit, words: "tokens"},
	{name: "many tokens", change: func(a *Activity) { a.Tokens = 1<<20 + 1 },
		want: ErrLimit, words: "1048577 tokens"},
	{name: "no layers", change: func(a *Activity) { a.Layers = 0 }, want: ErrLimit, words: "layers"},
	{name: "many layers", change: func(a *Activity) { a.Layers = MaxLayers + 1 },
		want: ErrLimit, words: "257 layers"},
	{name: "another number of layers", change: func(a *Activity) { a.Layers = 2 },
		want: ErrInvalid, words: "4 and 2 counts of 2 layers"},
	{name: "no codings", change: func(a *Activity) { a.Codings = nil },
		want: ErrInvalid, words: "no coding"},
	{name: "a coding twice", change: func(a *Activity) { a.Codings[0] = a.Codings[1] },
		want: ErrInvalid, words: `preset "best" with 0 steps, twice`},
	{name: "preset and steps", change: func(a *Activity) { a.Codings[1].Steps = 4 },
		want: ErrInvalid, words: "want one of them"},
	{name: "neither", change: func(a *Activity) { a.Codings[1].Preset = "" },
		want: ErrInvalid, words: "want one of them"},
	{name: "five steps", change: func(a *Activity) { a.Codings[0].Steps = 5 },
		want: ErrInvalid, words: "with 5 steps"},
	{name: "steps below zero", change: func(a *Activity) { a.Codings[0].Steps = -1 },
		want: ErrInvalid, words: "with -1 steps"},
	{name: "a preset of two lines", change: func(a *Activity) { a.Codings[1].Preset = "a\nb" },
		want: ErrInvalid, words: `preset "a\nb"`},
	{name: "a count too few", change: func(a *Activity) {
		a.Codings[1].Cache = a.Codings[1].Cache[:1]
	}, want: ErrInvalid, words: "4 and 1 counts of 1 layers"},
	{name: "a count below zero", change: func(a *Activity) { a.Codings[1].Inputs[0] = -1 },
		want: ErrLimit, words: "-1 spikes"},
	{name: "more than any neurons fire", change: func(a *Activity) {
		a.Codings[1].Cache[1] = 3*MaxCols*16 + 1
	}, want: ErrLimit, words: "3145729 spikes of 3 tokens"},
}

func TestBadActivities(t *testing.T) {
	if _, err := ReadActivity(activityText(t, goodActivity())); err != nil {
		t.Fatal(err)
	}
	for _, c := range badActivities {
		a := goodActivity()
		if c.change != nil {
			c.change(a)
		}
		text := activityText(t, a)
		if c.text != nil {
			text = []byte(c.text(string(text)))
		}
		got, err := ReadActivity(text)
		if got != nil || !errors.Is(err, c.want) || !isOurs(err) ||
			!strings.Contains(err.Error(), c.words) {
			t.Errorf("%s: %v, %v, want %v with %q", c.name, got, err, c.want, c.words)
		}
	}
}

// An activity is of the model whose manifest it names, and no population fires more than it can.
func TestActivityDescribes(t *testing.T) {
	folder := os.DirFS("../../models/tiny")
	text, err := readFile(folder, ManifestFile, MaxManifestBytes)
	if err != nil {
		t.Fatal(err)
	}
	m, err := ReadManifest(text)
	if err != nil {
		t.Fatal(err)
	}
	read := func() *Activity {
		a, written, err := OpenActivity(folder)
		if err != nil || !bytes.Equal(written, activityText(t, a)) {
			t.Fatal(err)
		}
		return a
	}
	if err := read().Describes(m, text); err != nil {
		t.Error(err)
	}
	for _, c := range []struct {
		words  string
		change func(*Activity)
	}{
		{"of the manifest 00", func(a *Activity) { a.Manifest = strings.Repeat("0", 64) }},
		{"of 2 layers, the model has 3", func(a *Activity) { a.Layers = 2 }},
		{"1310721 spikes of 160 neurons",
			func(a *Activity) { a.Codings[6].Inputs[3] = 512*160*16 + 1 }},
		{"262145 spikes of keys or values",
			func(a *Activity) { a.Codings[0].Cache[1] = 512*32*16 + 1 }},
	} {
		a := read()
		c.change(a)
		err := a.Describes(m, text)
		if !errors.Is(err, ErrInvalid) || !strings.Contains(err.Error(), c.words) {
			t.Errorf("got %v, want %q", err, c.words)
		}
	}
	if sum := fmt.Sprintf("%x", sha256.Sum256(text)); read().Manifest != sum {
		t.Errorf("of %s, not %s", read().Manifest, sum)
	}
}

func TestOpenActivity(t *testing.T) {
	if a, text, err := OpenActivity(fstest.MapFS{}); a != nil || text != nil || err != nil {
		t.Errorf("of an empty folder: %v, %q, %v", a, text, err)
	}
	_, _, err := OpenActivity(fstest.MapFS{ActivityFile: {Data: []byte("{}")}})
	if !errors.Is(err, ErrInvalid) || !strings.HasPrefix(err.Error(), "activity.json: ") {
		t.Errorf("of another file: %v", err)
	}
}

// FuzzReadActivity wants more than no crash: what is read is written as it was.
func FuzzReadActivity(f *testing.F) {
	good := string(activityText(f, goodActivity()))
	f.Add([]byte(good))
	for _, c := range badActivities {
		a := goodActivity()
		if c.change != nil {
			c.change(a)
		}
		text := string(activityText(f, a))
		if c.text != nil {
			text = c.text(text)
		}
		if len(text) < 4000 {
			f.Add([]byte(text))
		}
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		a, err := ReadActivity(text)
		if err != nil {
			if a != nil || !isOurs(err) {
				t.Errorf("%v beside %v", a, err)
			}
			return
		}
		if again := activityText(t, a); !bytes.Equal(again, text) {
			t.Errorf("read\n%s\nwrote\n%s", text, again)
		}
	})
}
