package planes

import (
	"errors"
	"os"
	"strings"
	"testing"
	"unicode"
)

func TestNamesAreOnePlainLine(t *testing.T) {
	text, err := os.ReadFile("../../models/tiny/manifest.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string // as in JSON
		ok   bool
	}{
		{`another`, true},
		{`Modèle 模型 نموذج 🙂`, true},
		{`a\u001b[2Jb`, false},
		{`a\nb`, false},
		{`a\tb`, false},
		{`a\u007fb`, false},
		{`a\u009b2Jb`, false},
		{`a\u2028b`, false},
		{`a\u202eb`, false},
		{`a\u2066b`, false},
		{`a\u200fb`, false},
		{`a\u061cb`, false},
		{`\u2764\ufe0f`, true},
		{`a\u00adb`, false},
		{`a\u200b`, false},
		{`\u3164`, false},
		{`a\ufeff`, false},
		{`a\udb40\udc41`, false}, // a tag character
	} {
		for _, field := range []string{
			`"tiny"`, `"cc0-1.0"`, `"tiny.gguf"`, `"blk.0.attn_q.weight"`,
		} {
			// A tensor's name is in the table and in a shard's list.
			changed := strings.ReplaceAll(string(text), field, `"`+c.name+`"`)
			if changed == string(text) {
				t.Fatalf("no %s", field)
			}
			_, err := ReadManifest([]byte(changed))
			if c.ok && err != nil {
				t.Errorf("%s for %s: %v", c.name, field, err)
			}
			if !c.ok && (!errors.Is(err, ErrInvalid) ||
				!strings.Contains(err.Error(), "is not one plain line")) {
				t.Errorf("%s for %s: got %v", c.name, field, err)
			}
		}
	}
}

// What Default_Ignorable_Code_Point is derived from, in UAX 44: Other_Default_Ignorable_Code_Point,
// Cf and Variation_Selector, without characters that are seen.
func TestLinesHaveNothingThatIsIgnored(t *testing.T) {
	seen := &unicode.RangeTable{
		R16: []unicode.Range16{{Lo: 0xfff9, Hi: 0xfffb, Stride: 1}},   // interlinear annotation
		R32: []unicode.Range32{{Lo: 0x13430, Hi: 0x1345f, Stride: 1}}, // Egyptian format controls
	}
	for r := rune(0xa0); r <= unicode.MaxRune; r++ {
		want := unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Cf,
			unicode.Variation_Selector) &&
			!unicode.In(r, unicode.White_Space, unicode.Prepended_Concatenation_Mark, seen)
		if got := isIgnorable(r); got != want {
			t.Errorf("isIgnorable(%U) is %v", r, got)
		}
	}
}

func TestNamesAreSeen(t *testing.T) {
	text, err := os.ReadFile("../../models/tiny/manifest.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string // as in JSON
		ok   bool
	}{
		{`1`, true},
		{`\u2764\ufe0f`, true},
		{` \u3000 `, false},
		{`\u0301\u0302`, false},
		{`...`, false},
		{`\u2800`, false},
		{`\ufe0f`, false},
	} {
		_, err := ReadManifest([]byte(strings.Replace(string(text), `"tiny"`, `"`+c.name+`"`, 1)))
		if c.ok && err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		if !c.ok && (!errors.Is(err, ErrInvalid) ||
			!strings.Contains(err.Error(), "has no letter, number or symbol")) {
			t.Errorf("%s: got %v", c.name, err)
		}
	}
}
