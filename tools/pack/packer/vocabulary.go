package packer

import (
	"fmt"
	"math"
	"strings"

	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/tools/pack/gguf"
)

// Vocabulary turns the tokenizer of a GGUF file into raw bytes and ids. Kinds of tokenizer that
// core does not have are refused by name.
func Vocabulary(f *gguf.File) (*planes.Tokenizer, error) {
	const modelKey = "tokenizer.ggml.model"
	model, err := f.String(modelKey)
	if err != nil {
		return nil, err
	}
	t := &planes.Tokenizer{}
	var spell speller
	switch model {
	case "gpt2":
		t.Model, spell = planes.TokenizerBPE, bpeToken
	case "llama":
		t.Model, spell = planes.TokenizerSPM, spmToken
	default:
		return nil, fmt.Errorf("%w: %s %q, want \"gpt2\" (byte-level BPE) or \"llama\" (SentencePiece)",
			ErrUnsupported, modelKey, model)
	}
	written, err := tokens(f, t, spell)
	if err != nil {
		return nil, err
	}
	if t.Model == planes.TokenizerBPE {
		err = bpe(f, t, written)
	} else {
		err = spm(f, t)
	}
	if err != nil {
		return nil, err
	}
	return t, t.Validate()
}

// A speller gives the raw bytes of a token that is written as in a GGUF file.
type speller func(written string, kind planes.TokenKind) (string, error)

// tokens reads texts, kinds and special ids, and gives the texts as they are written.
func tokens(f *gguf.File, t *planes.Tokenizer, spell speller) (written []string, err error) {
	if written, err = f.Strings("tokenizer.ggml.tokens"); err != nil {
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
	n := usedTokens(kinds)
	marks := map[int32]bool{} // what the file names as beginning and end
	for _, s := range []struct {
		key string
		id  *int32
	}{
		{"tokenizer.ggml.bos_token_id", &t.BOS},
		{"tokenizer.ggml.eos_token_id", &t.EOS},
		{"tokenizer.ggml.eot_token_id", new(int32)},
		{"tokenizer.ggml.unknown_token_id", &t.Unknown},
	} {
		if *s.id, err = tokenID(f, s.key, len(written)); err != nil {
			return nil, err
		}
		marks[*s.id] = marks[*s.id] || s.id != &t.Unknown
		n = max(n, int(*s.id)+1) // a token that the file names is used, whatever its type
	}
	written, kinds = written[:n], kinds[:n]
	for id, token := range written {
		kind := planes.TokenKind(min(max(kinds[id], 0), 255))
		switch mark := marks[int32(id)]; {
		case kind == planes.TokenUserDefined && (mark || looksSpecial(token)),
			kind == planes.TokenUnused && mark:
			kind = planes.TokenControl
		}
		text, err := spell(token, kind)
		if err != nil {
			return nil, fmt.Errorf("tokenizer.ggml.tokens: token %d: %w", id, err)
		}
		t.Tokens = append(t.Tokens, text)
		t.Kinds = append(t.Kinds, kind)
	}
	return written, nil
}

// looksSpecial tells marks of a conversation that a file holds as user-defined tokens from other
// added text such as "<think>": typed text must not make them. It is the rule by which llama.cpp's
// converter makes them control tokens, and the marks of Gemma's turns.
func looksSpecial(token string) bool {
	for _, around := range [][2]string{{"<|", "|>"}, {"<｜", "｜>"}, {"<unused", ">"}} {
		if len(token) >= len(around[0])+len(around[1]) && strings.HasPrefix(token, around[0]) &&
			strings.HasSuffix(token, around[1]) {
			return true
		}
	}
	switch token {
	case "<pad>", "<mask>", "<2mass>", "[@BOS@]", "<start_of_turn>", "<end_of_turn>":
		return true
	}
	return false
}

// tokenID gives a special token's id, or -1 where the file names none: there is no key, or its
// value is -1, as an unsigned number too.
func tokenID(f *gguf.File, key string, tokens int) (int32, error) {
	if !f.Has(key) {
		return -1, nil
	}
	id, err := f.Int(key)
	if err != nil {
		return 0, err
	}
	if id == -1 || id == math.MaxUint32 {
		return -1, nil
	}
	if id < 0 || id >= int64(tokens) {
		return 0, fmt.Errorf("%w: %s is %d of %d tokens", ErrModel, key, id, tokens)
	}
	return int32(id), nil
}
