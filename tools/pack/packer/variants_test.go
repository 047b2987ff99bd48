package packer

import (
	"encoding/binary"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/tools/pack/gguf"
	"github.com/spikechat/spikechat/tools/pack/internal/ggufedit"
	"github.com/spikechat/spikechat/tools/pack/internal/ggufenc"
)

func variant(tb testing.TB, name string) *ggufenc.File {
	tb.Helper()
	for i := range Variants {
		if Variants[i].Name == name {
			return Variants[i].File()
		}
	}
	tb.Fatalf("no variant %q", name)
	return nil
}

// TestVariantsThatAreRefused: what one architecture has and another has not.
func TestVariantsThatAreRefused(t *testing.T) {
	for _, c := range []struct {
		name, variant string
		change        func(f *ggufenc.File)
		err           error
		word          string
	}{
		{"qwen2 without a bias", "qwen2",
			func(f *ggufenc.File) { ggufedit.RemoveTensor(f, "blk.1.attn_v.bias") },
			ErrModel, `"blk.1.attn_v.bias" is missing`},
		{"qwen3 with a bias", "qwen3",
			func(f *ggufenc.File) { f.Tensor("blk.0.attn_q.bias", 0, []uint64{1}, make([]byte, 4)) },
			ErrUnsupported, `tensor "blk.0.attn_q.bias", which no model of architecture qwen3 has`},
		{"qwen3 without a head's norm", "qwen3",
			func(f *ggufenc.File) { ggufedit.RemoveTensor(f, "blk.0.attn_k_norm.weight") },
			ErrModel, `"blk.0.attn_k_norm.weight" is missing`},
		{"qwen3 with rope factors", "qwen3",
			func(f *ggufenc.File) { f.Tensor("rope_freqs.weight", 0, []uint64{48}, make([]byte, 192)) },
			ErrUnsupported, `"rope_freqs.weight", which no model of architecture qwen3 has`},
		{"qwen3 with a window", "qwen3",
			func(f *ggufenc.File) { f.Add("qwen3.attention.sliding_window", uint32(512)) },
			ErrUnsupported, `"qwen3.attention.sliding_window" switches on a sliding window`},
		{"gemma3 without a window", "gemma3",
			func(f *ggufenc.File) { ggufedit.RemoveKey(f, "gemma3.attention.sliding_window") },
			gguf.ErrInvalid, "gemma3.attention.sliding_window"},
		{"gemma3 with another pattern", "gemma3",
			func(f *ggufenc.File) { f.Add("gemma3.attention.sliding_window_pattern", uint32(4)) },
			ErrUnsupported, "another pattern of sliding windows"},
		{"gemma3 of 27 billion weights", "gemma3",
			func(f *ggufenc.File) { ggufedit.Set(f, "gemma3.block_count", uint32(62)) },
			ErrUnsupported, "gemma3 of 62 layers"},
		{"gemma3 with capped logits", "gemma3",
			func(f *ggufenc.File) { f.Add("gemma3.final_logit_softcapping", float32(30)) },
			ErrUnsupported, "switches on capped logits"},
		{"smollm3 of llama's keys", "smollm3",
			func(f *ggufenc.File) { ggufedit.Set(f, "general.architecture", "llama") },
			gguf.ErrInvalid, "llama.block_count"},
	} {
		f := variant(t, c.variant)
		c.change(f)
		got, err := packFile(f)
		if got != nil || !errors.Is(err, c.err) || !strings.Contains(err.Error(), c.word) {
			t.Errorf("%s: got %v, want %v with %q", c.name, err, c.err, c.word)
		}
	}
}

// TestNeutralKeys: a key that switches off what is not computed changes no byte of the weights.
func TestNeutralKeys(t *testing.T) {
	plain, _ := mustPack(t, variant(t, "gemma3"))
	f := variant(t, "gemma3")
	f.Add("gemma3.expert_count", uint32(0))
	f.Add("gemma3.attention.causal", true)
	f.Add("gemma3.final_logit_softcapping", float32(0))
	f.Add("gemma3.attention.sliding_window_pattern", uint32(6))
	f.Add("gemma3.rope.scaling.finetuned", false)
	f.Add("gemma3.rope.freq_base_swa", float32(10000))
	got, _ := mustPack(t, f)
	for name, file := range got.files {
		if name != planes.ManifestFile && plain.files[name] == nil {
			t.Errorf("shard %s of %d bytes is another", name, len(file.Data))
		}
	}
	if got.manifest.Config != plain.manifest.Config {
		t.Errorf("%+v, want %+v", got.manifest.Config, plain.manifest.Config)
	}
}

// TestRowsOfHalves: rows of queries and keys, their biases and norms come to lie in pairs.
func TestRowsOfHalves(t *testing.T) {
	for _, c := range []struct {
		paired int
		order  []int // by row
	}{
		{0, []int{0, 1, 2, 3, 4, 5, 6, 7}},
		{4, []int{0, 2, 1, 3, 4, 6, 5, 7}},
		{8, []int{0, 2, 4, 6, 1, 3, 5, 7}},
	} {
		p := part{paired: c.paired}
		for row, want := range c.order {
			if got := p.place(row); got != want {
				t.Errorf("heads of %d: row %d goes to %d, want %d", c.paired, row, got, want)
			}
		}
	}
	f := variant(t, "qwen2")
	_, r := mustPack(t, f)
	for name, moved := range map[string]bool{"attn_q": true, "attn_k": true, "attn_v": false} {
		source := ggufedit.TensorOf(f, "blk.0."+name+".bias").Data
		got, err := r.Floats("blk.0."+name+".bias", len(source)/4)
		if err != nil {
			t.Fatal(err)
		}
		// Entry 32+16+1, the second of the second half of the second head.
		at := 49
		if moved {
			at = 32 + 3
		}
		if want := math.Float32frombits(binary.LittleEndian.Uint32(source[4*49:])); got[at] != want {
			t.Errorf("%s: value %d is %v, want %v", name, at, got[at], want)
		}
	}
}

// TestScaling compares divisors and scale with the formulas' values at some pairs.
func TestScaling(t *testing.T) {
	for _, c := range []struct {
		name     string
		keys     map[string]any
		divisors map[int]float32 // of some pairs; nil: there are none
		scale    float32
	}{
		{"none", map[string]any{}, nil, 0},
		{"switched off", map[string]any{scalingType: "none", scalingFactor: float32(4)}, nil, 0},
		{"linear", map[string]any{scalingType: "linear", scalingFactor: float32(4)},
			map[int]float32{0: 4, 15: 4}, 0},
		{"a factor alone", map[string]any{scalingFactor: float32(2)}, map[int]float32{0: 2, 15: 2}, 0},
		{"the older name", map[string]any{linearScale: float32(2)}, map[int]float32{0: 2, 15: 2}, 0},
		{"by 1", map[string]any{scalingType: "linear", scalingFactor: float32(1)}, nil, 0},
		// Base 10000 and 32 entries: pair i turns 2048/(2π) 10^(-i/4) times in 2,048 positions, 32
		// times at i = 4.03 and once at i = 10.05: pairs up to 4 stay, from 11 on they are divided.
		{"yarn", map[string]any{scalingType: "yarn", scalingFactor: float32(4)},
			map[int]float32{0: 1, 4: 1, 5: 1.1200000, 8: 1.75, 11: 4, 15: 4}, 1.1386294},
		{"yarn, factor of attention", map[string]any{scalingType: "yarn", scalingFactor: float32(4),
			yarnAttention: float32(0.5)}, map[int]float32{0: 1, 15: 4}, 0.5693147},
	} {
		f := Tiny()
		for key, value := range c.keys {
			f.Add("llama."+key, value)
		}
		got, r := mustPack(t, f)
		if scale := got.manifest.Config.RopeScale; scale != c.scale {
			t.Errorf("%s: scale %v, want %v", c.name, scale, c.scale)
		}
		if r.Has(planes.RopeDivisors) != (c.divisors != nil) {
			t.Errorf("%s: divisors are there: %v", c.name, r.Has(planes.RopeDivisors))
		}
		if c.divisors == nil {
			continue
		}
		divisors, err := r.Floats(planes.RopeDivisors, 16)
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range c.divisors {
			if math.Abs(float64(divisors[i]-want)) > 1e-5 {
				t.Errorf("%s: divisor %d is %v, want %v", c.name, i, divisors[i], want)
			}
		}
	}
}
