package tokenizers

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/core/text"
	"github.com/spikechat/spikechat/tools/pack/gguf"
	"github.com/spikechat/spikechat/tools/pack/packer"
)

const root = "../../.."

// golden reads a file of testdata that golden.py wrote.
func golden(tb testing.TB, name string, into any) {
	tb.Helper()
	f, err := os.Open(filepath.Join("testdata", name+".json.gz"))
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		tb.Fatal(err)
	}
	if err := json.NewDecoder(z).Decode(into); err != nil {
		tb.Fatalf("%s: %v", name, err)
	}
}

// original makes an engine's tokenizer of a tokenizer.json, all the way: through a GGUF file, what
// tools/pack makes of it, and the bytes of a shard.
func original(tb testing.TB, name, pre string) *text.Tokenizer {
	tb.Helper()
	path := filepath.Join(root, "build", "tokenizers", name+".json")
	written, err := os.ReadFile(path)
	if err != nil {
		tb.Fatalf("run tools/setup/tokenizers.sh first, as \"make test-go\" does: %v", err)
	}
	o, err := Read(written)
	if err != nil {
		tb.Fatalf("%s: %v", path, err)
	}
	file := o.GGUF(pre).Bytes()
	f, err := gguf.Read(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		tb.Fatal(err)
	}
	data, err := packer.Vocabulary(f)
	if err != nil {
		tb.Fatal(err)
	}
	b, err := data.AppendBinary(nil)
	if err != nil {
		tb.Fatal(err)
	}
	if data, err = planes.DecodeTokenizer(b); err != nil {
		tb.Fatal(err)
	}
	tk, err := text.NewTokenizer(data)
	if err != nil {
		tb.Fatal(err)
	}
	return tk
}

// packed makes the tokenizer of the standard model.
func packed(tb testing.TB) *text.Tokenizer {
	tb.Helper()
	dir := filepath.Join(root, "dist", "models", "smollm2-135m-instruct")
	_, r, err := planes.Open(os.DirFS(dir))
	if err != nil {
		tb.Fatalf("the packed model cannot be read, run \"make model\" first: %v", err)
	}
	data, err := r.Tokenizer()
	if err != nil {
		tb.Fatal(err)
	}
	tk, err := text.NewTokenizer(data)
	if err != nil {
		tb.Fatal(err)
	}
	return tk
}

// TestGoldenIDs: every text gives the ids of the original tokenizer.
func TestGoldenIDs(t *testing.T) {
	var texts []string
	golden(t, "texts", &texts)
	if len(texts) < 2000 {
		t.Fatalf("%d texts", len(texts))
	}
	for _, c := range []struct{ name, pre string }{
		{"smollm2", ""}, {"gpt2", "gpt-2"}, {"llama3_1", "llama-bpe"}, {"qwen3", "qwen2"}, {"llama2", ""},
		{"gemma3", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var want struct{ IDs [][]int32 }
			golden(t, c.name, &want)
			if len(want.IDs) != len(texts) {
				t.Fatalf("ids of %d texts for %d: run golden.py", len(want.IDs), len(texts))
			}
			var tk *text.Tokenizer
			if c.name == "smollm2" {
				tk = packed(t)
			} else {
				tk = original(t, c.name, c.pre)
			}
			wrong := 0
			for i, text := range texts {
				got := tk.Encode(nil, text)
				if slices.Equal(got, want.IDs[i]) {
					continue
				}
				if wrong++; wrong <= 10 {
					t.Errorf("%+q: %+q, want %+q", text, spell(tk, got), spell(tk, want.IDs[i]))
				}
			}
			if wrong > 0 {
				t.Errorf("%d of %d texts", wrong, len(texts))
			}
		})
	}
}

func spell(tk *text.Tokenizer, ids []int32) (tokens []string) {
	for _, id := range ids {
		tokens = append(tokens, tk.Bytes(id))
	}
	return tokens
}
