package planes

import (
	"errors"
	"os"
	"strings"
	"testing"
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
