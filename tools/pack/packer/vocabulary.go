package packer

import (
	"fmt"
	"strings"

	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/tools/pack/gguf"
)

// vocabulary turns the tokenizer of a GGUF file, which spells bytes in GPT-2's
// printable alphabet, into raw bytes and pairs of ids.
func vocabulary(f *gguf.File) (*planes.Tokenizer, error) {
	if err := checkTokenizerKind(f); err != nil {
		return nil, err
	}
	t := &planes.Tokenizer{Pre: "smollm"}
	written, err := f.Strings("tokenizer.ggml.tokens")
	if err != nil {
		return nil, err
	}
	kinds, err := f.Ints("tokenizer.ggml.token_type")
	if err != nil {
		return nil, err
	}
	if len(kinds) != len(written) {
		return nil, fmt.Errorf("%w: %d token types for %d tokens",
			ErrModel, len(kinds), len(written))
	}
	ids := make(map[string]int32, len(written))
	for id, token := range written {
		kind := planes.TokenKind(min(max(kinds[id], 0), 255))
		text, err := tokenBytes(token, kind)
		if err != nil {
			return nil, fmt.Errorf("tokenizer.ggml.tokens: token %d: %w", id, err)
		}
		t.Tokens = append(t.Tokens, text)
		t.Kinds = append(t.Kinds, kind)
		if kind == planes.TokenNormal {
			ids[token] = int32(id)
		}
	}
	if t.Merges, err = merges(f, ids); err != nil {
		return nil, err
	}
	for _, s := range []struct {
		key string
		id  *int32
	}{
		{"tokenizer.ggml.bos_token_id", &t.BOS},
		{"tokenizer.ggml.eos_token_id", &t.EOS},
		{"tokenizer.ggml.unknown_token_id", &t.Unknown},
	} {
		if *s.id, err = tokenID(f, s.key, len(t.Tokens)); err != nil {
			return nil, err
		}
	}
	return t, t.Validate()
}

// checkTokenizerKind refuses by name every tokenizer that core does not have.
func checkTokenizerKind(f *gguf.File) error {
	for _, want := range []struct{ key, value string }{
		{"tokenizer.ggml.model", "gpt2"},
		{"tokenizer.ggml.pre", "smollm"},
	} {
		got, err := f.String(want.key)
		if err != nil {
			return err
		}
		if got != want.value {
			return fmt.Errorf("%w: %s %q, want %q", ErrUnsupported, want.key, got, want.value)
		}
	}
	// add_eos_token is for texts that are trained on: a chat by template never adds it.
	for _, key := range []string{"tokenizer.ggml.add_bos_token", "tokenizer.ggml.add_space_prefix"} {
		if !f.Has(key) {
			continue
		}
		on, err := f.Bool(key)
		if err != nil {
			return err
		}
		if on {
			return fmt.Errorf("%w: %s is true", ErrUnsupported, key)
		}
	}
	return nil
}

// tokenBytes gives the raw bytes of a token. Only normal tokens are spelled in
// GPT-2's alphabet; the others stand as their text.
func tokenBytes(token string, kind planes.TokenKind) (string, error) {
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

// tokenID gives a special token's id, or -1 where the file names none.
func tokenID(f *gguf.File, key string, tokens int) (int32, error) {
	if !f.Has(key) {
		return -1, nil
	}
	id, err := f.Uint(key)
	if err != nil {
		return 0, err
	}
	if id >= uint64(tokens) {
		return 0, fmt.Errorf("%w: %s is %d of %d tokens", ErrModel, key, id, tokens)
	}
	return int32(id), nil
}
