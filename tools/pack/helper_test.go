package main

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/tools/pack/gguf"
	"github.com/spikechat/spikechat/tools/pack/internal/ggufenc"
)

// set replaces a metadata value of a test model, or adds it.
func set(f *ggufenc.File, key string, value any) {
	for i := range f.Keys {
		if f.Keys[i].Name == key {
			f.Keys[i].Value = value
			return
		}
	}
	f.Add(key, value)
}

// value gives a metadata value of a test model.
func value[T any](f *ggufenc.File, key string) T {
	for _, k := range f.Keys {
		if k.Name == key {
			return k.Value.(T)
		}
	}
	panic("no key " + key)
}

func removeKey(f *ggufenc.File, key string) {
	for i := range f.Keys {
		if f.Keys[i].Name == key {
			f.Keys = append(f.Keys[:i:i], f.Keys[i+1:]...)
			return
		}
	}
	panic("no key " + key)
}

// tensorOf gives a tensor of a test model to be changed.
func tensorOf(f *ggufenc.File, name string) *ggufenc.Tensor {
	for i := range f.Tensors {
		if f.Tensors[i].Name == name {
			return &f.Tensors[i]
		}
	}
	panic("no tensor " + name)
}

func removeTensor(f *ggufenc.File, name string) {
	for i := range f.Tensors {
		if f.Tensors[i].Name == name {
			f.Tensors = append(f.Tensors[:i:i], f.Tensors[i+1:]...)
			return
		}
	}
	panic("no tensor " + name)
}

// elements is the number of weights of a tensor.
func elements(t *ggufenc.Tensor) int {
	n := 1
	for _, d := range t.Dims {
		n *= int(d)
	}
	return n
}

// randomise gives a tensor another type and random bytes with finite scales,
// of any sign and size.
func randomise(t *ggufenc.Tensor, typ gguf.TensorType, seed uint64) {
	r := rand.New(rand.NewPCG(seed, uint64(typ)))
	per := 1
	if typ.Integer() {
		per = gguf.BlockSize
	}
	size := typ.BlockBytes()
	t.Type = uint32(typ)
	t.Data = make([]byte, elements(t)/per*size)
	for i := range t.Data {
		t.Data[i] = byte(r.Uint32())
	}
	for at := 0; at < len(t.Data); at += size {
		b := t.Data[at:]
		switch {
		case typ.StoresMin():
			b[3] &^= 0x40
			fallthrough
		case typ.Integer(), typ == gguf.F16:
			b[1] &^= 0x40 // exponent below 16: finite
		case typ == gguf.F32:
			b[3] = b[3]&0x80 | 0x3e // between 2^-3 and 2^-1
		case typ == gguf.BF16:
			b[1] = b[1]&0x80 | 0x3e
		}
	}
}

// recorder is a reporter that keeps the largest errors.
type recorder struct{ worst map[string]float64 }

func (r *recorder) tensor(*part, int64, int64) {}
func (r *recorder) calibrated(int, int)        {}

func (r *recorder) quantised(p *part, worst float64) {
	if r.worst == nil {
		r.worst = map[string]float64{}
	}
	r.worst[p.name] = worst
}

// packed is a model packed in memory.
type packed struct {
	manifest *planes.Manifest
	files    fstest.MapFS
	worst    map[string]float64
}

// packFile packs a test model in memory.
func packFile(f *ggufenc.File) (*packed, error) { return packBytes(f.Bytes()) }

func packBytes(file []byte) (*packed, error) {
	got := &packed{files: fstest.MapFS{}}
	report := &recorder{}
	p := &packer{
		source: memorySource("test.gguf", file), name: "test", report: report,
		emit: func(file string, data []byte) error {
			got.files[file] = &fstest.MapFile{Data: append([]byte(nil), data...)}
			return nil
		},
	}
	m, err := p.run()
	if err != nil {
		return nil, err
	}
	text, err := m.AppendJSON(nil)
	got.manifest, got.worst = m, report.worst
	got.files[planes.ManifestFile] = &fstest.MapFile{Data: text}
	return got, err
}

// mustPack packs a test model and reads it back from its files.
func mustPack(t *testing.T, f *ggufenc.File) (*packed, *planes.Reader) {
	t.Helper()
	got, err := packFile(f)
	if err != nil {
		t.Fatal(err)
	}
	_, r, err := planes.Open(got.files)
	if err != nil {
		t.Fatal(err)
	}
	return got, r
}

// change alters a test model as a word of a script test or table says:
// "key=KEY=VALUE", "drop=KEY", "type=TENSOR=NAME", "remove=TENSOR", and
// "infinite=TENSOR" for one scale of a block.
func change(f *ggufenc.File, word string) error {
	verb, rest, _ := strings.Cut(word, "=")
	name, text, _ := strings.Cut(rest, "=")
	switch verb {
	case "key":
		set(f, name, text)
	case "drop":
		removeKey(f, name)
	case "remove":
		removeTensor(f, name)
	case "infinite":
		copy(tensorOf(f, name).Data, "\x00\x7c")
	case "type":
		t := tensorOf(f, name)
		for typ := range gguf.TensorType(64) {
			if typ.String() == text {
				if typ.Supported() {
					randomise(t, typ, 1)
				}
				t.Type = uint32(typ)
				return nil
			}
		}
		return fmt.Errorf("no tensor type %q", text)
	default:
		return fmt.Errorf("no such change: %q", word)
	}
	return nil
}
