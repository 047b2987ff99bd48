package text

import (
	"cmp"
	"slices"
	"sort"
	"strings"

	"github.com/spikechat/spikechat/core/planes"
)

// added finds tokens of one kind. The user-defined ones were added to a vocabulary after its merges
// were learned, such as "<think>". Wherever their text occurs it is one token: of those that begin
// leftmost the longest, as Hugging Face's tokenizers match added tokens.
type added struct {
	tokens []addedToken // by text, so that those with a common beginning are neighbours
	begins [256]bool    // by first byte: there is one
}

type addedToken struct {
	text string
	id   int32
}

// indexAdded takes the user-defined tokens among the first rows. In SentencePiece spaces alone are
// written as U+2581, and looked for as such: spaces that a text has are brought together by their
// merges, which come before all others, so that they are matched between the other tokens (blanks).
func (t *Tokenizer) indexAdded() (err error) {
	tokens := tokensOf(t.data, planes.TokenUserDefined, t.rows)
	var blanks []addedToken
	for i, token := range tokens {
		if t.data.Model == planes.TokenizerSPM && strings.Count(token.text, " ") == len(token.text) {
			blanks = append(blanks, token)
			tokens[i].text = strings.ReplaceAll(token.text, " ", spmSpace)
		}
	}
	if t.added, err = newAdded(tokens); err != nil {
		return err
	}
	t.blanks, err = newAdded(blanks)
	return err
}

// tokensOf gives the tokens of a kind among a vocabulary's first rows, but for those without text,
// which can occur nowhere.
func tokensOf(t *planes.Tokenizer, kind planes.TokenKind, rows int32) (tokens []addedToken) {
	for id, text := range t.Tokens[:rows] {
		if t.Kinds[id] == kind && text != "" {
			tokens = append(tokens, addedToken{text, int32(id)})
		}
	}
	return tokens
}

// spmSpace is a space to SentencePiece.
const spmSpace = "\u2581"

func newAdded(tokens []addedToken) (*added, error) {
	a := &added{tokens: tokens}
	for _, token := range tokens {
		a.begins[token.text[0]] = true
	}
	slices.SortFunc(a.tokens, func(x, y addedToken) int {
		return cmp.Or(strings.Compare(x.text, y.text), cmp.Compare(x.id, y.id))
	})
	for i := range a.tokens[:max(len(a.tokens)-1, 0)] {
		if x, y := a.tokens[i], a.tokens[i+1]; x.text == y.text {
			return nil, invalidTokenizer("added tokens %d and %d are both %q", x.id, y.id, x.text)
		}
	}
	return a, nil
}

// next gives the place, id and length of the first user-defined token in s; without one, at is the
// length of s and length 0.
func (a *added) next(s string) (at int, id int32, length int) {
	if len(a.tokens) == 0 {
		return len(s), 0, 0
	}
	for at := range len(s) {
		if !a.begins[s[at]] {
			continue
		}
		if id, length := a.longest(s[at:]); length > 0 {
			return at, id, length
		}
	}
	return len(s), 0, 0
}

// longest gives the longest user-defined token that s begins with; length 0: there is none.
func (a *added) longest(s string) (id int32, length int) {
	left := a.tokens // those that begin with s[:i]
	for i := range len(s) {
		// The one of i bytes, if any, is the first.
		byteOf := func(j int) int {
			if i == len(left[j].text) {
				return -1
			}
			return int(left[j].text[i])
		}
		from := sort.Search(len(left), func(j int) bool { return byteOf(j) >= int(s[i]) })
		to := sort.Search(len(left), func(j int) bool { return byteOf(j) > int(s[i]) })
		if left = left[from:to]; len(left) == 0 {
			break
		}
		if len(left[0].text) == i+1 {
			id, length = left[0].id, i+1
		}
	}
	return id, length
}
