package packer

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/core/text"
	"github.com/spikechat/spikechat/tools/pack/gguf"
	"github.com/spikechat/spikechat/tools/pack/internal/ggufedit"
	"github.com/spikechat/spikechat/tools/pack/internal/ggufenc"
)

// What nothing is computed from does not stop the work: it is shortened or left out, and told.
func TestValuesThatNothingIsComputedFrom(t *testing.T) {
	long := strings.Repeat("é", 149)
	for name, c := range map[string]struct {
		file                 string
		set                  func(f *ggufenc.File)
		license, source, say string
	}{
		"long licence": {set: func(f *ggufenc.File) { ggufedit.Set(f, "general.license", long) },
			license: long[:2*62] + "…", say: "licence"},
		"licence of several lines": {
			set:     func(f *ggufenc.File) { ggufedit.Set(f, "general.license", "MIT\nfor all") },
			license: "MIT", say: "licence"},
		"licence that is not UTF-8": {
			set:     func(f *ggufenc.File) { ggufedit.Set(f, "general.license", "a\xff") },
			license: "a\ufffd", say: "licence"},
		"licence that is a number": {
			set: func(f *ggufenc.File) { ggufedit.Set(f, "general.license", uint32(7)) },
			say: "the licence is left out"},
		"long file name": {
			file: long + ".gguf", source: long[:2*62] + "…", say: "file name"},
		"file name of another direction": {file: "a\u202egguf.exe", source: "a", say: "file name"},
		"licences in a list": {
			set:     func(f *ggufenc.File) { ggufedit.Set(f, "general.license", []string{"mit", "cc0"}) },
			license: "mit, cc0"},
		"unread values of every kind": {set: func(f *ggufenc.File) {
			f.Add("tokenizer.huggingface.json", strings.Repeat(`{"a": 1}`, 1<<18))
			f.Add("tokenizer.chat_template.tool_use", "{{ nothing }}")
			f.Add("tokenizer.chat_templates", []string{"tool_use"})
			f.Add("general.tags", []string{"a", "b"})
			f.Add("general.quantization_version", uint32(2))
			f.Add("quantize.imatrix.entries_count", int32(210))
			f.Add("split.count", uint16(1))
			f.Add("x.bool", true)
			f.Add("x.float", float32(1))
			f.Add("x.ints", []int32{1, 2})
			f.Add("x.nested", ggufenc.Nested{[]uint32{1}, []string{"a", "b"}})
			f.Add("x\xff\n", "odd key")
			f.Add(strings.Repeat("long", 2000), float64(1))
			f.Add("general.author", "one")
			f.Add("general.author", "two")
		}},
		"marks for training": {set: func(f *ggufenc.File) {
			f.Add("tokenizer.ggml.add_eos_token", true)
			f.Add("tokenizer.ggml.add_bos_token", true)
			f.Add("tokenizer.ggml.padding_token_id", uint32(9999))
		}},
		"no unknown token": {set: func(f *ggufenc.File) {
			ggufedit.RemoveKey(f, "tokenizer.ggml.unknown_token_id")
		}},
		"no beginning, unsigned": {set: func(f *ggufenc.File) {
			ggufedit.Set(f, "tokenizer.ggml.bos_token_id", uint32(1<<32-1))
		}},
		"no end, signed": {set: func(f *ggufenc.File) {
			ggufedit.Set(f, "tokenizer.ggml.eos_token_id", int32(-1))
		}},
		"no end": {set: func(f *ggufenc.File) {
			ggufedit.RemoveKey(f, "tokenizer.ggml.eos_token_id")
		}},
		"vocabulary of another size": {set: func(f *ggufenc.File) {
			ggufedit.Set(f, "llama.vocab_size", uint32(49152))
		}, say: "llama.vocab_size is 49152; 325 tokens are used and packed"},
		"no size of the vocabulary": {set: func(f *ggufenc.File) {
			ggufedit.RemoveKey(f, "llama.vocab_size")
		}},
		"unused tokens at the end": {set: func(f *ggufenc.File) { addUnused(f, 40, 40) },
			say: "llama.vocab_size is 365; 325 tokens are used and packed"},
		"end among the unused tokens": {set: func(f *ggufenc.File) {
			addUnused(f, 40, 40)
			ggufedit.Set(f, "tokenizer.ggml.eos_token_id", uint32(330))
		}, say: "llama.vocab_size is 365; 331 tokens are used and packed"},
		"rows without tokens": {set: func(f *ggufenc.File) { addUnused(f, 0, 27) }},
		"unused tokens without rows": {set: func(f *ggufenc.File) { addUnused(f, 9, 0) },
			say: "llama.vocab_size is 334"},
		"another alignment":        {set: func(f *ggufenc.File) { f.Alignment = 4096 }},
		"another order of tensors": {set: func(f *ggufenc.File) { slices.Reverse(f.Tensors) }},
		"norms of any float type": {set: func(f *ggufenc.File) {
			ggufedit.Randomise(ggufedit.TensorOf(f, "output_norm.weight"), gguf.F64, 1)
			ggufedit.Randomise(ggufedit.TensorOf(f, "blk.0.attn_norm.weight"), gguf.BF16, 1)
			ggufedit.Randomise(ggufedit.TensorOf(f, "blk.1.attn_norm.weight"), gguf.F16, 1)
		}},
	} {
		f := Tiny()
		if c.set != nil {
			c.set(f)
		}
		file := c.file
		if file == "" {
			file, c.source = "test.gguf", "test.gguf"
		}
		got, err := packNamed(file, f.Bytes())
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if c.license == "" && c.say != "the licence is left out" {
			c.license = got.manifest.License // as it was
		}
		if got.manifest.License != c.license || got.manifest.Source.File != c.source {
			t.Errorf("%s: licence %q of %q, want %q of %q", name, got.manifest.License,
				got.manifest.Source.File, c.license, c.source)
		}
		if said := strings.Join(got.notes, "\n"); !strings.Contains(said, c.say) ||
			(c.say == "") != (said == "") {
			t.Errorf("%s: notes %q, want %q", name, said, c.say)
		}
	}
}

// addUnused adds tokens of the kind "unused" and rows to the tiny model.
func addUnused(f *ggufenc.File, tokens, rows int) {
	list := ggufedit.Value[[]string](f, "tokenizer.ggml.tokens")
	kinds := ggufedit.Value[[]int32](f, "tokenizer.ggml.token_type")
	for i := range tokens {
		list, kinds = append(list, fmt.Sprintf("[PAD%d]", len(list)+i)), append(kinds, 5)
	}
	ggufedit.Set(f, "tokenizer.ggml.tokens", list)
	ggufedit.Set(f, "tokenizer.ggml.token_type", kinds)
	ggufedit.Set(f, "llama.vocab_size", uint32(len(list)))
	table := ggufedit.TensorOf(f, embedding)
	table.Dims[1] += uint64(rows)
	table.Data = append(table.Data, bytes.Repeat(table.Data[:tinyHidden/32*34], rows)...)
}

// Rows without tokens are not packed: the model is the one that a file without them gives.
func TestRowsWithoutTokensAreLeftOut(t *testing.T) {
	padded := Tiny()
	addUnused(padded, 40, 60)
	plain, _ := mustPack(t, Tiny())
	got, r := mustPack(t, padded)
	if !slices.EqualFunc(got.manifest.Shards, plain.manifest.Shards,
		func(a, b planes.Shard) bool { return a.SHA256 == b.SHA256 }) {
		t.Error("other shards")
	}
	if v, err := r.Tokenizer(); err != nil || len(v.Tokens) != 325 {
		t.Errorf("tokens: %v", err)
	}
	// Unused ones between others stay, for ids are places, and are known as such.
	named := Tiny()
	addUnused(named, 40, 40)
	ggufedit.Set(named, "tokenizer.ggml.eos_token_id", uint32(330))
	_, r = mustPack(t, named)
	v, err := r.Tokenizer()
	if err != nil {
		t.Fatal(err)
	}
	tk, err := text.NewTokenizer(v)
	if err != nil || !slices.Equal(tk.Unused(), []int32{325, 326, 327, 328, 329}) ||
		!tk.IsControl(330) || tk.Vocab() != 331 {
		t.Errorf("an end among unused tokens: %v, %v of %d", err, tk.Unused(), tk.Vocab())
	}
	fewer := Tiny()
	ggufedit.TensorOf(fewer, embedding).Dims[1] -= 5
	if _, err := packFile(fewer); err == nil || !strings.Contains(err.Error(), "320 rows") {
		t.Errorf("fewer rows than tokens: %v", err)
	}
}

// The template's marks as user-defined tokens are taken for control tokens.
func TestUserDefinedMarks(t *testing.T) {
	f := Tiny()
	kinds := ggufedit.Value[[]int32](f, "tokenizer.ggml.token_type")
	kinds[1], kinds[2] = 4, 4
	if _, err := packFile(f); err != nil {
		t.Errorf("got %v", err)
	}
}
