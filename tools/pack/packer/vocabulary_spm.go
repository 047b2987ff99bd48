package packer

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/tools/pack/gguf"
)

// spm reads what SentencePiece has: the order of the scores, and whether a space stands before.
func spm(f *gguf.File, t *planes.Tokenizer) error {
	const scoresKey = "tokenizer.ggml.scores"
	scores, err := f.Floats(scoresKey)
	if err != nil {
		return err
	}
	if len(scores) < len(t.Tokens) {
		return fmt.Errorf("%w: %d in %s for %d tokens", ErrModel, len(scores), scoresKey,
			len(t.Tokens))
	}
	scores = scores[:len(t.Tokens)] // those of unused tokens at the end are not wanted
	for id, score := range scores {
		if score != score {
			return fmt.Errorf("%w: %s: that of token %d is no number", ErrModel, scoresKey, id)
		}
	}
	distinct := slices.Clone(scores)
	slices.Sort(distinct)
	distinct = slices.Compact(distinct)
	t.Order = make([]int32, len(scores))
	for id, score := range scores {
		at, _ := slices.BinarySearch(distinct, score)
		t.Order[id] = int32(len(distinct) - 1 - at)
	}
	const prefixKey = "tokenizer.ggml.add_space_prefix"
	prefix := true
	if f.Has(prefixKey) {
		prefix, err = f.Bool(prefixKey)
	}
	if prefix {
		t.Flags = planes.FlagSpacePrefix
	}
	return err
}

// spmToken gives the raw bytes of a token, in which U+2581 stands for a space, and one of kind byte
// is written "<0x0A>".
func spmToken(token string, kind planes.TokenKind) (string, error) {
	switch kind {
	case planes.TokenNormal, planes.TokenUserDefined:
		return strings.ReplaceAll(token, "\u2581", " "), nil
	case planes.TokenUnknown, planes.TokenControl, planes.TokenUnused:
		return token, nil
	case planes.TokenByte:
		digits := strings.TrimSuffix(strings.TrimPrefix(token, "<0x"), ">")
		b, err := strconv.ParseUint(digits, 16, 8)
		if err != nil || len(token) != len("<0x0A>") {
			return "", fmt.Errorf("%w: %q is of kind byte, and is not written like <0x0A>", ErrModel, token)
		}
		return string([]byte{byte(b)}), nil
	}
	return "", fmt.Errorf("%w: token type %d", ErrUnsupported, kind)
}
