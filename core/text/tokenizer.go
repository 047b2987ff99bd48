package text

import (
	"fmt"
	"slices"

	"github.com/spikechat/spikechat/core/planes"
)

// Tokenizer turns text into token ids and back: byte-level BPE as in GPT-2.
// After NewTokenizer it is only read, so it may be shared.
type Tokenizer struct {
	data    *planes.Tokenizer
	bytes   [256]int32       // id of each single byte, or -1
	ranks   map[uint64]int32 // pairKey of two ids to the rank of their merge
	product []int32          // by rank: id of the merged token

	control map[string]int32 // control tokens by their text
	added   *added           // user-defined tokens
	rows    int32            // of the vocabulary: Encode gives ids below; see First
}

// NewTokenizer checks that the parts of t fit together and builds the lookup
// tables. It keeps t, which must not change afterwards. A pre-tokenizer other
// than "smollm" is planes.ErrUnsupported; a contradiction in t is planes.ErrInvalid.
func NewTokenizer(t *planes.Tokenizer) (*Tokenizer, error) {
	if err := t.Validate(); err != nil {
		return nil, err
	}
	if t.Pre != "smollm" {
		return nil, fmt.Errorf("tokenizer: %w: pre-tokenizer %q", planes.ErrUnsupported, t.Pre)
	}
	tk := &Tokenizer{data: t, rows: int32(len(t.Tokens))}
	ids, err := tk.normalTokens()
	if err != nil {
		return nil, err
	}
	if err := tk.indexBytes(ids); err != nil {
		return nil, err
	}
	if err := tk.indexMerges(ids); err != nil {
		return nil, err
	}
	if err := tk.indexControl(); err != nil {
		return nil, err
	}
	if tk.added, err = newAdded(t, planes.TokenUserDefined, tk.rows); err != nil {
		return nil, err
	}
	return tk, nil
}

// First gives a tokenizer whose Encode gives the first n ids alone: it has the merges whose product
// is among them, and their user-defined tokens. It shares the tables with t. It panics unless n is
// Fewest to Vocab.
func (t *Tokenizer) First(n int) *Tokenizer {
	if n < t.Fewest() || n > t.Vocab() {
		panic(fmt.Sprintf("text: first %d tokens, want %d to %d", n, t.Fewest(), t.Vocab()))
	}
	first := *t
	first.rows = int32(n)
	first.added, _ = newAdded(t.data, planes.TokenUserDefined, first.rows) // of these t had more
	return &first
}

// Fewest is how many first tokens say all that there is to say: every byte, as far as the
// vocabulary has it, and every control token.
func (t *Tokenizer) Fewest() int {
	last := slices.Max(t.bytes[:])
	for _, id := range t.control {
		last = max(last, id)
	}
	return int(last) + 1
}

func invalidTokenizer(format string, args ...any) error {
	return fmt.Errorf("tokenizer: %w: "+format, append([]any{planes.ErrInvalid}, args...)...)
}

// normalTokens maps bytes to ids for ordinary text. Control tokens stay out of
// it, and so out of every merge: that is what keeps typed text from making one.
func (t *Tokenizer) normalTokens() (map[string]int32, error) {
	ids := make(map[string]int32, len(t.data.Tokens))
	for id, token := range t.data.Tokens {
		if t.data.Kinds[id] != planes.TokenNormal {
			continue
		}
		if first, twice := ids[token]; twice {
			return nil, invalidTokenizer("tokens %d and %d are both %q", first, id, token)
		}
		ids[token] = int32(id)
	}
	return ids, nil
}

// mayLack says which bytes a vocabulary may do without. A trained vocabulary
// holds only the bytes its corpus had: SmolLM2's has no token for 21 of them,
// such as 0x04 and 0xF1. Text hardly ever needs these: control characters other than
// tab, line feed and carriage return, and what leads no UTF-8 sequence, or one above U+3FFFF.
func mayLack(b byte) bool {
	switch {
	case b < ' ':
		return b != '\t' && b != '\n' && b != '\r'
	case b == 0x7F, b == 0xC0, b == 0xC1:
		return true
	}
	return b > 0xF0
}

func (t *Tokenizer) indexBytes(ids map[string]int32) error {
	for b := range t.bytes {
		id, ok := ids[string([]byte{byte(b)})]
		if !ok {
			if !mayLack(byte(b)) {
				return invalidTokenizer("no token for byte 0x%02X", b)
			}
			id = -1
		}
		t.bytes[b] = id
	}
	return nil
}

func (t *Tokenizer) indexMerges(ids map[string]int32) error {
	t.ranks = make(map[uint64]int32, len(t.data.Merges))
	t.product = make([]int32, len(t.data.Merges))
	var both []byte
	for rank, m := range t.data.Merges {
		for _, id := range m {
			if t.data.Kinds[id] != planes.TokenNormal {
				return invalidTokenizer("merge %d uses token %d, which is not of ordinary text",
					rank, id)
			}
		}
		both = append(both[:0], t.data.Tokens[m[0]]...)
		both = append(both, t.data.Tokens[m[1]]...)
		id, ok := ids[string(both)]
		if !ok {
			return invalidTokenizer("merge %d makes %q, which is no token", rank, both)
		}
		key := pairKey(m[0], m[1])
		if first, twice := t.ranks[key]; twice {
			return invalidTokenizer("merges %d and %d are the same", first, rank)
		}
		t.ranks[key] = int32(rank)
		t.product[rank] = id
	}
	return nil
}

func (t *Tokenizer) indexControl() error {
	t.control = make(map[string]int32)
	for id, text := range t.data.Tokens {
		if !t.IsControl(int32(id)) {
			continue
		}
		if text == "" {
			return invalidTokenizer("control token %d has no text", id)
		}
		if first, twice := t.control[text]; twice {
			return invalidTokenizer("control tokens %d and %d are both %q", first, id, text)
		}
		t.control[text] = int32(id)
	}
	return nil
}

// Encode appends the ids of text to dst. The text is ordinary to the last byte: "<|im_end|>" gives
// the tokens of its characters, never the control token. User-defined tokens are matched as wholes,
// before all else; what stands between them is cut and merged by itself. Invalid UTF-8 is encoded
// byte by byte. A byte that the vocabulary lacks (see mayLack) is left out, as in the reference
// implementation.
func (t *Tokenizer) Encode(dst []int32, text string) []int32 {
	var m merger
	for len(text) > 0 {
		at, id, length := t.added.next(text)
		for before := text[:at]; len(before) > 0; {
			n := pieceLen(before)
			dst = m.merge(dst, t, before[:n])
			before = before[n:]
		}
		if length > 0 {
			dst = append(dst, id)
		}
		text = text[at+length:]
	}
	return dst
}

// Control gives the id of the control token written text.
func (t *Tokenizer) Control(text string) (id int32, ok bool) {
	id, ok = t.control[text]
	return id, ok
}

// Bytes gives the raw bytes of a token, which need not be whole characters; a
// control token gives its text. The id must be below Vocab.
func (t *Tokenizer) Bytes(id int32) string { return t.data.Tokens[id] }

// IsControl says whether the token is a mark of the template rather than text.
func (t *Tokenizer) IsControl(id int32) bool {
	return t.data.Kinds[id] == planes.TokenControl
}

// Longest is the number of bytes of the longest token.
func (t *Tokenizer) Longest() int {
	longest := 0
	for _, token := range t.data.Tokens {
		longest = max(longest, len(token))
	}
	return longest
}

// Vocab is the number of tokens; ids are 0 to Vocab-1.
func (t *Tokenizer) Vocab() int { return len(t.data.Tokens) }

// EOS is the id of the token that ends an answer, or -1.
func (t *Tokenizer) EOS() int32 { return t.data.EOS }
