package planes

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"
)

// badManifest is a manifest that must be refused.
type badManifest struct {
	name   string
	change func(*Manifest)     // of a good manifest
	text   func(string) string // of its text
	want   error
	words  string
}

func replaceText(old, new string) func(string) string {
	return func(s string) string {
		if !strings.Contains(s, old) {
			panic("no " + old + " in the manifest")
		}
		return strings.Replace(s, old, new, 1)
	}
}

// tensor alters the one matrix of smallModel.
func tensor(f func(*Tensor)) func(*Manifest) { return func(m *Manifest) { f(&m.Tensors[2]) } }

func config(f func(*Config)) func(*Manifest) { return func(m *Manifest) { f(&m.Config) } }

var badManifests = []badManifest{
	{name: "empty", text: func(string) string { return "" },
		want: ErrInvalid, words: "not a manifest"},
	{name: "HTML", text: func(string) string { return "<!DOCTYPE html>" },
		want: ErrInvalid, words: "manifest, byte 0"},
	{name: "null", text: func(string) string { return "null" }, want: ErrInvalid, words: "format is"},
	{name: "array", text: func(string) string { return "[]" },
		want: ErrInvalid, words: "not a manifest"},
	{name: "another format", text: replaceText(`"spikechat-planes"`, `"gguf"`),
		want: ErrInvalid, words: `format is "gguf"`},
	{name: "version 0", text: replaceText(`"version": 1`, `"version": 0`),
		want: ErrUnsupported, words: "version 0, this build reads 1 to 5"},
	{name: "version 6", text: replaceText(`"version": 1`, `"version": 6, "more": 1`),
		want: ErrUnsupported, words: "version 6, this build reads 1 to 5"},
	{name: "version as text", text: replaceText(`"version": 1`, `"version": "1"`),
		want: ErrInvalid, words: "/version"},
	{name: "version 1.5", text: replaceText(`"version": 1`, `"version": 1.5`),
		want: ErrInvalid, words: "/version"},
	{name: "version 2^64", text: replaceText(`"version": 1`, `"version": 18446744073709551616`),
		want: ErrInvalid, words: "/version"},
	{name: "unknown field", text: replaceText(`"name": "small"`, `"title": "small"`),
		want: ErrInvalid, words: `"title"`},
	{name: "unknown field of a tensor",
		text: replaceText(`"kind": "unsigned"`, `"kind": "unsigned", "bits": 3`),
		want: ErrInvalid, words: `"bits"`},
	{name: "misspelt field", text: replaceText(`"name": "small"`, `"Name": "small"`),
		want: ErrInvalid, words: `"Name"`},
	{name: "field twice", text: replaceText(`"name": "small"`, `"name": "large", "name": "small"`),
		want: ErrInvalid, words: `duplicate object member name "name"`},
	{name: "config twice", text: replaceText(`"config": {`, `"config": {}, "config": {`),
		want: ErrInvalid, words: `duplicate object member name "config"`},
	{name: "text behind", text: func(s string) string { return s + "{}" },
		want: ErrInvalid, words: "after top-level value"},
	{name: "cut", text: func(s string) string { return s[:len(s)/2] }, want: ErrInvalid, words: "EOF"},
	{name: "broken UTF-8", text: replaceText(`"small"`, "\"sm\xffll\""),
		want: ErrInvalid, words: "UTF-8"},
	{name: "lone surrogate", text: replaceText(`"small"`, `"\ud800"`),
		want: ErrInvalid, words: "surrogate"},
	{name: "million arrays", text: func(string) string { return strings.Repeat("[", 1e6) },
		want: ErrLimit, words: "manifest, byte 4: limit exceeded"},
	{name: "million objects", text: func(string) string { return strings.Repeat(`{"a":`, 1e5) },
		want: ErrLimit, words: "inside each other"},
	{name: "deep in a field to skip",
		text: func(s string) string { return `{"x":` + strings.Repeat("[", 1e6) + "," + s[1:] },
		want: ErrLimit, words: "inside each other"},
	{name: "closed too often",
		text: func(string) string { return strings.Repeat("]", 10) + strings.Repeat("[", 14) },
		want: ErrInvalid, words: "invalid character ']'"},
	{name: "quote not closed", text: func(string) string { return `{"` + strings.Repeat("[", 1e6) },
		want: ErrInvalid, words: "EOF"},
	{name: "quote escaped",
		text: func(string) string { return `{"format":"\"` + strings.Repeat("[", 1e6) },
		want: ErrInvalid, words: "EOF"},
	{name: "backslash escaped",
		text: func(string) string { return `{"format":"\\"` + strings.Repeat("[", 1e6) },
		want: ErrLimit, words: "inside each other"},
	{name: "long", text: func(s string) string { return s + strings.Repeat(" ", MaxManifestBytes) },
		want: ErrLimit, words: "bytes of JSON"},
	{name: "many objects",
		text: replaceText(`"tensors": [`, `"tensors": [`+strings.Repeat("{},", 1e6)),
		want: ErrLimit, words: "more than 24592 objects"},

	{name: "no name", change: func(m *Manifest) { m.Name = "" }, want: ErrInvalid, words: "no name"},
	{name: "long name", change: func(m *Manifest) { m.Name = strings.Repeat("n", MaxNameBytes+1) },
		want: ErrLimit, words: "129 bytes"},
	{name: "long licence",
		change: func(m *Manifest) { m.License = strings.Repeat("n", MaxNameBytes+1) },
		want:   ErrLimit, words: "129 bytes"},
	{name: "long source",
		change: func(m *Manifest) { m.Source.File = strings.Repeat("n", MaxNameBytes+1) },
		want:   ErrLimit, words: "129 bytes"},
	{name: "source without hash", change: func(m *Manifest) { m.Source.SHA256 = "" },
		want: ErrInvalid, words: "source"},
	{name: "source of -1 bytes", change: func(m *Manifest) { m.Source.Bytes = -1 },
		want: ErrInvalid, words: "source of -1 bytes"},
	{name: "long template",
		change: func(m *Manifest) { m.ChatTemplate = strings.Repeat("{", MaxTemplateBytes+1) },
		want:   ErrLimit, words: "chat template"},

	{name: "another architecture", change: config(func(c *Config) { c.Architecture = "mamba" }),
		want: ErrInvalid, words: `"mamba"`},
	{name: "no layers", change: config(func(c *Config) { c.Layers = 0 }),
		want: ErrInvalid, words: "layers is 0"},
	{name: "layers", change: config(func(c *Config) { c.Layers = MaxLayers + 1 }),
		want: ErrLimit, words: "layers is 257"},
	{name: "hidden -32", change: config(func(c *Config) { c.Hidden = -32 }),
		want: ErrInvalid, words: "hidden is -32"},
	{name: "hidden 48", change: config(func(c *Config) { c.Hidden = 48 }),
		want: ErrInvalid, words: "multiples of 32"},
	{name: "intermediate 2^53", change: config(func(c *Config) { c.Intermediate = 1 << 53 }),
		want: ErrLimit, words: "intermediate is 9007199254740992"},
	{name: "heads do not share", change: config(func(c *Config) { c.Heads, c.KVHeads = 3, 2 }),
		want: ErrInvalid, words: "3 heads cannot share 2"},
	{name: "no heads", change: config(func(c *Config) { c.KVHeads = 0 }),
		want: ErrInvalid, words: "kv_heads is 0"},
	{name: "heads too wide", change: config(func(c *Config) { c.Heads, c.HeadDim = 1024, 1024 }),
		want: ErrLimit, words: "1024 heads of 1024"},
	{name: "head of 16", change: config(func(c *Config) { c.HeadDim = 16 }),
		want: ErrInvalid, words: "head_dim is 16"},
	{name: "vocabulary", change: config(func(c *Config) { c.Vocab = MaxRows + 1 }),
		want: ErrLimit, words: "vocab"},
	{name: "context", change: config(func(c *Config) { c.Context = MaxContext + 1 }),
		want: ErrLimit, words: "context"},
	{name: "rope base 0", change: config(func(c *Config) { c.RopeBase = 0 }),
		want: ErrInvalid, words: "rope_base"},
	{name: "rope base 1e400", text: replaceText(`"rope_base": 10000`, `"rope_base": 1e400`),
		want: ErrInvalid, words: "/config/rope_base"},
	{name: "epsilon 0", change: config(func(c *Config) { c.RMSEpsilon = 0 }),
		want: ErrInvalid, words: "rms_epsilon"},

	{name: "tensors", change: func(m *Manifest) { addTensors(m, MaxTensors, 1, 1) },
		want: ErrLimit, words: "4099 tensors"},
	{name: "tensor twice", change: func(m *Manifest) { m.Tensors[1].Name = "w" },
		want: ErrInvalid, words: `tensor "w" stands twice`},
	{name: "tensor without name", change: tensor(func(t *Tensor) { t.Name = "" }),
		want: ErrInvalid, words: "name"},
	{name: "long tensor name", change: tensor(func(t *Tensor) { t.Name = strings.Repeat("w", 129) }),
		want: ErrInvalid, words: "name"},
	{name: "kind", change: tensor(func(t *Tensor) { t.Kind = "bfloat16" }),
		want: ErrInvalid, words: `tensor "w": invalid model data: kind "bfloat16"`},
	{name: "pair", change: tensor(func(t *Tensor) { t.Kind = KindPair }),
		want: ErrUnsupported, words: "signed pairs"},
	{name: "rows 0", change: tensor(func(t *Tensor) { t.Rows = 0 }),
		want: ErrInvalid, words: "0 rows of 64"},
	{name: "rows -1", change: tensor(func(t *Tensor) { t.Rows = -1 }),
		want: ErrInvalid, words: "-1 rows of 64"},
	{name: "rows", change: tensor(func(t *Tensor) { t.Rows = MaxRows + 1 }),
		want: ErrLimit, words: "1048577 rows"},
	{name: "columns 0", change: tensor(func(t *Tensor) { t.Cols = 0 }),
		want: ErrInvalid, words: "17 rows of 0"},
	{name: "columns 33", change: tensor(func(t *Tensor) { t.Cols = 33 }),
		want: ErrInvalid, words: "33 columns"},
	{name: "columns 2^31", change: tensor(func(t *Tensor) { t.Cols = 1 << 31 }),
		want: ErrLimit, words: "2147483648"},
	{name: "product that wraps", change: tensor(func(t *Tensor) { t.Rows, t.Cols = 1<<32, 1<<32 }),
		want: ErrLimit, words: "4294967296"},
	{name: "product within the sides",
		change: tensor(func(t *Tensor) { t.Rows, t.Cols = MaxRows, MaxCols }),
		want:   ErrLimit, words: "bytes of memory"},
	{name: "columns 2^63", text: replaceText(`"cols": 64`, `"cols": 9223372036854775808`),
		want: ErrInvalid, words: "/tensors/2/cols"},
	{name: "no planes", change: tensor(func(t *Tensor) { t.Planes = 0 }),
		want: ErrInvalid, words: "0 planes"},
	{name: "9 planes", change: tensor(func(t *Tensor) { t.Planes = 9 }),
		want: ErrLimit, words: "9 planes"},
	{name: "offset 0.5", change: tensor(func(t *Tensor) { t.OffsetBy = 0.5 }),
		want: ErrInvalid, words: "offset_by is 0.5"},
	{name: "offset -8", change: tensor(func(t *Tensor) { t.OffsetBy = -8 }),
		want: ErrInvalid, words: "offset_by is -8"},
	{name: "offset 257", change: tensor(func(t *Tensor) { t.OffsetBy = 257 }),
		want: ErrInvalid, words: "offset_by is 257"},
	{name: "floats with planes", change: func(m *Manifest) { m.Tensors[1].Planes = 1 },
		want: ErrInvalid, words: `"norm": invalid model data: float32 tensor with planes`},
	{name: "tokenizer of two rows", change: func(m *Manifest) { m.Tensors[0].Rows = 2 },
		want: ErrInvalid, words: "tokenizer of 2 rows"},
	{name: "tokenizer of 17 MiB", change: func(m *Manifest) { m.Tensors[0].Cols = 17 << 20 },
		want: ErrLimit, words: "at most"},
	{name: "whole memory", change: func(m *Manifest) { addTensors(m, 9, MaxRows, 1<<8-1) },
		want: ErrLimit, words: "tensors need more than"},
	{name: "bomb", change: func(m *Manifest) {
		addTensors(m, 1, 1, MaxCols)
		m.Tensors[3].Rows = 16
		m.Shards[0].Completes = append(m.Shards[0].Completes, "big0")
	}, want: ErrLimit, words: "more than 64 to one"},

	{name: "steps for nothing",
		change: func(m *Manifest) { m.Steps = []StepTable{{"v", []int{1, 1}}} },
		want:   ErrInvalid, words: `steps for "v"`},
	{name: "steps for floats", change: func(m *Manifest) { m.Steps = []StepTable{{"norm", []int{1}}} },
		want: ErrInvalid, words: `steps for "norm"`},
	{name: "steps twice",
		change: func(m *Manifest) { m.Steps = []StepTable{{"w", []int{1, 1}}, {"w", []int{1, 1}}} },
		want:   ErrInvalid, words: "stands twice"},
	{name: "too few steps", change: func(m *Manifest) { m.Steps = []StepTable{{"w", []int{1}}} },
		want: ErrInvalid, words: "1 entries, want one for each of 2"},
	{name: "step 0", change: func(m *Manifest) { m.Steps = []StepTable{{"w", []int{1, 0}}} },
		want: ErrInvalid, words: "group 1 has 0 steps"},
	{name: "step 5", change: func(m *Manifest) { m.Steps = []StepTable{{"w", []int{5, 1}}} },
		want: ErrInvalid, words: "group 0 has 5 steps"},

	{name: "no shards", change: func(m *Manifest) { m.Shards = nil },
		want: ErrInvalid, words: "no shard completes"},
	{name: "shards", change: func(m *Manifest) { m.Shards = manyShards(MaxShards + 1) },
		want: ErrLimit, words: "4097 shards"},
	{name: "shard twice", change: func(m *Manifest) {
		m.Shards = append(m.Shards, Shard{File: m.Shards[0].File, Bytes: 1, SHA256: m.Shards[0].SHA256})
	}, want: ErrInvalid, words: "stands twice"},
	{name: "shard of 0 bytes", change: func(m *Manifest) { m.Shards[0].Bytes = 0 },
		want: ErrInvalid, words: "shard 0 has 0 bytes"},
	{name: "shard of -1 bytes", change: func(m *Manifest) { m.Shards[0].Bytes = -1 },
		want: ErrInvalid, words: "shard 0 has -1 bytes"},
	{name: "large shard", change: func(m *Manifest) { m.Shards[0].Bytes = MaxShardBytes + 1 },
		want: ErrLimit, words: "2097153 bytes"},
	{name: "path for a name", change: func(m *Manifest) { m.Shards[0].File = "../../etc/passwd" },
		want: ErrInvalid, words: "is not named by its sha256"},
	{name: "address for a name",
		change: func(m *Manifest) { m.Shards[0].File = "https://evil.example/" + m.Shards[0].File },
		want:   ErrInvalid, words: "is not named by its sha256"},
	{name: "short hash", change: func(m *Manifest) {
		m.Shards[0].SHA256 = m.Shards[0].SHA256[2:]
		m.Shards[0].File = m.Shards[0].SHA256 + ".bin"
	}, want: ErrInvalid, words: "is not named"},
	{name: "hash in capitals", change: func(m *Manifest) {
		m.Shards[0].SHA256 = strings.Repeat("AB", 32)
		m.Shards[0].File = m.Shards[0].SHA256 + ".bin"
	}, want: ErrInvalid, words: "is not named"},
	{name: "completes nothing", change: func(m *Manifest) { m.Shards[0].Completes[1] = "v" },
		want: ErrInvalid, words: `completes "v"`},
	{name: "completes twice", change: func(m *Manifest) { m.Shards[0].Completes[1] = "w" },
		want: ErrInvalid, words: "was complete before"},
	{name: "never complete",
		change: func(m *Manifest) { m.Shards[0].Completes = m.Shards[0].Completes[:2] },
		want:   ErrInvalid, words: `no shard completes tensor "w"`},
}

func manyShards(n int) []Shard {
	shards := make([]Shard, n)
	for i := range shards {
		shards[i] = shardEntry(fmt.Append(nil, i))
	}
	return shards
}

// build gives the bad manifest's text.
func (c *badManifest) build(tb testing.TB) []byte {
	tb.Helper()
	m, _ := smallModel(tb)
	if c.change != nil {
		c.change(m)
	}
	text := string(manifestText(tb, m))
	if c.text != nil {
		text = c.text(text)
	}
	return []byte(text)
}

func TestBadManifests(t *testing.T) {
	for _, c := range badManifests {
		m, err := ReadManifest(c.build(t))
		var place *FormatError
		if m != nil || !errors.Is(err, c.want) || !isOurs(err) || !errors.As(err, &place) ||
			place.Shard != -1 || !strings.Contains(err.Error(), c.words) {
			t.Errorf("%s: %v, %v; want %v with %q", c.name, m, err, c.want, c.words)
		}
	}
}

// TestHostileManifestsTakeLittleMemory: a claim costs nothing; what is really there costs a few
// times its text.
func TestHostileManifestsTakeLittleMemory(t *testing.T) {
	for _, c := range badManifests {
		text := c.build(t)
		limit := uint64(1<<20 + 8*len(text))
		if len(text) < 2000 {
			limit = 1 << 20
		}
		if n := allocated(func() { _, _ = ReadManifest(text) }); n > limit {
			t.Errorf("%s: %d bytes for a manifest of %d", c.name, n, len(text))
		}
	}
	// The most that fits the limits, and is refused at the very end.
	m, _ := smallModel(t)
	m.ChatTemplate = strings.Repeat("{", 50000)
	addEmpty := replaceText(`"tensors": [`, `"tensors": [`+strings.Repeat("{},", 20000))
	text := addEmpty(string(manifestText(t, m)))
	if n := allocated(func() { _, _ = ReadManifest([]byte(text)) }); n > 16<<20 {
		t.Errorf("20,000 empty tensors: %d bytes", n)
	}
}

func TestManifestRoundTrip(t *testing.T) {
	m, _ := smallModel(t)
	m.Steps = []StepTable{{"w", []int{4, 1}}}
	m.Tensors[2].OffsetBy = 16
	m.ChatTemplate = "{% if a < b %}\u2028\"é\"\t</script>"
	text := manifestText(t, m)
	got, err := ReadManifest(text)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, m) {
		t.Errorf("read %+v, want %+v", got, m)
	}
	if again := manifestText(t, got); !bytes.Equal(again, text) {
		t.Errorf("wrote\n%s\nread\n%s", again, text)
	}
	if got.Bytes() != m.Shards[0].Bytes {
		t.Errorf("%d bytes, want %d", got.Bytes(), m.Shards[0].Bytes)
	}
}

// The committed manifest is canonical: a change of AppendJSON would change the hash of every packed
// model.
func TestTinyManifestIsCanonical(t *testing.T) {
	text, err := os.ReadFile("../../models/tiny/" + ManifestFile)
	if err != nil {
		t.Fatal(err)
	}
	m, err := ReadManifest(text)
	if err != nil {
		t.Fatal(err)
	}
	if again := manifestText(t, m); !bytes.Equal(again, text) {
		t.Errorf("wrote\n%s", again)
	}
}

func TestIsSHA256(t *testing.T) {
	for s, want := range map[string]bool{
		hex.EncodeToString(make([]byte, 32)): true, "": false, strings.Repeat("g", 64): false,
		strings.Repeat("a", 63): false, strings.Repeat("a", 66): false, strings.Repeat("A", 64): false,
	} {
		if isSHA256(s) != want {
			t.Errorf("%q: %v", s, !want)
		}
	}
}
