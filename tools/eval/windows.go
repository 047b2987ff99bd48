package main

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/spikechat/spikechat/core/text"
	"github.com/spikechat/spikechat/tools/internal/corpus"
)

// storedWindow is a window as a file keeps it: as text, so that any tokenizer can read it. With the
// tokenizer that it was cut with, the text alone gives the window's ids again.
type storedWindow struct {
	Window int    `json:"window"` // index among the whole windows of the text
	Text   string `json:"text"`
}

//go:embed testdata/wikitext2.json
var wikitext2 []byte

// builtIn gives the windows that this program carries. Another tokenizer than SmolLM2's may make
// more tokens of a text, which is then cut unless whole, or fewer.
func builtIn(t *text.Tokenizer, whole bool) ([]corpus.Window, error) {
	var stored []storedWindow
	if err := json.Unmarshal(wikitext2, &stored); err != nil {
		return nil, fmt.Errorf("built-in windows: %w", err)
	}
	windows := make([]corpus.Window, len(stored))
	for i, s := range stored {
		ids := t.Encode(nil, s.Text)
		if !whole {
			ids = ids[:min(len(ids), corpus.WindowTokens)]
		}
		windows[i] = corpus.Window{Index: s.Window, IDs: ids}
	}
	return windows, nil
}

// encodeWindows makes the file of the built-in windows. It fails where a text would not give its
// window's ids again: a window may end inside a word or even a character.
func encodeWindows(t *text.Tokenizer, windows []corpus.Window) ([]byte, error) {
	stored := make([]storedWindow, len(windows))
	for i, w := range windows {
		var text strings.Builder
		for _, id := range w.IDs {
			text.WriteString(t.Bytes(id))
		}
		stored[i] = storedWindow{Window: w.Index, Text: text.String()}
		if !slices.Equal(t.Encode(nil, stored[i].Text), w.IDs) {
			return nil, fmt.Errorf("window %d cannot be saved: its text alone has other tokens",
				w.Index)
		}
	}
	data, err := json.MarshalIndent(stored, "", " ")
	return append(data, '\n'), err
}
