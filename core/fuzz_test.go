package core

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"github.com/spikechat/spikechat/core/coding"
	"github.com/spikechat/spikechat/core/internal/texttest"
	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/core/simd"
	"github.com/spikechat/spikechat/core/text"
	"github.com/spikechat/spikechat/core/tile"
)

// leastModel packs the smallest model there can be: one layer of one group, with the tiny
// vocabulary.
func leastModel(tb testing.TB) (manifest, shard []byte) {
	tb.Helper()
	vocabulary := texttest.Tokenizer()
	tokenizer, err := vocabulary.AppendBinary(nil)
	if err != nil {
		tb.Fatal(err)
	}
	m := planes.Manifest{
		Name:   "least",
		Source: planes.Source{File: "least.gguf", SHA256: strings.Repeat("0", 64)},
		Config: planes.Config{Architecture: "llama", Layers: 1, Hidden: 32, Intermediate: 32,
			Heads: 1, KVHeads: 1, HeadDim: 32, Vocab: len(vocabulary.Tokens), Context: 128,
			RopeBase: 10000, RMSEpsilon: 1e-5},
		ChatTemplate: texttest.Template,
		Tensors: []planes.Tensor{{Name: planes.TokenizerName, Kind: planes.KindTokenizer,
			Rows: 1, Cols: len(tokenizer)}},
	}
	norms := []string{"output_norm.weight", "blk.0.attn_norm.weight", "blk.0.ffn_norm.weight"}
	for _, name := range norms {
		m.Tensors = append(m.Tensors,
			planes.Tensor{Name: name, Kind: planes.KindFloat32, Rows: 1, Cols: 32})
	}
	matrices := []string{"token_embd.weight", "blk.0.attn_q.weight", "blk.0.attn_k.weight",
		"blk.0.attn_v.weight",
		"blk.0.attn_output.weight", "blk.0.ffn_gate.weight", "blk.0.ffn_up.weight",
		"blk.0.ffn_down.weight"}
	for i, name := range matrices {
		t := planes.Tensor{Name: name, Kind: planes.KindUnsigned, Rows: 32, Cols: 32, Planes: 2}
		if i == 0 {
			t.Rows, t.OffsetBy = len(vocabulary.Tokens), 2
		}
		m.Tensors = append(m.Tensors, t)
	}
	encoder, err := zstd.NewWriter(nil, zstd.WithSingleSegment(true))
	if err != nil {
		tb.Fatal(err)
	}
	compress := func(data []byte) []byte { return encoder.EncodeAll(data, nil) }
	w, err := planes.NewWriter(m, compress, func(_ string, data []byte) error {
		if shard != nil {
			tb.Fatal("the least model has more than one shard")
		}
		shard = slices.Clone(data)
		return nil
	})
	if err != nil {
		tb.Fatal(err)
	}
	// Errors of the parts come again from Close.
	w.Tokenizer(planes.TokenizerName, tokenizer)
	ones := make([]float32, 32)
	for i := range ones {
		ones[i] = 1
	}
	for _, name := range norms {
		w.Floats(name, ones)
	}
	for _, t := range m.Tensors[1+len(norms):] {
		matrix := tile.NewMatrix(t.Rows, t.Cols, t.Planes, t.OffsetBy)
		for row := range t.Rows {
			var codes [tile.GroupCols]uint8
			for i := range codes {
				codes[i] = uint8(row*7+i*5) % 4
			}
			matrix.SetGroup(row, 0, &codes, 0x3000, 0x3400) // d = 1/8, n = 1/4
		}
		w.Planes(t.Name, matrix, 1, 0)
		w.Scales(t.Name, matrix)
	}
	packed, err := w.Close()
	if err != nil {
		tb.Fatal(err)
	}
	if manifest, err = packed.AppendJSON(nil); err != nil {
		tb.Fatal(err)
	}
	return manifest, shard
}

// modelErrors are the causes that the bytes of a model may give.
var modelErrors = []error{planes.ErrInvalid, planes.ErrUnsupported, planes.ErrLimit,
	planes.ErrChecksum,
	ErrUnsupportedTemplate, ErrNotFinite, ErrBadRequest, ErrContextFull}

// loadAndAnswer loads a model and asks it for three tokens.
func loadAndAnswer(manifest, shard []byte, steps int) error {
	m, err := planes.ReadManifest(manifest)
	if err != nil {
		return err
	}
	r := planes.NewReader(m)
	if len(m.Shards) > 0 {
		// The mutator cannot keep length and hash right.
		m.Shards[0].Bytes = int64(len(shard))
		if err := r.Shard(shard, true); err != nil {
			return err
		}
	}
	if err := r.Close(); err != nil {
		return err
	}
	model, err := NewModel(m, r)
	if err != nil {
		return err
	}
	model.Prepare(simd.LookupKernel)
	s, err := NewSession(model, min(128, m.Config.Context))
	if err != nil {
		return err
	}
	request := Request{Messages: []text.Message{{Role: text.RoleSystem},
		{Role: text.RoleUser, Content: "he"}},
		Coding:    coding.Coding{Steps: steps, OutputSteps: steps, OutputResidual: steps > 1},
		MaxTokens: 3}
	if _, err := s.Begin(request); err != nil {
		return err
	}
	for left := 1; left > 0; {
		if left, err = s.Prefill(); err != nil {
			return err
		}
	}
	for token := (Token{}); token.Finish == Running; {
		if err := s.Next(&token); err != nil {
			return err
		}
		if token.ID < 0 || int(token.ID) >= m.Config.Vocab {
			panic("token outside of the vocabulary")
		}
	}
	return nil
}

// hostileModels change the manifest of leastModel so that its parts contradict each other.
var hostileModels = []struct{ name, old, new, words string }{
	{"vocabulary too large", `"vocab": 282`, `"vocab": 283`, "282 entries for a vocabulary of 283"},
	{"layer without tensors", `"layers": 1`, `"layers": 2`, "blk.1.attn_norm.weight"},
	{"layers that need gigabytes of cache", `"layers": 1`, `"layers": 256`,
		"blk.1.attn_norm.weight"},
	{"wider than its matrices", `"hidden": 32`, `"hidden": 64`, "282 x 32, want 282 x 64"},
	{"heads of another width", `"head_dim": 32`, `"head_dim": 64`, "32 x 32, want 64 x 32"},
	{"more heads", `"heads": 1`, `"heads": 1024`, "32 x 32, want 32768 x 32"},
	{"table of floats", `"kind": "unsigned"`, `"kind": "float32"`, "planes"},
	{"another template", "{% for", "{% set", "unsupported chat template"},
	{"context without room for a chat", `"context": 128`, `"context": 93`,
		"the shortest chat has 93 tokens"},
	{"mark that is no control token", "|im_end|", "|im_End|", "is no control token"},
	{"steps for the output", `"shards": [`,
		`"steps": [{"input":"token_embd.weight","steps":[1]}], "shards": [`, "no layer's input"},
	{"scale of zero for the positions", `"rope_base": 10000`, `"rope_base": 0`, "rope_base"},
}

func hostileModel(tb testing.TB, old, new string) (manifest, shard []byte) {
	tb.Helper()
	manifest, shard = leastModel(tb)
	if !strings.Contains(string(manifest), old) {
		tb.Fatalf("no %s in the manifest", old)
	}
	return []byte(strings.ReplaceAll(string(manifest), old, new)), shard
}

func TestHostileModels(t *testing.T) {
	manifest, shard := leastModel(t)
	for steps := range 5 {
		if err := loadAndAnswer(manifest, shard, steps); err != nil {
			t.Errorf("the least model, T=%d: %v", steps, err)
		}
	}
	for _, c := range hostileModels {
		manifest, shard := hostileModel(t, c.old, c.new)
		err := loadAndAnswer(manifest, shard, 4)
		if err == nil || !isOneOf(err, modelErrors) || !strings.Contains(err.Error(), c.words) {
			t.Errorf("%s: %v, want %q", c.name, err, c.words)
		}
	}
}

func isOneOf(err error, causes []error) bool {
	return slices.ContainsFunc(causes, func(cause error) bool { return errors.Is(err, cause) })
}

// FuzzModel loads whatever manifest and shard there are and wants a typed error or an answer.
func FuzzModel(f *testing.F) {
	manifest, shard := leastModel(f)
	f.Add(manifest, shard, uint8(4))
	f.Add(manifest, shard, uint8(0))
	for _, c := range hostileModels {
		manifest, shard := hostileModel(f, c.old, c.new)
		f.Add(manifest, shard, uint8(1))
	}
	f.Fuzz(func(t *testing.T, manifest, shard []byte, steps uint8) {
		if err := loadAndAnswer(manifest, shard, int(steps%5)); err != nil &&
			!isOneOf(err, modelErrors) {
			t.Errorf("error without a cause: %v", err)
		}
	})
}
