package packer

import (
	"strings"
	"testing"

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
		"unread values of every kind": {set: func(f *ggufenc.File) {
			f.Add("tokenizer.huggingface.json", strings.Repeat(`{"a": 1}`, 1<<18))
			f.Add("general.tags", []string{"a", "b"})
			f.Add("x.bool", true)
			f.Add("x.float", float32(1))
			f.Add("x.ints", []int32{1, 2})
		}},
		"end of text for training": {
			set: func(f *ggufenc.File) { f.Add("tokenizer.ggml.add_eos_token", true) }},
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

// The template's marks as user-defined tokens are taken for control tokens.
func TestUserDefinedMarks(t *testing.T) {
	f := Tiny()
	kinds := ggufedit.Value[[]int32](f, "tokenizer.ggml.token_type")
	kinds[1], kinds[2] = 4, 4
	if _, err := packFile(f); err != nil {
		t.Errorf("got %v", err)
	}
}
