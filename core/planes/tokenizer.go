package planes

import (
	"encoding/binary"
	"fmt"
)

// TokenKind says what a vocabulary entry is for. The values are those of
// GGUF's tokenizer.ggml.token_type.
type TokenKind uint8

const (
	TokenNormal      TokenKind = 1 // bytes of ordinary text
	TokenUnknown     TokenKind = 2 // stands for what the vocabulary cannot spell
	TokenControl     TokenKind = 3 // a mark of the chat template; never made from what a user types
	TokenUserDefined TokenKind = 4 // text added by hand, outside the merges
	TokenUnused      TokenKind = 5 // a place left free
	TokenByte        TokenKind = 6 // one byte, in vocabularies that are not byte-level
)

// Limits of a tokenizer, checked before memory is taken.
const (
	MaxTokens     = 1 << 20 // vocabulary entries
	MaxMerges     = 1 << 20 // merge rules
	MaxTokenBytes = 1 << 10 // bytes of one entry
	MaxPreBytes   = 1 << 6  // bytes of the pre-tokenizer's name
	MaxNFCBytes   = 1 << 14 // bytes of the table of normal forms
)

// TokenizerModel says how pieces of text become tokens.
type TokenizerModel uint8

const (
	// TokenizerBPE is byte-level BPE: bytes are merged by Merges, in pieces that Pre cuts.
	TokenizerBPE TokenizerModel = 0
	// TokenizerSPM is SentencePiece's BPE with byte fallback: characters are merged to whichever
	// token comes first by Order, across the whole text.
	TokenizerSPM TokenizerModel = 1
)

// TokenizerFlags is what is done to a text beside what model and pre-tokenizer say.
type TokenizerFlags uint32

const (
	// FlagWholePieces makes a piece that is a token that token, whatever its merges. BPE only.
	FlagWholePieces TokenizerFlags = 1 << iota
	// FlagSpacePrefix puts a space before each text. SPM only.
	FlagSpacePrefix
)

// Tokenizer is the data of a tokenizer as a model's files hold it. How it is applied stands in
// package core/text.
type Tokenizer struct {
	Model TokenizerModel
	// Pre names the rule of the pre-tokenizer, in GGUF's spelling ("smollm"); empty for SPM.
	Pre   string
	Flags TokenizerFlags
	// NFC is the table by which text is brought to Unicode's normal form C first (core/normalform);
	// empty for text as it is. BPE only.
	NFC string
	// Tokens holds the raw bytes of each token by id: GPT-2's printable alphabet is already turned
	// back into bytes, SentencePiece's U+2581 into spaces and "<0x0A>" into the byte. Control tokens
	// stand as their text.
	Tokens []string
	// Kinds has one entry for each token.
	Kinds []TokenKind
	// Merges holds the ids of the left and the right part by rank, the first
	// to apply first. The merged token is the normal one whose bytes are the concatenation.
	Merges [][2]int32
	// Order holds for each token of SPM the place of its score among all scores, the highest being
	// 0; tokens of one score have one place. BPE has none.
	Order []int32
	// BOS, EOS and Unknown are token ids, or -1 where the model has none.
	BOS, EOS, Unknown int32
}

// Validate reports the first thing that breaks a limit (ErrLimit) or points
// outside the vocabulary (ErrInvalid).
func (t *Tokenizer) Validate() error {
	if len(t.Pre) > MaxPreBytes {
		return tokenizerError(ErrLimit, "name of the pre-tokenizer has %d bytes, at most %d",
			len(t.Pre), MaxPreBytes)
	}
	if len(t.Tokens) > MaxTokens {
		return tokenizerError(ErrLimit, "%d tokens, at most %d", len(t.Tokens), MaxTokens)
	}
	if len(t.Merges) > MaxMerges {
		return tokenizerError(ErrLimit, "%d merges, at most %d", len(t.Merges), MaxMerges)
	}
	if len(t.NFC) > MaxNFCBytes {
		return tokenizerError(ErrLimit, "table of normal forms has over %d bytes", MaxNFCBytes)
	}
	if len(t.Kinds) != len(t.Tokens) {
		return tokenizerError(ErrInvalid, "%d kinds for %d tokens", len(t.Kinds), len(t.Tokens))
	}
	if err := t.validateModel(); err != nil {
		return err
	}
	for id, token := range t.Tokens {
		if len(token) > MaxTokenBytes {
			return tokenizerError(ErrLimit, "token %d has %d bytes, at most %d",
				id, len(token), MaxTokenBytes)
		}
		if k := t.Kinds[id]; k < TokenNormal || k > TokenByte {
			return tokenizerError(ErrInvalid, "token %d is of unknown kind %d", id, k)
		}
	}
	for rank, m := range t.Merges {
		for _, id := range m {
			if !t.has(id) {
				return tokenizerError(ErrInvalid, "merge %d names token %d of %d", rank, id, len(t.Tokens))
			}
		}
	}
	for _, special := range []struct {
		name string
		id   int32
	}{{"BOS", t.BOS}, {"EOS", t.EOS}, {"unknown", t.Unknown}} {
		if special.id != -1 && !t.has(special.id) {
			return tokenizerError(ErrInvalid, "%s token is %d of %d",
				special.name, special.id, len(t.Tokens))
		}
	}
	return nil
}

// validateModel wants of each model what belongs to it, and nothing of the other.
func (t *Tokenizer) validateModel() error {
	places, flags := 0, FlagWholePieces
	if t.Model == TokenizerSPM {
		places, flags = len(t.Tokens), FlagSpacePrefix
	}
	if t.Model > TokenizerSPM || t.Flags&^flags != 0 {
		return tokenizerError(ErrUnsupported, "model %d with flags %#x", t.Model, t.Flags)
	}
	if len(t.Order) != places || t.Model == TokenizerSPM && len(t.Merges)+len(t.Pre)+len(t.NFC) > 0 {
		return tokenizerError(ErrInvalid, "an order of %d for %d tokens, or parts of another model",
			len(t.Order), len(t.Tokens))
	}
	for id, place := range t.Order {
		if !t.has(place) {
			return tokenizerError(ErrInvalid, "token %d has place %d of %d", id, place, len(t.Tokens))
		}
	}
	return nil
}

func (t *Tokenizer) has(id int32) bool { return id >= 0 && int(id) < len(t.Tokens) }

func tokenizerError(cause error, format string, args ...any) error {
	return fmt.Errorf("tokenizer: %w: "+format, append([]any{cause}, args...)...)
}

// Encoded form, little-endian throughout. Lengths, bytes and the two columns of
// merges stand apart because like next to like is what zstd packs well.
//
//	offset  size  what
//	     0     4  magic "SCTK"
//	     4     4  version, 1 or 2
//	     8     4  n, tokens
//	    12     4  m, merges
//	    16    12  BOS, EOS, unknown; all ones for none
//	    28     4  p, bytes of the pre-tokenizer's name
//	    32     4  t, bytes of all tokens together
//	    36     4  version 2: the model
//	    40     4  version 2: flags
//	    44     4  version 2: z, bytes of the table of normal forms
//	           p  name of the pre-tokenizer
//	           n  kind of each token
//	          2n  bytes in each token
//	           t  the tokens' bytes
//	          4m  left ids
//	          4m  right ids
//	          4n  version 2, SPM: each token's place in the order, less that of the token before
//	           z  version 2: the table of normal forms
//
// Version 1 is written where version 2 would have zeros.
const (
	tokenizerMagic  = "SCTK"
	tokenizerHeader = 36
	tokenizerMore   = 12 // bytes that version 2 adds to the header
)

// AppendBinary appends the encoded form to b. Equal tokenizers give equal
// bytes. It refuses what Validate refuses.
func (t *Tokenizer) AppendBinary(b []byte) ([]byte, error) {
	if err := t.Validate(); err != nil {
		return nil, err
	}
	text := 0
	for _, token := range t.Tokens {
		text += len(token)
	}
	version := 1
	if t.Model != TokenizerBPE || t.Flags != 0 || t.NFC != "" {
		version = 2
	}
	le := binary.LittleEndian
	b = append(b, tokenizerMagic...)
	for _, v := range []int{
		version, len(t.Tokens), len(t.Merges),
		int(t.BOS), int(t.EOS), int(t.Unknown), len(t.Pre), text,
	} {
		b = le.AppendUint32(b, uint32(v))
	}
	if version == 2 {
		b = le.AppendUint32(b, uint32(t.Model))
		b = le.AppendUint32(b, uint32(t.Flags))
		b = le.AppendUint32(b, uint32(len(t.NFC)))
	}
	b = append(b, t.Pre...)
	for _, kind := range t.Kinds {
		b = append(b, byte(kind))
	}
	for _, token := range t.Tokens {
		b = le.AppendUint16(b, uint16(len(token)))
	}
	for _, token := range t.Tokens {
		b = append(b, token...)
	}
	for side := range 2 {
		for _, m := range t.Merges {
			b = le.AppendUint32(b, uint32(m[side]))
		}
	}
	before := int32(0)
	for _, place := range t.Order {
		b = le.AppendUint32(b, uint32(place-before))
		before = place
	}
	return append(b, t.NFC...), nil
}

// DecodeTokenizer reads what AppendBinary wrote; b must hold nothing after it.
// What it accepts encodes to the same bytes again. The error wraps
// ErrUnsupported for another version, ErrLimit for a claim above a limit and
// ErrInvalid for everything else.
func DecodeTokenizer(b []byte) (*Tokenizer, error) {
	if len(b) < tokenizerHeader {
		return nil, tokenizerError(ErrInvalid, "%d bytes, the header alone has %d",
			len(b), tokenizerHeader)
	}
	if string(b[:4]) != tokenizerMagic {
		return nil, tokenizerError(ErrInvalid, "starts with %q, not %q", b[:4], tokenizerMagic)
	}
	le := binary.LittleEndian
	t := &Tokenizer{}
	header, nfc := uint64(tokenizerHeader), uint64(0)
	switch v := le.Uint32(b[4:]); {
	case v == 2 && len(b) >= tokenizerHeader+tokenizerMore:
		header += tokenizerMore
		model := le.Uint32(b[36:])
		if model > uint32(TokenizerSPM) {
			return nil, tokenizerError(ErrUnsupported, "model %d", model)
		}
		t.Model, t.Flags = TokenizerModel(model), TokenizerFlags(le.Uint32(b[40:]))
		nfc = uint64(le.Uint32(b[44:]))
		if t.Model == TokenizerBPE && t.Flags == 0 && nfc == 0 {
			return nil, tokenizerError(ErrInvalid, "version 2 for what version 1 says")
		}
	case v == 2:
		return nil, tokenizerError(ErrInvalid, "%d bytes, the header alone has %d", len(b),
			tokenizerHeader+tokenizerMore)
	case v != 1:
		return nil, tokenizerError(ErrUnsupported, "version %d", v)
	}
	n, m := uint64(le.Uint32(b[8:])), uint64(le.Uint32(b[12:]))
	p, text := uint64(le.Uint32(b[28:])), uint64(le.Uint32(b[32:]))
	switch {
	case n > MaxTokens:
		return nil, tokenizerError(ErrLimit, "%d tokens, at most %d", n, MaxTokens)
	case m > MaxMerges:
		return nil, tokenizerError(ErrLimit, "%d merges, at most %d", m, MaxMerges)
	case p > MaxPreBytes:
		return nil, tokenizerError(ErrLimit, "name of the pre-tokenizer has %d bytes, at most %d",
			p, MaxPreBytes)
	}
	ordered := uint64(0)
	if t.Model == TokenizerSPM {
		ordered = n
	}
	// Every size below is vouched for by bytes that are really there.
	if want := header + p + 3*n + text + 8*m + 4*ordered + nfc; want != uint64(len(b)) {
		return nil, tokenizerError(ErrInvalid, "%d bytes, the header asks for %d", len(b), want)
	}
	t.BOS = int32(le.Uint32(b[16:]))
	t.EOS = int32(le.Uint32(b[20:]))
	t.Unknown = int32(le.Uint32(b[24:]))
	t.Tokens = make([]string, n)
	t.Kinds = make([]TokenKind, n)
	t.Merges = make([][2]int32, m)
	rest := b[header:]
	take := func(n uint64) []byte {
		head := rest[:n]
		rest = rest[n:]
		return head
	}
	t.Pre = string(take(p))
	for i, k := range take(n) {
		t.Kinds[i] = TokenKind(k)
	}
	lengths := take(2 * n)
	all := string(take(text)) // one copy that every token is a part of
	for i := range t.Tokens {
		length := int(le.Uint16(lengths[2*i:]))
		if length > len(all) {
			return nil, tokenizerError(ErrInvalid, "token %d ends after the tokens' bytes", i)
		}
		t.Tokens[i], all = all[:length], all[length:]
	}
	if len(all) != 0 {
		return nil, tokenizerError(ErrInvalid, "%d bytes belong to no token", len(all))
	}
	for side := range 2 {
		ids := take(4 * m)
		for i := range t.Merges {
			t.Merges[i][side] = int32(le.Uint32(ids[4*i:]))
		}
	}
	if ordered > 0 {
		t.Order = make([]int32, n)
		place, steps := int32(0), take(4*n)
		for i := range t.Order {
			place += int32(le.Uint32(steps[4*i:]))
			t.Order[i] = place
		}
	}
	t.NFC = string(rest)
	if err := t.Validate(); err != nil {
		return nil, err
	}
	return t, nil
}
