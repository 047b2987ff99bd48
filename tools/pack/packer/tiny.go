package packer

import (
	"encoding/binary"
	"fmt"
	"math"
	"strings"

	"github.com/x448/float16"

	"github.com/spikechat/spikechat/core/tile"
	"github.com/spikechat/spikechat/tools/pack/gguf"
	"github.com/spikechat/spikechat/tools/pack/internal/ggufenc"
)

// The tiny model has the shape of the real one in small: grouped queries, tied
// head, 4-bit layers and an 8-bit embedding. Its vocabulary has 325 entries, so
// that the last tile of 16 rows is only partly filled.
const (
	tinyHidden       = 96
	tinyLayers       = 3
	tinyHeads        = 3
	tinyKVHeads      = 1
	tinyHeadDim      = 32
	tinyIntermediate = 160
	tinyContext      = 2048
	tinySeed         = 0x5350494b45 // "SPIKE"
)

// Tiny builds the tiny model as a GGUF file, the same one every time.
func Tiny() *ggufenc.File {
	f := &ggufenc.File{}
	tinyMetadata(f)
	tinyTensors(f)
	return f
}

// tinyMetadata adds the keys that SmolLM2's own file has.
func tinyMetadata(f *ggufenc.File) {
	f.Add("general.architecture", "llama")
	f.Add("general.name", "tiny")
	f.Add("general.license", "cc0-1.0")
	f.Add("llama.block_count", uint32(tinyLayers))
	f.Add("llama.context_length", uint32(tinyContext))
	f.Add("llama.embedding_length", uint32(tinyHidden))
	f.Add("llama.feed_forward_length", uint32(tinyIntermediate))
	f.Add("llama.attention.head_count", uint32(tinyHeads))
	f.Add("llama.attention.head_count_kv", uint32(tinyKVHeads))
	f.Add("llama.rope.freq_base", float32(10000))
	f.Add("llama.attention.layer_norm_rms_epsilon", float32(1e-5))
	f.Add("llama.rope.dimension_count", uint32(tinyHeadDim))
	tokens, kinds, merges := tinyVocabulary()
	f.Add("llama.vocab_size", uint32(len(tokens)))
	addTinyTokenizer(f, tokens, kinds, merges)
}

// addTinyTokenizer adds the tokenizer of a tinyVocabulary, and the chat template.
func addTinyTokenizer(f *ggufenc.File, tokens []string, kinds []int32, merges []string) {
	f.Add("tokenizer.ggml.model", "gpt2")
	f.Add("tokenizer.ggml.pre", "smollm")
	f.Add("tokenizer.ggml.tokens", tokens)
	f.Add("tokenizer.ggml.token_type", kinds)
	f.Add("tokenizer.ggml.merges", merges)
	f.Add("tokenizer.ggml.bos_token_id", uint32(1))
	f.Add("tokenizer.ggml.eos_token_id", uint32(2))
	f.Add("tokenizer.ggml.unknown_token_id", uint32(0))
	f.Add("tokenizer.chat_template", tinyTemplate)
}

// tinyTemplate is SmolLM2's chat template with a system prompt of its own.
const tinyTemplate = "{% for message in messages %}" +
	"{% if loop.first and messages[0]['role'] != 'system' %}" +
	"{{ '<|im_start|>system\nYou are a tiny model with random weights<|im_end|>\n' }}{% endif %}" +
	"{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}" +
	"{% endfor %}" +
	"{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"

// tinyMerges are the merges by rank, in GPT-2's alphabet (Ġ is a space). Every
// part is a single byte or made by an earlier line.
const tinyMerges = `Ġ t
Ġ a
h e
i n
r e
o n
Ġt he
e r
Ġ s
a t
Ġ w
Ġ o
e n
Ġ c
i t
i s
a n
o r
e s
Ġ b
e d
Ġ f
in g
Ġ p
o u
Ġa n
a l
a r
Ġt o
Ġ m
Ġo f
Ġ in
Ġ d
Ġ h
Ġan d
i c
l e
Ġt h
o m
l l
en t
Ġ n
Ġ l
s t
Ġ re
v e
Ġb e
r o
l y
Ġ is
Ġ g
u t
Ġ I
Ġ y
Ġy ou
o t
u s
s y
a s
us er
as s
is t
ass ist
an t
assist ant
sy st`

// tinyVocabulary gives the entries as a GGUF file has them: three control
// tokens, the 256 bytes, and one entry for each merge.
func tinyVocabulary() (tokens []string, kinds []int32, merges []string) {
	add := func(token string, kind int32) {
		tokens = append(tokens, token)
		kinds = append(kinds, kind)
	}
	for _, control := range []string{"<|endoftext|>", "<|im_start|>", "<|im_end|>"} {
		add(control, 3)
	}
	for _, letter := range letterOf {
		add(string(letter), 1)
	}
	merges = strings.Split(tinyMerges, "\n")
	for _, merge := range merges {
		add(strings.Replace(merge, " ", "", 1), 1)
	}
	return tokens, kinds, merges
}

// tinyTensors adds random weights. The gains are chosen so that the residual
// stream stays near 1 and outgrows the embedding: with a tied head the model
// would repeat its last token otherwise.
func tinyTensors(f *ggufenc.File) {
	r := &splitmix{tinySeed}
	tokens, _, _ := tinyVocabulary()
	norm := func(name string) {
		f.Tensor(name, uint32(gguf.F32), []uint64{tinyHidden},
			r.norm(tinyHidden))
	}
	matrix := func(name string, rows, cols int, gain float64) {
		f.Tensor(name, uint32(gguf.Q4_1), []uint64{uint64(cols), uint64(rows)},
			r.q4_1(rows, cols, gain))
	}
	f.Tensor(embedding, uint32(gguf.Q8_0), []uint64{tinyHidden, uint64(len(tokens))},
		r.q8_0(len(tokens), tinyHidden, 2))
	for l := range tinyLayers {
		blk := fmt.Sprintf("blk.%d.", l)
		norm(blk + "attn_norm.weight")
		matrix(blk+"attn_q.weight", tinyHeads*tinyHeadDim, tinyHidden, 1.5)
		matrix(blk+"attn_k.weight", tinyKVHeads*tinyHeadDim, tinyHidden, 1.5)
		matrix(blk+"attn_v.weight", tinyKVHeads*tinyHeadDim, tinyHidden, 1)
		matrix(blk+"attn_output.weight", tinyHidden, tinyHeads*tinyHeadDim, 1)
		norm(blk + "ffn_norm.weight")
		matrix(blk+"ffn_gate.weight", tinyIntermediate, tinyHidden, 1.5)
		matrix(blk+"ffn_up.weight", tinyIntermediate, tinyHidden, 1.5)
		matrix(blk+"ffn_down.weight", tinyHidden, tinyIntermediate, 1)
	}
	norm("output_norm.weight")
}

// splitmix is the generator SplitMix64 (Steele, Lea and Flood, 2014), written
// out so that the weights never depend on a library's choice.
type splitmix struct{ state uint64 }

func (r *splitmix) next() uint64 {
	r.state += 0x9e3779b97f4a7c15
	z := r.state
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// around is uniform in [v*(1-spread), v*(1+spread)).
func (r *splitmix) around(v, spread float64) float64 {
	u := float64(r.next()>>11) / (1 << 53)
	return v * (1 + float64(spread*(2*u-1)))
}

// norm gives n float32 weights of an RMS norm.
func (r *splitmix) norm(n int) []byte {
	var b []byte
	for range n {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(float32(r.around(1, 0.25))))
	}
	return b
}

// deviation of a uniform random code of 16 and of 256 values, in steps.
const (
	deviation4 = 4.609772
	deviation8 = 73.900271
)

// q4_1 gives random blocks whose weights have mean 0 and a deviation of
// gain/sqrt(cols), which keeps the size of what is multiplied for a gain of 1.
func (r *splitmix) q4_1(rows, cols int, gain float64) []byte {
	step := gain / math.Sqrt(float64(cols)) / deviation4
	var b []byte
	for range rows * cols / tile.GroupCols {
		d := r.around(step, 0.4)
		b = appendHalf(b, d)
		b = appendHalf(b, -7.5*d)
		b = binary.LittleEndian.AppendUint64(b, r.next())
		b = binary.LittleEndian.AppendUint64(b, r.next())
	}
	return b
}

// q8_0 is q4_1 for 8-bit codes without a minimum.
func (r *splitmix) q8_0(rows, cols int, gain float64) []byte {
	step := gain / math.Sqrt(float64(cols)) / deviation8
	var b []byte
	for range rows * cols / tile.GroupCols {
		b = appendHalf(b, r.around(step, 0.4))
		for range tile.GroupCols / 8 {
			b = binary.LittleEndian.AppendUint64(b, r.next())
		}
	}
	return b
}

func appendHalf(b []byte, v float64) []byte {
	return binary.LittleEndian.AppendUint16(b, float16.Fromfloat32(float32(v)).Bits())
}
