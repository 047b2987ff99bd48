package packer

import (
	"fmt"
	"strings"

	"github.com/spikechat/spikechat/core/normalform"
	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/tools/pack/gguf"
)

// preTokenizer is what a name in tokenizer.ggml.pre means: a rule of core/text, and what the
// original tokenizers of that name do besides.
type preTokenizer struct {
	rule  string
	flags planes.TokenizerFlags
	nfc   string
}

// preTokenizers are the names of GGUF files. Those of one rule are one to llama.cpp as well, which
// docs/tokenizers.md shows for each; it does no normal form C.
var preTokenizers = func() map[string]preTokenizer {
	all := map[string]preTokenizer{}
	for _, p := range []struct {
		names string
		preTokenizer
	}{
		{"gpt-2 phi-2 gigachat a.x-4.0 mellum trillion", preTokenizer{rule: "gpt-2"}},
		{"smollm starcoder refact command-r codeshell minerva-7b", preTokenizer{rule: "smollm"}},
		{"llama-bpe llama3 llama-v3 falcon3 pixtral midm-2.0 lfm2",
			preTokenizer{rule: "llama-bpe", flags: planes.FlagWholePieces}},
		{"dbrx smaug-bpe", preTokenizer{rule: "llama-bpe"}},
		{"qwen2", preTokenizer{rule: "qwen2", nfc: normalform.Table}},
		{"deepseek-r1-qwen megrez stablelm2", preTokenizer{rule: "qwen2"}},
	} {
		for _, name := range strings.Fields(p.names) {
			all[name] = p.preTokenizer
		}
	}
	return all
}()

// bpe reads what byte-level BPE has: the pre-tokenizer and the merges.
func bpe(f *gguf.File, t *planes.Tokenizer, written []string) error {
	const preKey = "tokenizer.ggml.pre"
	if !f.Has(preKey) {
		return fmt.Errorf("%w: %s is missing: the file is of an older converter, which did not write "+
			"how text is cut; take one that is newer", ErrUnsupported, preKey)
	}
	name, err := f.String(preKey)
	if err != nil {
		return err
	}
	pre, ok := preTokenizers[name]
	if !ok {
		return fmt.Errorf("%w: %s %q, want gpt-2, smollm, llama-bpe, qwen2 or a name of one of them",
			ErrUnsupported, preKey, name)
	}
	t.Pre, t.Flags, t.NFC = pre.rule, pre.flags, pre.nfc
	const prefixKey = "tokenizer.ggml.add_space_prefix"
	if f.Has(prefixKey) {
		on, err := f.Bool(prefixKey)
		if err != nil {
			return err
		}
		if on {
			return fmt.Errorf("%w: %s is true for byte-level BPE", ErrUnsupported, prefixKey)
		}
	}
	ids := make(map[string]int32, len(written))
	for id, token := range written {
		if t.Kinds[id] == planes.TokenNormal {
			ids[token] = int32(id)
		}
	}
	t.Merges, err = merges(f, ids)
	return err
}

// bpeToken gives the raw bytes of a token. Only normal tokens are spelled in
// GPT-2's alphabet; the others stand as their text.
func bpeToken(token string, kind planes.TokenKind) (string, error) {
	switch kind {
	case planes.TokenNormal:
	case planes.TokenUnknown, planes.TokenControl, planes.TokenUserDefined, planes.TokenUnused:
		return token, nil
	default:
		return "", fmt.Errorf("%w: token type %d", ErrUnsupported, kind)
	}
	raw := make([]byte, 0, len(token))
	for _, r := range token {
		b, ok := byteOf[r]
		if !ok {
			return "", fmt.Errorf("%w: %q is not in GPT-2's byte alphabet", ErrModel, r)
		}
		raw = append(raw, b)
	}
	return string(raw), nil
}

// letterOf is GPT-2's byte alphabet: printable bytes of Latin-1 stand for
// themselves, the others, ascending, for the letters from U+0100 on. byteOf is
// its inverse.
var (
	letterOf [256]rune
	byteOf   = make(map[rune]byte, 256)
)

func init() {
	next := rune(0x100)
	for b := range 256 {
		switch r := rune(b); {
		case '!' <= r && r <= '~', '¡' <= r && r <= '¬', '®' <= r && r <= 'ÿ':
			letterOf[b] = r
		default:
			letterOf[b] = next
			next++
		}
		byteOf[letterOf[b]] = byte(b)
	}
}

// merges turns "left right" into ids. Left, right and their concatenation must
// all be normal tokens.
func merges(f *gguf.File, ids map[string]int32) ([][2]int32, error) {
	const key = "tokenizer.ggml.merges"
	written, err := f.Strings(key)
	if err != nil {
		return nil, err
	}
	pairs := make([][2]int32, 0, len(written))
	for rank, merge := range written {
		left, right, ok := strings.Cut(merge, " ")
		if !ok || strings.Contains(right, " ") {
			return nil, fmt.Errorf("%w: %s: merge %d is %q, want two tokens with a space between",
				ErrModel, key, rank, merge)
		}
		var pair [2]int32
		for i, token := range []string{left, right} {
			if pair[i], ok = ids[token]; !ok {
				return nil, fmt.Errorf("%w: %s: merge %d is %q, but %q is no token",
					ErrModel, key, rank, merge, token)
			}
		}
		if _, ok := ids[left+right]; !ok {
			return nil, fmt.Errorf("%w: %s: merge %d gives %q, which is no token",
				ErrModel, key, rank, left+right)
		}
		pairs = append(pairs, pair)
	}
	return pairs, nil
}
