package packer

import (
	"encoding/binary"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/tools/pack/gguf"
	"github.com/spikechat/spikechat/tools/pack/internal/ggufenc"
)

// A Variant is a small model with random weights: an architecture with what can differ inside it.
// Tests of the engine pack it, and llama.cpp computes what the engine is compared with.
type Variant struct {
	Name         string
	architecture string

	hidden, intermediate, layers, heads, kvHeads, headDim int

	untied  bool
	window  int
	factors bool           // Llama 3's, as the tensor rope_freqs.weight
	keys    map[string]any // further ones, by their name without the architecture
}

// Variants lists the small models. Layers are so many that each kind of layer comes, and head sizes
// are powers of two and not.
var Variants = []Variant{
	{Name: "llama", architecture: "llama", untied: true,
		hidden: 96, intermediate: 160, layers: 2, heads: 4, kvHeads: 2, headDim: 32},
	{Name: "llama3", architecture: "llama", factors: true,
		hidden: 128, intermediate: 160, layers: 2, heads: 4, kvHeads: 1, headDim: 32},
	{Name: "llama-linear", architecture: "llama",
		hidden: 96, intermediate: 160, layers: 2, heads: 3, kvHeads: 1, headDim: 32,
		keys: map[string]any{scalingType: "linear", scalingFactor: float32(4)}},
	{Name: "llama-yarn", architecture: "llama",
		hidden: 96, intermediate: 160, layers: 2, heads: 1, kvHeads: 1, headDim: 96,
		keys: map[string]any{scalingType: "yarn", scalingFactor: float32(4),
			yarnContext: uint32(128), yarnAttention: float32(0.9)}},
	{Name: "qwen2", architecture: "qwen2",
		hidden: 96, intermediate: 160, layers: 2, heads: 3, kvHeads: 3, headDim: 32},
	{Name: "qwen3", architecture: "qwen3",
		hidden: 96, intermediate: 160, layers: 2, heads: 4, kvHeads: 2, headDim: 96},
	{Name: "gemma3", architecture: "gemma3", window: 12,
		hidden: 96, intermediate: 160, layers: 7, heads: 3, kvHeads: 1, headDim: 64,
		keys: map[string]any{scalingType: "linear", scalingFactor: float32(8),
			"rope.freq_base": float32(1e6)}},
	{Name: "smollm3", architecture: "smollm3",
		hidden: 96, intermediate: 160, layers: 5, heads: 6, kvHeads: 2, headDim: 32,
		keys: map[string]any{"rope.freq_base": float32(5e6)}},
}

// File builds the model as a GGUF file, the same one every time.
func (v *Variant) File() *ggufenc.File {
	f := &ggufenc.File{}
	v.metadata(f)
	v.tensors(f)
	return f
}

func (v *Variant) metadata(f *ggufenc.File) {
	f.Add("general.architecture", v.architecture)
	f.Add("general.name", v.Name)
	f.Add("general.license", "cc0-1.0")
	add := func(key string, value any) {
		if _, own := v.keys[key]; !own {
			f.Add(v.architecture+"."+key, value)
		}
	}
	tokens, kinds, merges := tinyVocabulary()
	add("block_count", uint32(v.layers))
	add("context_length", uint32(tinyContext))
	add("embedding_length", uint32(v.hidden))
	add("feed_forward_length", uint32(v.intermediate))
	add("attention.head_count", uint32(v.heads))
	add("attention.head_count_kv", uint32(v.kvHeads))
	add("attention.key_length", uint32(v.headDim))
	add("attention.value_length", uint32(v.headDim))
	add("attention.layer_norm_rms_epsilon", float32(1e-6))
	add("rope.freq_base", float32(10000))
	add("rope.dimension_count", uint32(v.headDim))
	add("vocab_size", uint32(len(tokens)))
	if v.window > 0 {
		add("attention.sliding_window", uint32(v.window))
	}
	for _, key := range slices.Sorted(maps.Keys(v.keys)) {
		f.Add(v.architecture+"."+key, v.keys[key])
	}
	addTinyTokenizer(f, tokens, kinds, merges)
}

// tensors adds random weights; gains are those of the tiny model.
func (v *Variant) tensors(f *ggufenc.File) {
	r := &splitmix{tinySeed}
	for _, letter := range v.Name {
		r.state = r.next() + uint64(letter)
	}
	tokens, _, _ := tinyVocabulary()
	vector := func(name string, n int, data []byte) {
		f.Tensor(name, uint32(gguf.F32), []uint64{uint64(n)}, data)
	}
	norm := func(name string, n int) { vector(name, n, r.norm(n)) }
	bias := func(name string, n int) { vector(name, n, r.bias(n)) }
	matrix := func(name string, rows, cols int, gain float64) {
		f.Tensor(name, uint32(gguf.Q4_1), []uint64{uint64(cols), uint64(rows)},
			r.q4_1(rows, cols, gain))
	}
	table := func(name string, gain float64) {
		f.Tensor(name, uint32(gguf.Q8_0), []uint64{uint64(v.hidden), uint64(len(tokens))},
			r.q8_0(len(tokens), v.hidden, gain))
	}
	c, _ := planes.ArchitectureOf(v.architecture)
	q, kv := v.heads*v.headDim, v.kvHeads*v.headDim
	table(embedding, 2)
	if v.untied {
		table(head, 1)
	}
	if v.factors {
		vector("rope_freqs.weight", v.headDim/2, llama3Factors(v.headDim))
	}
	for l := range v.layers {
		blk := fmt.Sprintf("blk.%d.", l)
		norm(blk+"attn_norm.weight", v.hidden)
		matrix(blk+"attn_q.weight", q, v.hidden, 1.5)
		matrix(blk+"attn_k.weight", kv, v.hidden, 1.5)
		matrix(blk+"attn_v.weight", kv, v.hidden, 1)
		if c.Biases {
			bias(blk+"attn_q.bias", q)
			bias(blk+"attn_k.bias", kv)
			bias(blk+"attn_v.bias", kv)
		}
		if c.HeadNorms {
			norm(blk+"attn_q_norm.weight", v.headDim)
			norm(blk+"attn_k_norm.weight", v.headDim)
		}
		matrix(blk+"attn_output.weight", v.hidden, q, 1)
		norm(blk+"ffn_norm.weight", v.hidden)
		matrix(blk+"ffn_gate.weight", v.intermediate, v.hidden, 1.5)
		matrix(blk+"ffn_up.weight", v.intermediate, v.hidden, 1.5)
		matrix(blk+"ffn_down.weight", v.hidden, v.intermediate, 1)
		if c.PostNorms {
			norm(blk+"post_attention_norm.weight", v.hidden)
			norm(blk+"post_ffw_norm.weight", v.hidden)
		}
	}
	norm("output_norm.weight", v.hidden)
}

// bias gives n float32 numbers from -1 to 1.
func (r *splitmix) bias(n int) []byte {
	var b []byte
	for range n {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(float32(r.around(1, 1)-1)))
	}
	return b
}

// llama3Factors are those of transformers' "llama3" scaling by 8 of a context of 256: fast pairs
// keep their angle, slow ones have it divided.
func llama3Factors(headDim int) []byte {
	const factor, low, high, context = 8, 1, 4, 256
	var b []byte
	for i := range headDim / 2 {
		wavelength := 2 * math.Pi * math.Pow(10000, 2*float64(i)/float64(headDim))
		divisor := 1.0
		switch {
		case wavelength > context/low:
			divisor = factor
		case wavelength > context/high:
			smooth := (context/wavelength - low) / (high - low)
			divisor = 1 / ((1-smooth)/factor + smooth)
		}
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(float32(divisor)))
	}
	return b
}
