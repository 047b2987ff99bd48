package planes

import (
	"errors"
	"fmt"

	"github.com/spikechat/spikechat/core/strictjson"
)

// Format names what this package writes. It reads every version from 1 to Version and refuses any
// other; the rules for raising it stand in FORMAT.md.
const (
	Format  = "spikechat-planes"
	Version = TernaryVersion
)

// The versions that a Writer writes.
const (
	PlainVersion = 2 // every run is one zstd frame
	CodedVersion = 3 // runs have codings, and offset_by may be a fraction
	// Architectures beside llama, with what Config has for them, and Chat in place of ChatTemplate.
	ArchitecturesVersion = 4
	TernaryVersion       = 5 // KindTernary, and a coding of its planes
)

// Manifest describes a packed model: what it is, which tensors it has, and which shards carry them
// in which order.
type Manifest struct {
	Format  string `json:"format"`
	Version int    `json:"version"`
	Name    string `json:"name"`
	License string `json:"license"`
	Source  Source `json:"source"`
	Config  Config `json:"config"`
	// ChatTemplate is the source's, in Jinja; before version 4. Chat is what became of it, since.
	ChatTemplate string   `json:"chat_template,omitzero"`
	Chat         *Chat    `json:"chat,omitzero"`
	Tensors      []Tensor `json:"tensors"`
	// Steps is a table of formats 1 and 2 (steptable.go) that tools/pack never wrote.
	Steps  []StepTable `json:"steps,omitempty"`
	Shards []Shard     `json:"shards"`
}

// Source names the file the model was packed from.
type Source struct {
	File   string `json:"file"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// Config holds the hyperparameters of a transformer.
type Config struct {
	Architecture string  `json:"architecture"` // as ArchitectureOf knows it
	Layers       int     `json:"layers"`
	Hidden       int     `json:"hidden"`       // width of the residual stream
	Intermediate int     `json:"intermediate"` // width inside the feed-forward half
	Heads        int     `json:"heads"`
	KVHeads      int     `json:"kv_heads"`
	HeadDim      int     `json:"head_dim"`
	Vocab        int     `json:"vocab"`
	Context      int     `json:"context"` // positions the model was trained for
	RopeBase     float32 `json:"rope_base"`
	RMSEpsilon   float32 `json:"rms_epsilon"`

	// Since version 4, and 0 where a model does without.
	RopeScale     float32 `json:"rope_scale,omitzero"`      // of cosine and sine (YaRN); 0 is 1
	Window        int     `json:"window,omitzero"`          // positions that a local layer sees
	LocalRopeBase float32 `json:"local_rope_base,omitzero"` // of the local layers
}

// Kind says what a tensor's bytes are.
type Kind string

const (
	// KindUnsigned is bit planes of unsigned codes.
	KindUnsigned Kind = "unsigned"
	// KindTernary is bit planes of the codes 0 to 2T of weights that are T ternary spikes; OffsetBy is
	// T. Since version 5.
	KindTernary Kind = "ternary"
	// KindPair is signed pairs of planes, for ternary weights: reserved, refused by this version.
	KindPair Kind = "pair"
	// KindFloat32 is little-endian float32.
	KindFloat32 Kind = "float32"
	// KindTokenizer is a Tokenizer, as DecodeTokenizer reads it; Cols is its size in bytes.
	KindTokenizer Kind = "tokenizer"
	// KindRanking is a Ranking, as DecodeRanking reads it; Cols is its size in bytes; since version 2.
	KindRanking Kind = "ranking"
)

// Tensor is one entry of the tensor table.
type Tensor struct {
	Name   string `json:"name"` // as in the GGUF
	Kind   Kind   `json:"kind"`
	Rows   int    `json:"rows"`
	Cols   int    `json:"cols"`
	Planes int    `json:"planes,omitzero"`
	// OffsetBy is tile.Matrix.OffsetBy: the offset is -OffsetBy*d; absent where offsets are stored.
	OffsetBy float32 `json:"offset_by,omitzero"`
}

// IsMatrix reports whether the tensor is a matrix of bit planes.
func (t *Tensor) IsMatrix() bool { return t.Kind == KindUnsigned || t.Kind == KindTernary }

// Shard is one file, named by its hash; the manifest's order is the loading order.
type Shard struct {
	File      string   `json:"file"` // <sha256>.bin
	Bytes     int64    `json:"bytes"`
	SHA256    string   `json:"sha256"`
	Completes []string `json:"completes,omitempty"` // tensors whose last run this shard carries
}

// Bytes is the number of bytes of all shards: what a visitor downloads.
func (m *Manifest) Bytes() int64 {
	var n int64
	for _, s := range m.Shards {
		n += s.Bytes
	}
	return n
}

// ReadManifest parses and checks a manifest. Unknown, repeated and misspelt fields, fields of the
// wrong type, sizes past the limits and references to nothing are refused with a *FormatError.
func ReadManifest(text []byte) (*Manifest, error) {
	if len(text) > MaxManifestBytes {
		return nil, tooMuch("%d bytes of JSON, at most %d", len(text), MaxManifestBytes)
	}
	if err := checkNesting(text); err != nil {
		return nil, err
	}
	var m Manifest
	err := strictjson.Unmarshal(text, &m, strictjson.Strict)
	// What stands before a mistake has been read. Another version may have other fields, and
	// "unsupported" is the more useful answer then.
	switch {
	case m.Format == "" && err != nil:
		return nil, badJSON(fmt.Errorf("not a manifest: %w", err))
	case m.Format != Format:
		return nil, invalid("format is %.40q, want %q", m.Format, Format)
	case (m.Version < 1 || m.Version > Version) && (m.Version != 0 || err == nil):
		return nil, tensorError("", ErrUnsupported, "version %d, this build reads 1 to %d",
			m.Version, Version)
	case err != nil:
		return nil, badJSON(err)
	}
	if err := m.validate(); err != nil {
		return nil, err
	}
	return &m, nil
}

// Bounds of a manifest's JSON: the tables and, for each entry, the entry and one list inside.
const (
	maxManifestDepth = 4
	maxManifestOpen  = 2*(2*MaxTensors+MaxShards) + 16
)

// checkNesting counts the objects and arrays of a JSON text before any is made: one costs two bytes
// of text and dozens of memory. Whether the text is JSON at all is left to the parser.
func checkNesting(text []byte) error {
	depth, open, quoted := 0, 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{', c == '[':
			depth++
			open++
		case c == '}', c == ']':
			depth--
		}
		if depth > maxManifestDepth || open > maxManifestOpen {
			err := fmt.Errorf("%w: more than %d objects and arrays, or %d inside each other",
				ErrLimit, maxManifestOpen, maxManifestDepth)
			return &FormatError{Shard: -1, Offset: int64(i), Err: err}
		}
	}
	return nil
}

// badJSON places an error of package strictjson.
func badJSON(err error) error {
	var place *strictjson.Error
	errors.As(err, &place)
	return &FormatError{Shard: -1, Offset: place.Offset, Err: fmt.Errorf("%w: %w", ErrInvalid, err)}
}

// AppendJSON appends the manifest's one canonical text: one space of indentation, fields in the
// order of the structs. The error wraps ErrInvalid: a text is not UTF-8.
func (m *Manifest) AppendJSON(b []byte) ([]byte, error) {
	b, err := strictjson.Append(b, m)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	return append(b, '\n'), nil
}
