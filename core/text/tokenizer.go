package text

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spikechat/spikechat/core/planes"
)

// Tokenizer turns text into token ids and back: byte-level BPE as in GPT-2, or SentencePiece's BPE
// with byte fallback. After NewTokenizer it is only read, so it may be shared.
type Tokenizer struct {
	data  *planes.Tokenizer
	bytes [256]int32 // id of each single byte, or -1

	pre     *preTokenizer    // BPE
	nfc     *nfcTables       // BPE: nil for text as it is
	ranks   map[uint64]int32 // BPE: pairKey of two ids to the rank of their merge
	product []int32          // BPE: by rank, id of the merged token
	ids     map[string]int32 // SPM, and BPE that looks whole pieces up: ordinary tokens by text
	longest int              // SPM: bytes of the longest of them

	control map[string]int32 // control tokens by their text
	added   *added           // user-defined tokens
	blanks  *added           // SPM: those that are spaces alone
	unused  []int32          // ascending
	rows    int32            // of the vocabulary: Encode gives ids below; see First
}

// NewTokenizer checks that the parts of t fit together and builds the lookup
// tables. It keeps t, which must not change afterwards. A pre-tokenizer that
// preTokenizers has not is planes.ErrUnsupported; a contradiction in t is planes.ErrInvalid.
func NewTokenizer(t *planes.Tokenizer) (*Tokenizer, error) {
	if err := t.Validate(); err != nil {
		return nil, err
	}
	tk := &Tokenizer{data: t, rows: int32(len(t.Tokens))}
	for id, kind := range t.Kinds {
		if kind == planes.TokenUnused {
			tk.unused = append(tk.unused, int32(id))
		}
	}
	if t.Model == planes.TokenizerBPE {
		if tk.pre = preTokenizerOf(t.Pre); tk.pre == nil {
			return nil, fmt.Errorf("tokenizer: %w: pre-tokenizer %q", planes.ErrUnsupported, t.Pre)
		}
	}
	if t.NFC != "" {
		var err error
		if tk.nfc, err = newNFC(t.NFC); err != nil {
			return nil, err
		}
	}
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
	if t.Model == planes.TokenizerSPM || t.Flags&planes.FlagWholePieces != 0 {
		tk.ids = ids
		for token := range ids {
			tk.longest = max(tk.longest, len(token))
		}
	}
	if err := tk.indexControl(); err != nil {
		return nil, err
	}
	if err := tk.indexAdded(); err != nil {
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
	_ = first.indexAdded() // of these t had more
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

// indexBytes finds the token of each byte: an ordinary one in BPE, one of kind byte in SPM, where a
// character that is no token falls back to the bytes it is written in.
func (t *Tokenizer) indexBytes(ids map[string]int32) error {
	spm := t.data.Model == planes.TokenizerSPM
	if spm {
		ids = map[string]int32{}
		for id, token := range t.data.Tokens {
			if t.data.Kinds[id] == planes.TokenByte {
				ids[token] = int32(id)
			}
		}
	}
	for b := range t.bytes {
		id, ok := ids[string([]byte{byte(b)})]
		if !ok {
			if spm || !mayLack(byte(b)) {
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

// Encode appends the ids of text to dst: of all text between two control tokens, for what stands
// first in it can be tokenized otherwise (see planes.FlagSpacePrefix). The text is ordinary
// to the last byte: "<|im_end|>" gives the tokens of its characters, never the control token.
// User-defined tokens are matched as wholes, before all else; what stands between them is
// tokenized by itself. Invalid UTF-8 is encoded byte by byte. A byte that the vocabulary lacks
// (see mayLack) is left out, as in the reference implementation.
func (t *Tokenizer) Encode(dst []int32, text string) []int32 {
	var m merger
	for len(text) > 0 {
		at, id, length := t.added.next(text)
		if at > 0 {
			dst = t.encodeBetween(dst, &m, text[:at])
		}
		if length > 0 {
			dst = append(dst, id)
		}
		text = text[at+length:]
	}
	return dst
}

// encodeBetween encodes text without user-defined tokens, which must not be empty.
func (t *Tokenizer) encodeBetween(dst []int32, m *merger, text string) []int32 {
	if t.data.Model == planes.TokenizerSPM {
		return t.encodeSPM(dst, m, text)
	}
	if t.nfc != nil {
		text = t.nfc.normalize(text)
	}
	for len(text) > 0 {
		n := t.pre.pieceLen(text)
		if id, ok := t.ids[text[:n]]; ok && id < t.rows {
			dst = append(dst, id)
		} else {
			dst = m.merge(dst, t, text[:n])
		}
		text = text[n:]
	}
	return dst
}

func (t *Tokenizer) encodeSPM(dst []int32, m *merger, text string) []int32 {
	text = strings.ReplaceAll(text, spmSpace, " ")
	if t.data.Flags&planes.FlagSpacePrefix != 0 {
		text = " " + text
	}
	for len(text) > 0 {
		at, id, length := t.blanks.next(text)
		dst = m.merge(dst, t, text[:at])
		if length > 0 {
			dst = append(dst, id)
		}
		text = text[at+length:]
	}
	return dst
}

// ordinary gives the token of ordinary text that a text is, or -1.
func (t *Tokenizer) ordinary(text string) int32 {
	if len(text) <= t.longest {
		if id, ok := t.ids[text]; ok && id < t.rows {
			return id
		}
	}
	return -1
}

// asRead gives a text as a model reads it, the bytes of its tokens: in the normal form that the
// vocabulary wants, without bytes that it lacks, with a space for U+2581 where that stands for one.
func (t *Tokenizer) asRead(text string) string {
	var read strings.Builder
	for _, id := range t.Encode(nil, text) {
		read.WriteString(t.Bytes(id))
	}
	return read.String()
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

// PrefixesSpace reports whether a space is put before every text: the first token of one has it.
func (t *Tokenizer) PrefixesSpace() bool { return t.data.Flags&planes.FlagSpacePrefix != 0 }

// Unused gives the tokens that stand for nothing, ascending: no text has them, and no answer.
// Without a tokenizer there are none.
func (t *Tokenizer) Unused() []int32 {
	if t == nil {
		return nil
	}
	return t.unused
}

// Vocab is the number of tokens; ids are 0 to Vocab-1.
func (t *Tokenizer) Vocab() int { return len(t.data.Tokens) }

// EOS is the id of the token that ends an answer, or -1.
func (t *Tokenizer) EOS() int32 { return t.data.EOS }
