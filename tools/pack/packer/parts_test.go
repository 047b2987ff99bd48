package packer

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/spikechat/spikechat/tools/pack/gguf"
	"github.com/spikechat/spikechat/tools/pack/internal/ggufedit"
	"github.com/spikechat/spikechat/tools/pack/internal/ggufenc"
)

// split cuts the tiny model into parts as gguf-split does: metadata in the first one.
func split(n int) []*ggufenc.File {
	whole := Tiny()
	parts := make([]*ggufenc.File, n)
	for i := range parts {
		parts[i] = &ggufenc.File{}
		if i == 0 {
			parts[i].Keys = whole.Keys
		}
		parts[i].Add("split.no", uint16(i))
		parts[i].Add("split.count", uint16(n))
		parts[i].Add("split.tensors.count", int32(len(whole.Tensors)))
	}
	for i, t := range whole.Tensors {
		part := parts[i*n/len(whole.Tensors)]
		part.Tensors = append(part.Tensors, t)
	}
	return parts
}

type closable struct{ *bytes.Reader }

func (closable) Close() error { return nil }

func partsOf(files ...*ggufenc.File) (parts []Part) {
	for i, f := range files {
		b := f.Bytes()
		parts = append(parts, Part{closable{bytes.NewReader(b)},
			fmt.Sprintf("tiny-%05d-of-%05d.gguf", i+1, len(files)), int64(len(b))})
	}
	return parts
}

func packParts(parts []Part) (*Packed, map[string][]byte, error) {
	s, err := OpenParts(parts)
	if err != nil {
		return nil, nil, err
	}
	files := map[string][]byte{}
	p := &Job{Source: s, Name: "test", Report: &recorder{},
		Emit: func(file string, data []byte) error {
			files[file] = bytes.Clone(data)
			return nil
		}}
	m, err := p.Run()
	return m, files, errors.Join(err, s.Close())
}

// A model in parts, given in any order, is the model in one file.
func TestParts(t *testing.T) {
	want, _ := mustPack(t, Tiny())
	parts := partsOf(split(3)...)
	var all bytes.Buffer
	for _, p := range parts {
		if _, err := io.Copy(&all, io.NewSectionReader(p.File, 0, p.Size)); err != nil {
			t.Fatal(err)
		}
	}
	parts[0], parts[2] = parts[2], parts[0]
	got, files, err := packParts(parts)
	if err != nil {
		t.Fatal(err)
	}
	for file := range files {
		if want.files[file] == nil {
			t.Errorf("another shard %s", file)
		}
	}
	source := MemorySource("", all.Bytes())
	if s := got.Manifest.Source; len(files) != len(want.manifest.Shards) || s.File != "tiny.gguf" ||
		s.Bytes != source.Size || s.SHA256 != source.SHA256 {
		t.Errorf("%d shards, source %+v", len(files), got.Manifest.Source)
	}
}

func TestPartsThatAreRefused(t *testing.T) {
	other := partsOf(split(2)...)
	other[0].Name = "other-00001-of-00003.gguf"
	swapped := split(3)
	swapped[1], swapped[2] = swapped[2], swapped[1]
	twice := split(2)
	twice[1].Tensors = append(twice[1].Tensors, twice[0].Tensors[0])
	fewer := split(2)
	fewer[1].Tensors = fewer[1].Tensors[1:]
	nameless := partsOf(Tiny(), Tiny())
	nameless[0].Name = "a.gguf"
	for word, parts := range map[string][]Part{
		`"tiny-00002-of-00003.gguf" is missing`:  {partsOf(split(3)...)[0], partsOf(split(3)...)[2]},
		`"tiny-00001-of-00003.gguf" is missing`:  partsOf(split(3)...)[1:],
		`"tiny-00003-of-00003.gguf" is missing`:  partsOf(split(3)...)[:2],
		`"other-00002-of-00003.gguf" is missing`: append(other[:1:1], partsOf(split(3)...)...),
		`is none of the 2 parts of "tiny.gguf"`:  append(partsOf(split(2)...), Part{Name: "tiny.gguf"}),
		`file 2 of 3 is part 3 of 3`:             partsOf(swapped...),
		`tensor appears in two parts`:            partsOf(twice...),
		`28 tensors in all parts, want 29`:       partsOf(fewer...),
		`"a.gguf" is no part of a model`:         nameless[:1],
		`file 1 of 2 is part 1 of 1`:             partsOf(Tiny(), &ggufenc.File{}),
		`part 2: gguf: byte 0: invalid: cut short`: append(partsOf(split(2)...)[:1],
			Part{closable{bytes.NewReader(nil)}, "tiny-00002-of-00002.gguf", 0}),
	} {
		_, _, err := packParts(parts)
		if err == nil || !strings.Contains(err.Error(), word) ||
			!errors.Is(err, ErrSource) && !errors.Is(err, gguf.ErrInvalid) {
			t.Errorf("got %v, want %s", err, word)
		}
	}
	for key, value := range map[string]any{
		"general.architecture":                   "qwen3",
		"llama.rope.freq_base":                   float32(77),
		"llama.final_logit_softcapping":          float32(0), // which part 1 has not
		"tokenizer.ggml.eos_token_id":            uint32(3),
		"tokenizer.ggml.tokens":                  []string{"a"},
		"tokenizer.chat_template":                "",
		"llama.attention.layer_norm_rms_epsilon": float64(1e-5), // part 1's is a float32
	} {
		contradicts := split(3)
		contradicts[1].Add(key, value)
		_, _, err := packParts(partsOf(contradicts...))
		if err == nil || !errors.Is(err, ErrModel) ||
			!strings.Contains(err.Error(), "part 2 has another "+key+" than part 1") {
			t.Errorf("%s in another part: %v", key, err)
		}
	}
	// What nothing is computed from, and what is the same.
	more := split(3)
	more[1].Add("general.name", "part two")
	more[1].Add("general.architecture", "llama")
	more[2].Add("llama.rope.scaling.finetuned", true)
	more[2].Keys = append(more[2].Keys, Tiny().Keys...)
	if _, _, err := packParts(partsOf(more...)); err != nil {
		t.Errorf("parts that agree: %v", err)
	}
	_, err := packFile(split(3)[1])
	if err == nil || !strings.Contains(err.Error(), "the file is part 2 of 3 of a model") {
		t.Errorf("a part alone: %v", err)
	}
	one := Tiny()
	ggufedit.Set(one, "split.count", uint16(1))
	if _, err := packFile(one); err != nil {
		t.Errorf("the only part: %v", err)
	}
}

func TestPartOf(t *testing.T) {
	for name, want := range map[string]string{
		"Qwen-1B-Q8_0-00002-of-00003.gguf": "Qwen-1B-Q8_0.gguf 2 3 true",
		"a-00001-of-00001.gguf":            "a.gguf 1 1 false",
		"a-1-of-2.gguf":                    " 0 0 false",
		"model.gguf":                       " 0 0 false",
	} {
		model, no, of, ok := PartOf(name)
		if got := fmt.Sprint(model, " ", no, " ", of, " ", ok); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
	if n := PartNames("a-00001-of-99999.gguf"); n != nil {
		t.Errorf("%d names", len(n))
	}
}

// FuzzParts wants a typed error, or a model of all bytes of the parts, whatever two files hold.
func FuzzParts(f *testing.F) {
	parts := split(2)
	first, second := parts[0].Bytes(), parts[1].Bytes()
	f.Add(first, second)
	f.Add(second, first)
	f.Add(first, first)
	f.Add(first, []byte{})
	f.Fuzz(func(t *testing.T, a, b []byte) {
		list := []Part{
			{closable{bytes.NewReader(b)}, "m-00002-of-00002.gguf", int64(len(b))},
			{closable{bytes.NewReader(a)}, "m-00001-of-00002.gguf", int64(len(a))},
		}
		m, _, err := packParts(list)
		if err == nil {
			if m.Manifest.Source.Bytes != int64(len(a)+len(b)) {
				t.Errorf("a source of %d bytes", m.Manifest.Source.Bytes)
			}
			return
		}
		if !slices.ContainsFunc(causes, func(cause error) bool { return errors.Is(err, cause) }) {
			t.Errorf("an error without a cause: %v", err)
		}
	})
}
