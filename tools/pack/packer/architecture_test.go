package packer

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/spikechat/spikechat/core"
	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/tools/pack/gguf"
	"github.com/spikechat/spikechat/tools/pack/internal/ggufedit"
	"github.com/spikechat/spikechat/tools/pack/internal/ggufenc"
)

// yarn switches YaRN on, and sets one number of it.
func yarn(f *ggufenc.File, key string, value float64) {
	ggufedit.Set(f, "llama.rope.scaling.type", "yarn")
	ggufedit.Set(f, "llama."+key, value)
}

// Each change makes a model that must be refused, with a message that names
// what is wrong.
func TestModelsThatAreRefused(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(f *ggufenc.File)
		err    error
		word   string
	}{
		{"other architecture",
			func(f *ggufenc.File) { ggufedit.Set(f, "general.architecture", "mamba") },
			ErrUnsupported, `architecture "mamba": the engine computes llama, qwen2, qwen3,`},
		{"no architecture", func(f *ggufenc.File) { ggufedit.RemoveKey(f, "general.architecture") },
			gguf.ErrInvalid, "general.architecture"},
		{"architecture no text",
			func(f *ggufenc.File) { ggufedit.Set(f, "general.architecture", uint32(1)) },
			gguf.ErrInvalid, "want string"},
		{"rope scaling",
			func(f *ggufenc.File) { ggufedit.Set(f, "llama.rope.scaling.type", "longrope") },
			ErrUnsupported, `llama.rope.scaling.type is "longrope", and the engine computes linear`},
		{"rope scaling no text",
			func(f *ggufenc.File) { ggufedit.Set(f, "llama.rope.scaling.type", uint32(1)) },
			gguf.ErrInvalid, "want string"},
		{"rope factor below 1",
			func(f *ggufenc.File) { ggufedit.Set(f, "llama.rope.scaling.factor", float32(0.5)) },
			ErrModel, "llama.rope.scaling.factor is 0.5, want 1 to 1e+06"},
		{"rope factor of 10 million",
			func(f *ggufenc.File) { yarn(f, scalingFactor, 1e7) }, ErrModel,
			"llama.rope.scaling.factor is 1e+07, want 1 to 1e+06"},
		{"YaRN's factor below 1", func(f *ggufenc.File) { yarn(f, scalingFactor, 1e-5) }, ErrModel,
			"llama.rope.scaling.factor is 1e-05, want 1 to"},
		{"scale that float32 has as 0",
			func(f *ggufenc.File) { yarn(f, yarnAttention, 1e-300) }, ErrModel,
			"llama.rope.scaling.attn_factor is 1e-300, want 0.0625 to 16"},
		{"scale too large together", func(f *ggufenc.File) {
			yarn(f, yarnAttention, 15)
			ggufedit.Set(f, "llama.rope.scaling.factor", float64(1000))
		}, ErrModel, "llama.rope.scaling.factor 1000 and llama.rope.scaling.attn_factor 15 scale"},
		{"YaRN from endless turns", func(f *ggufenc.File) { yarn(f, yarnBetaFast, 1e30) }, ErrModel,
			"llama.rope.scaling.yarn_beta_fast is 1e+30"},
		{"YaRN to no turn", func(f *ggufenc.File) { yarn(f, yarnBetaSlow, math.NaN()) }, ErrModel,
			"llama.rope.scaling.yarn_beta_slow is NaN"},
		{"YaRN of a base whose logarithm is 0",
			func(f *ggufenc.File) { yarn(f, "rope.freq_base", 1) }, ErrModel,
			"llama.rope.freq_base is 1, and YaRN"},
		{"rope base of 10 billion",
			func(f *ggufenc.File) { ggufedit.Set(f, "llama.rope.freq_base", float32(1e10)) }, ErrModel,
			"llama.rope.freq_base is 1e+10, want 1 to 1e+09; take"},
		{"rope base below 1",
			func(f *ggufenc.File) { ggufedit.Set(f, "llama.rope.freq_base", float32(0.5)) }, ErrModel,
			"llama.rope.freq_base is 0.5, want 1"},
		{"epsilon of 2", func(f *ggufenc.File) {
			ggufedit.Set(f, "llama.attention.layer_norm_rms_epsilon", float32(2))
		}, ErrModel, "llama.attention.layer_norm_rms_epsilon is 2, want 1e-30 to 1; take"},
		{"too many heads", func(f *ggufenc.File) {
			ggufedit.Set(f, "llama.attention.head_count", uint32(1025))
		}, ErrModel, "llama.attention.head_count is 1025, want 1 to 1024; take"},
		{"another YaRN", func(f *ggufenc.File) {
			ggufedit.Set(f, "llama.rope.scaling.yarn_log_multiplier", float32(0.1))
		}, ErrUnsupported, "switches on another YaRN"},
		{"capped logits", func(f *ggufenc.File) {
			ggufedit.Set(f, "llama.final_logit_softcapping", float32(30))
		}, ErrUnsupported, "switches on capped logits"},
		{"experts", func(f *ggufenc.File) { ggufedit.Set(f, "llama.expert_count", uint32(8)) },
			ErrUnsupported, "llama.expert_count"},
		{"unknown hyperparameter",
			func(f *ggufenc.File) { ggufedit.Set(f, "llama.new_thing", true) }, ErrUnsupported,
			"llama.new_thing"},
		{"one of several files",
			func(f *ggufenc.File) {
				ggufedit.Set(f, "split.count", uint16(3))
				ggufedit.Set(f, "split.no", uint16(1))
			}, ErrUnsupported, "part 2 of 3 of a model: give all of them"},
		{"partial rotation",
			func(f *ggufenc.File) { ggufedit.Set(f, "llama.rope.dimension_count", uint32(16)) },
			ErrUnsupported, "16 of 32"},
		{"other value size",
			func(f *ggufenc.File) { ggufedit.Set(f, "llama.attention.value_length", uint32(64)) },
			ErrUnsupported, "values of size 64"},
		{"hidden 100",
			func(f *ggufenc.File) { ggufedit.Set(f, "llama.embedding_length", uint32(100)) },
			ErrUnsupported, "embedding_length 100"},
		{"hidden 0", func(f *ggufenc.File) { ggufedit.Set(f, "llama.embedding_length", uint32(0)) },
			ErrModel, "llama.embedding_length is 0"},
		{"hidden huge",
			func(f *ggufenc.File) { ggufedit.Set(f, "llama.embedding_length", uint64(1<<40)) },
			ErrModel, "llama.embedding_length"},
		{"hidden negative",
			func(f *ggufenc.File) { ggufedit.Set(f, "llama.embedding_length", int32(-96)) },
			gguf.ErrInvalid, "negative"},
		{"intermediate 161",
			func(f *ggufenc.File) { ggufedit.Set(f, "llama.feed_forward_length", uint32(161)) },
			ErrUnsupported, "feed_forward_length 161"},
		{"head size 16",
			func(f *ggufenc.File) { ggufedit.Set(f, "llama.attention.head_count", uint32(6)) },
			ErrUnsupported, "head size 16"},
		{"heads unshared",
			func(f *ggufenc.File) { ggufedit.Set(f, "llama.attention.head_count_kv", uint32(2)) },
			ErrModel, "3 heads cannot share 2"},
		{"no heads",
			func(f *ggufenc.File) { ggufedit.Set(f, "llama.attention.head_count", uint32(0)) },
			ErrModel, "llama.attention.head_count"},
		{"no epsilon",
			func(f *ggufenc.File) {
				ggufedit.RemoveKey(f,
					"llama.attention.layer_norm_rms_epsilon")
			}, gguf.ErrInvalid, "rms_epsilon"},
		{"epsilon NaN",
			func(f *ggufenc.File) {
				ggufedit.Set(f, "llama.attention.layer_norm_rms_epsilon",
					float32(math.NaN()))
			}, ErrModel, "NaN"},
		{"rope base integer",
			func(f *ggufenc.File) { ggufedit.Set(f, "llama.rope.freq_base", uint32(10000)) },
			gguf.ErrInvalid, "want float"},
		{"embedding too small", func(f *ggufenc.File) { ggufedit.TensorOf(f, embedding).Dims[1]-- },
			ErrModel, "324 rows of 96, want 325"},
		{"layers wrong", func(f *ggufenc.File) { ggufedit.Set(f, "llama.block_count", uint32(2)) },
			ErrUnsupported, "blk.2."},
		{"layers more", func(f *ggufenc.File) { ggufedit.Set(f, "llama.block_count", uint32(4)) },
			ErrModel, `"blk.3.attn_norm.weight" is missing`},
		{"no norm", func(f *ggufenc.File) { ggufedit.RemoveTensor(f, "output_norm.weight") },
			ErrModel, `"output_norm.weight" is missing`},
		{"bias", func(f *ggufenc.File) {
			f.Tensor("blk.0.attn_q.bias", 0, []uint64{1},
				make([]byte, 4))
		}, ErrUnsupported, "blk.0.attn_q.bias"},
		{"rope factors",
			func(f *ggufenc.File) {
				f.Tensor("rope_freqs.weight", 0, []uint64{16},
					make([]byte, 64))
			}, ErrUnsupported, `"rope_freqs.weight": invalid model data: value 0 is 0, want 1 to 1000000`},
		{"rope factors of another size",
			func(f *ggufenc.File) {
				f.Tensor("rope_freqs.weight", 0, []uint64{8},
					make([]byte, 32))
			}, ErrModel, "1 rows of 8, want 1 of 16"},
		{"shape",
			func(f *ggufenc.File) {
				ggufedit.TensorOf(f,
					"blk.0.ffn_down.weight").Dims = []uint64{96, 160}
			}, ErrModel,
			"160 rows of 96, want 96 of 160"},
		{"norm of integers",
			func(f *ggufenc.File) {
				ggufedit.Randomise(ggufedit.TensorOf(f, "output_norm.weight"),
					gguf.Q8_0, 1)
			}, ErrUnsupported, "Q8_0, want a float type"},
		{"norm not finite",
			func(f *ggufenc.File) {
				copy(ggufedit.TensorOf(f, "output_norm.weight").Data[4:],
					"\x00\x00\x80\x7f")
			}, ErrModel,
			`"output_norm.weight": invalid model: value 1 is +Inf`},
		{"weight not finite", func(f *ggufenc.File) {
			w := ggufedit.TensorOf(f, "blk.0.attn_k.weight")
			ggufedit.Randomise(w, gguf.F32, 1)
			copy(w.Data, "\x00\x00\xc0\x7f")
		}, ErrModel, `"blk.0.attn_k.weight": row 0: invalid model: value 0 is NaN`},
		{"scale not finite",
			func(f *ggufenc.File) {
				copy(ggufedit.TensorOf(f, "blk.0.attn_k.weight").Data[20*4:],
					"\x00\x7c")
			}, ErrModel, `"blk.0.attn_k.weight": row 1, group 1`},
		{"minimum not finite",
			func(f *ggufenc.File) {
				copy(ggufedit.TensorOf(f, "blk.0.attn_k.weight").Data[2:],
					"\x00\xfe")
			}, ErrModel, `"blk.0.attn_k.weight": row 0, group 0`},
		{"weight beyond float16", func(f *ggufenc.File) {
			w := ggufedit.TensorOf(f, "blk.0.attn_k.weight")
			ggufedit.Randomise(w, gguf.F32, 1)
			copy(w.Data, "\x00\x00\x80\xfe") // -2^126
		}, ErrUnsupported, "beyond a float16 scale"},
		{"no template", func(f *ggufenc.File) { ggufedit.RemoveKey(f, "tokenizer.chat_template") },
			gguf.ErrInvalid, "tokenizer.chat_template"},
		{"empty template",
			func(f *ggufenc.File) { ggufedit.Set(f, "tokenizer.chat_template", " \n") },
			core.ErrUnsupportedTemplate, "tokenizer.chat_template: unsupported chat template: it is empty"},
		{"context of 1", func(f *ggufenc.File) { ggufedit.Set(f, "llama.context_length", uint32(1)) },
			planes.ErrInvalid, "the context of 1 leaves no room for an answer"},
		{"system prompt beyond the context", func(f *ggufenc.File) {
			ggufedit.Set(f, "tokenizer.chat_template",
				strings.Replace(tinyTemplate, "You are", strings.Repeat("You are ", 3000), 1))
		}, planes.ErrInvalid, "the context of 2048 leaves no room for an answer"},
		{"mark that is no control token", func(f *ggufenc.File) {
			ggufedit.Value[[]int32](f, "tokenizer.ggml.token_type")[2] = 1
		}, core.ErrUnsupportedTemplate, `"<|im_end|>" is no control token`},
	} {
		f := Tiny()
		c.change(f)
		got, err := packFile(f)
		if got != nil || !errors.Is(err, c.err) || !strings.Contains(err.Error(), c.word) {
			t.Errorf("%s: got %v, want %v with %q", c.name, err, c.err, c.word)
		}
	}
}
