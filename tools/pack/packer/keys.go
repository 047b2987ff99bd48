package packer

import (
	"fmt"
	"strings"

	"github.com/spikechat/spikechat/tools/pack/gguf"
)

const (
	vocabSize     = "vocab_size"
	scalingType   = "rope.scaling.type"
	scalingFactor = "rope.scaling.factor"
	linearScale   = "rope.scale_linear" // an older name of scalingFactor
	yarnContext   = "rope.scaling.original_context_length"
	yarnAttention = "rope.scaling.attn_factor"
	yarnBetaFast  = "rope.scaling.yarn_beta_fast"
	yarnBetaSlow  = "rope.scaling.yarn_beta_slow"
)

// knownKeys are the hyperparameters that are read; names are without the architecture before them.
var knownKeys = map[string]bool{
	"block_count": true, "embedding_length": true, "feed_forward_length": true,
	"attention.head_count": true, "attention.head_count_kv": true,
	"attention.key_length": true, "attention.value_length": true,
	"attention.layer_norm_rms_epsilon": true, "context_length": true,
	"rope.freq_base": true, "rope.dimension_count": true, vocabSize: true,
	scalingType: true, scalingFactor: true, linearScale: true,
	yarnContext: true, yarnAttention: true, yarnBetaFast: true, yarnBetaSlow: true,
}

// architectureKey names the architecture, which begins the names of hyperparameters.
const architectureKey = "general.architecture"

// idleKeys are hyperparameters that nothing is computed from.
var idleKeys = map[string]bool{"rope.scaling.finetuned": true, "tensor_data_layout": true}

// tokenizerKeys are what the tokenizer and the chats are made of.
var tokenizerKeys = map[string]bool{
	"tokenizer.ggml.model": true, "tokenizer.ggml.pre": true, "tokenizer.ggml.tokens": true,
	"tokenizer.ggml.token_type": true, "tokenizer.ggml.scores": true,
	"tokenizer.ggml.merges": true, "tokenizer.ggml.add_space_prefix": true,
	"tokenizer.ggml.bos_token_id": true, "tokenizer.ggml.eos_token_id": true,
	"tokenizer.ggml.eot_token_id": true, "tokenizer.ggml.unknown_token_id": true,
	"tokenizer.ggml.padding_token_id": true, templateKey: true,
}

// computedFrom tells whether a model of an architecture would be another one with another value of
// the key.
func computedFrom(key, arch string) bool {
	name, concerns := strings.CutPrefix(key, arch+".")
	return key == architectureKey || tokenizerKeys[key] || concerns && !idleKeys[name]
}

// windowKeys are further ones of architectures with windows.
var windowKeys = map[string]bool{"attention.sliding_window": true, "rope.freq_base_swa": true}

// neutralKeys have one value each that switches off what the engine does not compute.
var neutralKeys = map[string]struct {
	value float64
	what  string // is switched on otherwise
}{
	"expert_count":                     {0, "a mixture of experts"},
	"expert_used_count":                {0, "a mixture of experts"},
	"attention.causal":                 {1, "attention to later tokens"},
	"attention.sliding_window":         {0, "a sliding window"},
	"attention.sliding_window_pattern": {6, "another pattern of sliding windows"},
	"attention.max_alibi_bias":         {0, "ALiBi"},
	"attention.clamp_kqv":              {0, "clamped queries, keys and values"},
	"attn_logit_softcapping":           {0, "capped attention scores"},
	"final_logit_softcapping":          {0, "capped logits"},
	"logit_scale":                      {1, "scaled logits"},
	"residual_scale":                   {1, "a scaled residual stream"},
	"embedding_scale":                  {1, "a scaled embedding"},
	"rope.scaling.yarn_log_multiplier": {0, "another YaRN"},
	"rope.scaling.yarn_ext_factor":     {1, "another YaRN"},
	"rope.scaling.yarn_attn_factor":    {1, "another YaRN"},
	"use_parallel_residual":            {0, "parallel halves of a layer"},
	"pooling_type":                     {0, "pooling"},
	"nextn_predict_layers":             {0, "layers that predict further tokens"},
}

// refuseKeys fails where a hyperparameter asks for what the engine does not compute, or might: an
// unknown one could change the result.
func refuseKeys(f *gguf.File, arch string) error {
	for _, key := range f.Keys {
		name, concerns := strings.CutPrefix(key, arch+".")
		if !concerns || knownKeys[name] || idleKeys[name] || windowKeys[name] && arch == "gemma3" {
			continue
		}
		neutral, known := neutralKeys[name]
		if !known {
			return fmt.Errorf("%w: metadata key %s, which may change what is computed and is not known; "+
				"take a file without it", ErrUnsupported, quoted(key))
		}
		if v, err := number(f, key); err != nil || v != neutral.value {
			return fmt.Errorf("%w: metadata key %s switches on %s, which the engine does not compute; "+
				"take a model without", ErrUnsupported, quoted(key), neutral.what)
		}
	}
	return nil
}

// number reads a number or a truth value.
func number(f *gguf.File, key string) (float64, error) {
	if n, err := f.Uint(key); err == nil {
		return float64(n), nil
	}
	if yes, err := f.Bool(key); err == nil {
		if yes {
			return 1, nil
		}
		return 0, nil
	}
	return f.Float(key)
}
