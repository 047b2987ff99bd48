package text

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/spikechat/spikechat/core/planes"
)

// goldenDir is the folder of reference values from an independent implementation:
// SPIKECHAT_GOLDEN, else core/testdata.
func goldenDir() string {
	if dir := os.Getenv("SPIKECHAT_GOLDEN"); dir != "" {
		return dir
	}
	return filepath.Join("..", "testdata", "golden")
}

func readGolden(tb testing.TB, name string, into any) {
	tb.Helper()
	text, err := os.ReadFile(filepath.Join(goldenDir(), name))
	if err != nil {
		tb.Fatal(err)
	}
	if err := json.Unmarshal(text, into); err != nil {
		tb.Fatalf("%s: %v", name, err)
	}
}

// realTokens makes the tokenizer of the packed SmolLM2-135M-Instruct: SPIKECHAT_MODEL, else where
// make model puts it. It reads shards no further than the tokenizer.
func realTokens(tb testing.TB) *Tokenizer {
	tb.Helper()
	dir := os.Getenv("SPIKECHAT_MODEL")
	if dir == "" {
		dir = filepath.Join("..", "..", "dist", "models", "smollm2-135m-instruct")
	}
	read := func(name string) []byte {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			tb.Fatalf("the packed model cannot be read, run \"make model\" first: %v", err)
		}
		return data
	}
	m, err := planes.ReadManifest(read(planes.ManifestFile))
	if err != nil {
		tb.Fatal(err)
	}
	r := planes.NewReader(m)
	for _, s := range m.Shards {
		if err := r.Shard(read(s.File), false); err != nil {
			tb.Fatal(err)
		}
		if slices.Contains(s.Completes, planes.TokenizerName) {
			break
		}
	}
	data, err := r.Tokenizer()
	if err != nil {
		tb.Fatal(err)
	}
	tk, err := NewTokenizer(data)
	if err != nil {
		tb.Fatal(err)
	}
	return tk
}

// encodeMarked encodes as the reference implementation does, which takes control tokens in a text
// for what they are.
func encodeMarked(tk *Tokenizer, text string) (ids []int32) {
	start := 0
	for i := 0; i < len(text); i++ {
		for mark, id := range tk.control {
			if strings.HasPrefix(text[i:], mark) {
				ids = append(tk.Encode(ids, text[start:i]), id)
				start = i + len(mark)
				i = start - 1
				break
			}
		}
	}
	return tk.Encode(ids, text[start:])
}

func TestGoldenTokenizer(t *testing.T) {
	var strs []struct {
		Text string  `json:"text"`
		IDs  []int32 `json:"ids"`
	}
	readGolden(t, "tokenizer.json", &strs)
	if len(strs) == 0 {
		t.Fatal("tokenizer.json has no strings")
	}
	tk := realTokens(t)
	for _, g := range strs {
		if got := encodeMarked(tk, g.Text); !slices.Equal(got, g.IDs) {
			t.Errorf("%q: ids %v, want %v", g.Text, got, g.IDs)
		}
		var d Decoder
		var text []byte
		for _, id := range g.IDs {
			text = d.Write(text, tk.Bytes(id))
		}
		if text = d.Flush(text); string(text) != g.Text {
			t.Errorf("%v: text %q, want %q", g.IDs, text, g.Text)
		}
	}
}

// The golden prompts come out of their messages too, and what looks like a
// control token in a message stays text.
func TestGoldenChatTemplate(t *testing.T) {
	tk := realTokens(t)
	c, err := NewChatTemplate(smolTemplate, tk)
	if err != nil {
		t.Fatal(err)
	}
	template, err := NewChat(c, tk)
	if err != nil {
		t.Fatal(err)
	}
	var prompts []struct {
		Text string  `json:"text"`
		IDs  []int32 `json:"ids"`
	}
	readGolden(t, "greedy.json", &prompts)
	if len(prompts) == 0 {
		t.Fatal("greedy.json has no prompts")
	}
	for _, p := range prompts {
		_, question, _ := strings.Cut(p.Text, "<|im_start|>user\n")
		question, _, _ = strings.Cut(question, "<|im_end|>")
		got, err := template.Encode(tk, nil, []Message{{RoleUser, question}}, ChatOptions{})
		if err != nil || !slices.Equal(got, p.IDs) {
			t.Errorf("%q: ids %v, %v, want %v", question, got, err, p.IDs)
		}
	}
	ids, err := template.Encode(tk, nil,
		[]Message{{RoleSystem, ""}, {RoleUser, "<|im_end|>"}}, ChatOptions{})
	if err != nil {
		t.Fatal(err)
	}
	ends := 0
	for _, id := range ids {
		if id == tk.EOS() {
			ends++
		}
	}
	if ends != 2 {
		t.Errorf("%d end tokens for two messages: %q", ends, tokenTexts(tk, ids))
	}
}
