package packer

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/spikechat/spikechat/core"
	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/tools/pack/gguf"
	"github.com/spikechat/spikechat/tools/pack/internal/ggufedit"
	"github.com/spikechat/spikechat/tools/pack/internal/ggufenc"
)

// leastModel has one layer of one group of columns: a small seed.
func leastModel() *ggufenc.File { return modelOf(32) }

// modelOf has one layer, and is so many columns wide everywhere.
func modelOf(width int) *ggufenc.File {
	f := &ggufenc.File{}
	tinyMetadata(f)
	for _, key := range []string{"llama.embedding_length", "llama.feed_forward_length",
		"llama.rope.dimension_count"} {
		ggufedit.Set(f, key, uint32(width))
	}
	for _, key := range []string{"llama.block_count", "llama.attention.head_count",
		"llama.attention.head_count_kv"} {
		ggufedit.Set(f, key, uint32(1))
	}
	// Without merges, and so without the tokens that they make.
	tokens := ggufedit.Value[[]string](f, "tokenizer.ggml.tokens")[:3+256]
	ggufedit.Set(f, "tokenizer.ggml.tokens", tokens)
	ggufedit.Set(f, "tokenizer.ggml.token_type",
		ggufedit.Value[[]int32](f, "tokenizer.ggml.token_type")[:len(tokens)])
	ggufedit.Set(f, "tokenizer.ggml.merges", []string{})
	ggufedit.Set(f, "llama.vocab_size", uint32(len(tokens)))
	norm := bytes.Repeat([]byte{0, 0, 0x80, 0x3f}, width) // ones
	block := append([]byte{0, 0x30, 0, 0xb4}, bytes.Repeat([]byte{0x5a}, 16)...)
	for _, name := range []string{"output_norm.weight", "blk.0.attn_norm.weight",
		"blk.0.ffn_norm.weight"} {
		f.Tensor(name, uint32(gguf.F32), []uint64{uint64(width)}, norm)
	}
	matrix := func(name string, rows int) {
		f.Tensor(name, uint32(gguf.Q4_1), []uint64{uint64(width), uint64(rows)},
			bytes.Repeat(block, rows*width/32))
	}
	matrix(embedding, len(tokens))
	for _, name := range layerMatrices {
		matrix("blk.0."+name+".weight", width)
	}
	return f
}

var layerMatrices = []string{"attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up",
	"ffn_down"}

// hostileModels change leastModel: a name, and the change.
var hostileModels = []struct {
	name   string
	change func(f *ggufenc.File)
}{
	{"layers that are not there",
		func(f *ggufenc.File) { ggufedit.Set(f, "llama.block_count", uint32(256)) }},
	{"width that wraps",
		func(f *ggufenc.File) { ggufedit.Set(f, "llama.embedding_length", uint64(1<<62)) }},
	{"width negative",
		func(f *ggufenc.File) { ggufedit.Set(f, "llama.embedding_length", int32(-32)) }},
	{"dimensions whose product wraps",
		func(f *ggufenc.File) {
			ggufedit.TensorOf(f, embedding).Dims = []uint64{1 << 32,
				1 << 32}
		}},
	{"heads whose width wraps", func(f *ggufenc.File) {
		ggufedit.Set(f, "llama.attention.head_count", uint32(1<<16))
		ggufedit.Set(f, "llama.attention.key_length", uint32(1<<16))
	}},
	{"tokens as numbers",
		func(f *ggufenc.File) { ggufedit.Set(f, "tokenizer.ggml.tokens", []int32{1, 2}) }},
	{"types as text",
		func(f *ggufenc.File) { ggufedit.Set(f, "tokenizer.ggml.token_type", []string{"1"}) }},
	{"fewer types than tokens",
		func(f *ggufenc.File) { ggufedit.Set(f, "tokenizer.ggml.token_type", []int32{1}) }},
	{"end token -1",
		func(f *ggufenc.File) { ggufedit.Set(f, "tokenizer.ggml.eos_token_id", int32(-1)) }},
	{"end token outside",
		func(f *ggufenc.File) { ggufedit.Set(f, "tokenizer.ggml.eos_token_id", uint32(1<<31)) }},
	{"merge of nothing",
		func(f *ggufenc.File) { ggufedit.Set(f, "tokenizer.ggml.merges", []string{" "}) }},
	{"scale of infinity",
		func(f *ggufenc.File) { copy(ggufedit.TensorOf(f, embedding).Data, "\x00\x7c") }},
	{"weights of float",
		func(f *ggufenc.File) {
			ggufedit.Randomise(ggufedit.TensorOf(f, "blk.0.attn_k.weight"),
				gguf.F32, 1)
		}},
	{"weights of 8 bits",
		func(f *ggufenc.File) {
			ggufedit.Randomise(ggufedit.TensorOf(f, embedding), gguf.Q8_0,
				1)
		}},
	{"licence that is not UTF-8",
		func(f *ggufenc.File) { ggufedit.Set(f, "general.license", "\xff") }},
	{"rope base of 10 billion",
		func(f *ggufenc.File) { ggufedit.Set(f, "llama.rope.freq_base", float32(1e10)) }},
	{"epsilon of 2", func(f *ggufenc.File) {
		ggufedit.Set(f, "llama.attention.layer_norm_rms_epsilon", float32(2))
	}},
	{"scale that float32 has as 0", func(f *ggufenc.File) { yarn(f, yarnAttention, 1e-300) }},
	{"YaRN of a base whose logarithm is 0", func(f *ggufenc.File) { yarn(f, "rope.freq_base", 1) }},
	{"template that loops", func(f *ggufenc.File) {
		ggufedit.Set(f, "tokenizer.chat_template",
			strings.Repeat("{% for message in messages %}", 100))
	}},
}

// causes are what a refusal wraps.
var causes = []error{ErrModel, ErrUnsupported, gguf.ErrInvalid, gguf.ErrUnsupported, gguf.ErrLimit,
	planes.ErrInvalid, planes.ErrUnsupported, planes.ErrLimit, core.ErrUnsupportedTemplate}

// FuzzPack wants a typed error, or a model that opens and writes the same bytes
// again.
func FuzzPack(f *testing.F) {
	f.Add(leastModel().Bytes())
	for _, c := range hostileModels {
		model := leastModel()
		c.change(model)
		f.Add(model.Bytes())
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := packBytes(data)
		if err != nil {
			if got != nil ||
				!slices.ContainsFunc(causes,
					func(cause error) bool { return errors.Is(err, cause) }) {
				t.Errorf("%v beside %v", got, err)
			}
			return
		}
		if _, err := core.Open(got.files); err != nil {
			t.Errorf("what was packed does not open: %v", err)
		}
		again, err := packBytes(data)
		if err != nil ||
			!bytes.Equal(again.files[planes.ManifestFile].Data,
				got.files[planes.ManifestFile].Data) {
			t.Errorf("packing again: %v, or other bytes", err)
		}
	})
}
