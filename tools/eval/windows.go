package main

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/spikechat/spikechat/core"
)

// storedWindow is a window as a file keeps it: as text, so that any tokenizer can read it. With the tokenizer that it
// was cut with, the text alone gives the window's ids again.
type storedWindow struct {
	Window int    `json:"window"` // index among the whole windows of the text
	Text   string `json:"text"`
}

//go:embed testdata/wikitext2.json
var wikitext2 []byte

// builtIn gives the windows that this program carries. Another tokenizer than SmolLM2's may make more tokens of a text,
// which is then cut, or fewer.
func builtIn(t *core.Tokenizer) ([]window, error) {
	var stored []storedWindow
	if err := json.Unmarshal(wikitext2, &stored); err != nil {
		return nil, fmt.Errorf("built-in windows: %w", err)
	}
	windows := make([]window, len(stored))
	for i, s := range stored {
		ids := t.Encode(nil, s.Text)
		windows[i] = window{index: s.Window, ids: ids[:min(len(ids), windowTokens)]}
	}
	return windows, nil
}

// encodeWindows makes the file of the built-in windows. It fails where a text would not give its window's ids again:
// a window may end inside a word or even a character.
func encodeWindows(t *core.Tokenizer, windows []window) ([]byte, error) {
	stored := make([]storedWindow, len(windows))
	for i, w := range windows {
		var text strings.Builder
		for _, id := range w.ids {
			text.WriteString(t.Bytes(id))
		}
		stored[i] = storedWindow{Window: w.index, Text: text.String()}
		if !slices.Equal(t.Encode(nil, stored[i].Text), w.ids) {
			return nil, fmt.Errorf("window %d cannot be saved: its text alone has other tokens", w.index)
		}
	}
	data, err := json.MarshalIndent(stored, "", " ")
	return append(data, '\n'), err
}
