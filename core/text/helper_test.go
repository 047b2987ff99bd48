package text

import (
	"testing"

	"github.com/spikechat/spikechat/core/internal/texttest"
)

const smolTemplate = texttest.Template

func newTiny(tb testing.TB) *Tokenizer {
	tb.Helper()
	t, err := NewTokenizer(texttest.Tokenizer())
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
