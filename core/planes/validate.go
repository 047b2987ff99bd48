package planes

import (
	"encoding/hex"
	"math"
	"unicode/utf8"

	"github.com/spikechat/spikechat/core/tile"
)

// validate checks every number of the manifest against the limits and every reference against what
// it names.
func (m *Manifest) validate() error {
	names, total, err := m.validateTable()
	if err != nil {
		return err
	}
	if err := m.validateShards(names); err != nil {
		return err
	}
	if total > freeBytes+MaxRatio*m.Bytes() {
		return tooMuch("tensors of %d bytes from shards of %d: more than %d to one",
			total, m.Bytes(), MaxRatio)
	}
	return nil
}

// CheckTable checks all but the shards, of a manifest whose shards are not made yet.
func (m *Manifest) CheckTable() error {
	_, _, err := m.validateTable()
	return err
}

// validateTable checks all but the shards, which a Writer has not made yet. It gives the tensors by
// name and the bytes of memory they take.
func (m *Manifest) validateTable() (names map[string]*Tensor, total int64, err error) {
	if m.Name == "" {
		return nil, 0, invalid("no name")
	}
	for _, text := range [...]string{m.Name, m.License, m.Source.File} {
		if len(text) > MaxNameBytes {
			return nil, 0, tooMuch("name, licence or source of %d bytes, at most %d",
				len(text), MaxNameBytes)
		}
		if !utf8.ValidString(text) {
			return nil, 0, invalid("name, licence or source %.80q is not UTF-8", text)
		}
		if !IsLine(text) {
			return nil, 0, invalid("name, licence or source %.80q is not one plain line", text)
		}
	}
	if !IsSeen(m.Name) {
		return nil, 0, invalid("name %.80q has no letter, number or symbol", m.Name)
	}
	if m.Source.Bytes < 0 || !isSHA256(m.Source.SHA256) {
		return nil, 0, invalid("source of %d bytes with the sha256 %.80q",
			m.Source.Bytes, m.Source.SHA256)
	}
	if err := m.validateChat(); err != nil {
		return nil, 0, err
	}
	if err := m.Config.validate(m.Version); err != nil {
		return nil, 0, err
	}
	if len(m.Tensors) > MaxTensors || len(m.Shards) > MaxShards {
		return nil, 0, tooMuch("%d tensors and %d shards, at most %d and %d",
			len(m.Tensors), len(m.Shards), MaxTensors, MaxShards)
	}
	names = make(map[string]*Tensor, len(m.Tensors))
	for i := range m.Tensors {
		t := &m.Tensors[i]
		if err := t.validate(m.Version); err != nil {
			return nil, 0, err
		}
		if (t.Name == SaliencyName || t.Name == AbsoluteName) && t.Kind != KindRanking {
			return nil, 0, invalid("tensor %q of kind %q, want %q", t.Name, t.Kind, KindRanking)
		}
		if t.Kind == KindRanking && (m.Version < 2 || t.Cols != m.Config.RankingBytes()) {
			return nil, 0, invalid("tensor %q: ranking of %d bytes in version %d, want %d since version 2",
				t.Name, t.Cols, m.Version, m.Config.RankingBytes())
		}
		if names[t.Name] != nil {
			return nil, 0, invalid("tensor %q stands twice", t.Name)
		}
		names[t.Name] = t
		if total += t.memory(); total > MaxModelBytes {
			return nil, 0, tooMuch("tensors need more than %d bytes, the most that this build holds",
				int64(MaxModelBytes))
		}
	}
	return names, total, m.validateSteps(names)
}

// validateChat wants a template before version 4, and what became of one since.
func (m *Manifest) validateChat() error {
	switch {
	case m.Version < ArchitecturesVersion && m.Chat != nil:
		return invalid("a chat in version %d", m.Version)
	case m.Version >= ArchitecturesVersion && (m.Chat == nil || m.ChatTemplate != ""):
		return invalid("a chat template in version %d, which has a chat in its place", m.Version)
	case !utf8.ValidString(m.ChatTemplate):
		return invalid("chat template is not UTF-8")
	case len(m.ChatTemplate) > MaxTemplateBytes:
		return tooMuch("chat template of %d bytes, at most %d", len(m.ChatTemplate),
			MaxTemplateBytes)
	case m.Chat != nil:
		return m.Chat.Validate()
	}
	return nil
}

func (m *Manifest) validateShards(names map[string]*Tensor) error {
	completed := make(map[string]bool, len(m.Tensors))
	files := make(map[string]bool, len(m.Shards))
	for i, s := range m.Shards {
		if s.Bytes > MaxShardBytes {
			return tooMuch("shard %d has %d bytes, at most %d", i, s.Bytes, MaxShardBytes)
		}
		if s.Bytes < 1 {
			return invalid("shard %d has %d bytes", i, s.Bytes)
		}
		if !isSHA256(s.SHA256) || s.File != s.SHA256+".bin" {
			return invalid("shard %d: file %.80q is not named by its sha256 %.80q", i, s.File, s.SHA256)
		}
		if files[s.File] {
			return invalid("shard %d: file %q stands twice", i, s.File)
		}
		files[s.File] = true
		for _, name := range s.Completes {
			if names[name] == nil || completed[name] {
				return invalid("shard %d completes %.80q, which is no tensor or was complete before", i, name)
			}
			completed[name] = true
		}
	}
	for name := range names {
		if !completed[name] {
			return invalid("no shard completes tensor %q", name)
		}
	}
	return nil
}

func isSHA256(s string) bool {
	b, err := hex.DecodeString(s)
	return err == nil && len(b) == 32 && hex.EncodeToString(b) == s
}

func (c *Config) validate(version int) error {
	between := func(name string, v, low, high int) error {
		switch {
		case v < low:
			return invalid("config: %s is %d, want %d to %d", name, v, low, high)
		case v > high:
			return tooMuch("config: %s is %d, want %d to %d", name, v, low, high)
		}
		return nil
	}
	if err := c.validateKind(version); err != nil {
		return err
	}
	for _, f := range []struct {
		name         string
		v, low, high int
	}{
		{"layers", c.Layers, 1, MaxLayers},
		{"hidden", c.Hidden, tile.GroupCols, MaxCols},
		{"intermediate", c.Intermediate, tile.GroupCols, MaxCols},
		{"heads", c.Heads, 1, MaxHeads},
		{"kv_heads", c.KVHeads, 1, MaxHeads},
		{"head_dim", c.HeadDim, tile.GroupCols, MaxHeadDim},
		{"vocab", c.Vocab, 1, MaxRows},
		{"context", c.Context, 1, MaxContext},
	} {
		if err := between(f.name, f.v, f.low, f.high); err != nil {
			return err
		}
	}
	if c.Hidden%tile.GroupCols != 0 || c.Intermediate%tile.GroupCols != 0 ||
		c.HeadDim%tile.GroupCols != 0 {
		return invalid("config: hidden %d, intermediate %d and head_dim %d must be multiples of %d",
			c.Hidden, c.Intermediate, c.HeadDim, tile.GroupCols)
	}
	if c.Heads%c.KVHeads != 0 {
		return invalid("config: %d heads cannot share %d key and value heads", c.Heads, c.KVHeads)
	}
	if c.Heads*c.HeadDim > MaxCols {
		return tooMuch("config: %d heads of %d, together at most %d", c.Heads, c.HeadDim, MaxCols)
	}
	// Written so that NaN fails too.
	if !(c.RopeBase >= 1 && c.RopeBase <= MaxRopeBase) ||
		!(c.RMSEpsilon > 0 && c.RMSEpsilon <= MaxRMSEpsilon) {
		return invalid("config: rope_base %v or rms_epsilon %v out of range", c.RopeBase, c.RMSEpsilon)
	}
	return nil
}

func (t *Tensor) validate(version int) error {
	if t.Name == "" || len(t.Name) > MaxNameBytes {
		return invalid("tensor name %.40q is empty or longer than %d bytes", t.Name, MaxNameBytes)
	}
	if !IsLine(t.Name) {
		return invalid("tensor name %.40q is not one plain line", t.Name)
	}
	fail := func(cause error, format string, args ...any) error {
		return tensorError(t.Name, cause, format, args...)
	}
	bad := func(format string, args ...any) error { return fail(ErrInvalid, format, args...) }
	maxCols := MaxCols
	if t.Kind == KindTokenizer || t.Kind == KindRanking {
		maxCols = maxListBytes
	}
	switch {
	case t.Rows < 1 || t.Cols < 1:
		return bad("%d rows of %d", t.Rows, t.Cols)
	case t.Rows > MaxRows || t.Cols > maxCols || t.Planes > MaxPlanes:
		return fail(ErrLimit, "%d rows of %d with %d planes, at most %d of %d with %d",
			t.Rows, t.Cols, t.Planes, MaxRows, maxCols, MaxPlanes)
	}
	switch t.Kind {
	case KindUnsigned:
		if t.Cols%tile.GroupCols != 0 {
			return bad("%d columns, want a multiple of %d", t.Cols, tile.GroupCols)
		}
		if t.Planes < 1 {
			return bad("%d planes, want 1 to %d", t.Planes, MaxPlanes)
		}
		// A code cut to its upper planes has a fraction (tile.Matrix.Upper).
		steps, of := t.OffsetBy, "a whole number"
		if version >= CodedVersion {
			steps, of = 256*t.OffsetBy, "a multiple of 1/256"
		}
		whole := steps == float32(math.Trunc(float64(steps)))
		if !(t.OffsetBy >= 0 && t.OffsetBy <= 256) || !whole {
			return bad("offset_by is %v, want %s from 0 to 256", t.OffsetBy, of)
		}
	case KindTernary:
		if version < TernaryVersion {
			return bad("kind %q in version %d, want %d at least", t.Kind, version, TernaryVersion)
		}
		if t.Cols%tile.GroupCols != 0 {
			return bad("%d columns, want a multiple of %d", t.Cols, tile.GroupCols)
		}
		steps := int(min(max(t.OffsetBy, 0), MaxTernarySteps+1)) // NaN: no JSON has it
		if float32(steps) != t.OffsetBy || steps < 1 || steps > MaxTernarySteps {
			return bad("offset_by is %v, want the steps of a ternary weight, 1 to %d", t.OffsetBy,
				MaxTernarySteps)
		}
		if want := tile.TernaryPlanes(steps); t.Planes != want {
			return bad("%d planes, want %d for %d steps", t.Planes, want, steps)
		}
	case KindFloat32:
		if t.Planes != 0 || t.OffsetBy != 0 {
			return bad("float32 tensor with planes or an offset")
		}
	case KindTokenizer, KindRanking:
		if t.Rows != 1 || t.Planes != 0 || t.OffsetBy != 0 {
			return bad("%s of %d rows, want 1 without planes or an offset", t.Kind, t.Rows)
		}
	case KindPair:
		return &FormatError{Shard: -1, Tensor: t.Name, Offset: -1, Err: errPairPlanes}
	default:
		return bad("kind %.40q", t.Kind)
	}
	if t.memory() > MaxTensorBytes {
		return fail(ErrLimit, "needs %d bytes of memory, at most %d", t.memory(), MaxTensorBytes)
	}
	return nil
}

// memory is the number of bytes the decoded tensor takes. Rows and Cols are bounded before, so no
// product can wrap.
func (t *Tensor) memory() int64 {
	switch t.Kind {
	case KindUnsigned, KindTernary:
		m := t.matrix()
		return m.Bytes()
	case KindFloat32:
		return 4 * int64(t.Rows) * int64(t.Cols)
	default:
		return int64(t.Cols)
	}
}

// matrix is the layout of a tensor of planes, without its data.
func (t *Tensor) matrix() tile.Matrix {
	return tile.Matrix{Rows: t.Rows, Whole: t.Rows, Cols: t.Cols, Planes: t.Planes,
		OffsetBy: t.OffsetBy}
}
