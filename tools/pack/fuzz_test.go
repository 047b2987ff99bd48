package main

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/spikechat/spikechat/core"
	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/tools/pack/gguf"
	"github.com/spikechat/spikechat/tools/pack/internal/ggufenc"
)

// claim gives an archive whose central directory says something else about its
// last member: field is the offset in that entry.
func claim(archive []byte, field int, value uint32) []byte {
	b := bytes.Clone(archive)
	at := bytes.LastIndex(b, []byte("PK\x01\x02"))
	binary.LittleEndian.PutUint32(b[at+field:], value)
	return b
}

// Fields of an entry of the central directory, and of the record behind it.
const (
	zipMethod, zipPacked, zipSize, zipOffset = 10, 20, 24, 42
)

// hostileArchives are sources that must be refused, each with a word of the
// message.
func hostileArchives(tb testing.TB) []struct{ name, data, word string } {
	good := archive(tb, "m.gguf")
	// A megabyte of zeros behind each byte: sound, and a bomb.
	var bomb bytes.Buffer
	z := zip.NewWriter(&bomb)
	w, err := z.Create("bomb.gguf")
	if err == nil {
		_, err = w.Write(make([]byte, 4<<20))
	}
	if err := errors.Join(err, z.Close()); err != nil {
		tb.Fatal(err)
	}
	// Sizes are believable, and the member is no GGUF file.
	var other bytes.Buffer
	z = zip.NewWriter(&other)
	if w, err = z.Create("other.gguf"); err == nil {
		_, err = w.Write(noise(1 << 20))
	}
	if err := errors.Join(err, z.Close()); err != nil {
		tb.Fatal(err)
	}
	end := bytes.LastIndex(good, []byte("PK\x05\x06"))
	records := bytes.Clone(good)
	copy(records[end+8:], "\xff\xff\xff\xff") // 65,535 members
	directory := bytes.Clone(good)
	copy(directory[end+12:], "\xff\xff\xff\x7f\xff\xff\xff\x7f") // of 2 GiB, at 2 GiB
	flipped := bytes.Clone(good)
	flipped[40] ^= 1
	return []struct{ name, data, word string }{
		{"empty", "", "neither a GGUF file nor a wheel or zip"},
		{"text", "hello, this is no model", "neither"},
		{"head alone", "PK\x03\x04", "archive"},
		{"no member", string(archive(tb, "a.txt", "gguf")), "no .gguf among its 2 files"},
		{"two members", string(archive(tb, "a.gguf", "b/c.gguf")), `more than one .gguf: "a.gguf" and "b/c.gguf"`},
		{"claims less", string(claim(good, zipSize, 10)), "m.gguf"},
		{"claims more", string(claim(good, zipSize, 1<<20)), "m.gguf"},
		{"claims 4 GiB", string(claim(good, zipSize, 1<<32-2)), `claims 4294967294 bytes from`},
		{"packed to 4 GiB", string(claim(claim(good, zipSize, 1<<32-2), zipPacked, 1<<32-2)), "claims 4294967294 bytes from"},
		{"begins past the end", string(claim(good, zipOffset, 1<<31)), "m.gguf"},
		{"unknown method", string(claim(good, zipMethod, 99)), "m.gguf"},
		{"no GGUF inside", other.String(), `"other.gguf" begins with "`},
		{"empty member", string(emptyMember(tb)), `"empty.gguf": EOF`},
		{"escapes in a name", string(archive(tb, "\x1b[2J.gguf", "b.gguf")), `"\x1b[2J.gguf"`},
		{"long name", string(archive(tb, strings.Repeat("n", 60000)+".gguf", "b.gguf")), `nnn"... of 60005 bytes`},
		{"bomb", bomb.String(), "claims 4194304 bytes from"},
		{"more members than bytes", string(records), "archive"},
		{"directory past the end", string(directory), "archive"},
		{"flipped bit", string(flipped), "m.gguf"},
		{"cut short", string(good[:len(good)-30]), "archive"},
	}
}

// noise is n bytes that do not compress and begin with no magic.
func noise(n int) []byte {
	b := make([]byte, n)
	r := &splitmix{1}
	for i := range b {
		b[i] = byte(r.next())
	}
	return b
}

func emptyMember(tb testing.TB) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	_, err := z.Create("empty.gguf")
	if err := errors.Join(err, z.Close()); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

// FuzzSource opens hostile archives and GGUF files: a typed error, or a source
// that is what its hash says and within its limits. Nothing is left behind.
func FuzzSource(f *testing.F) {
	for _, c := range hostileArchives(f) {
		f.Add([]byte(c.data))
	}
	f.Add(archive(f, "readme", "pkg/Model.Q4_1.GGUF"))
	f.Add([]byte("GGUF and more"))
	file, temp := filepath.Join(f.TempDir(), "source"), f.TempDir()
	f.Setenv("TMPDIR", temp)
	f.Fuzz(func(t *testing.T, data []byte) {
		if err := os.WriteFile(file, data, 0o666); err != nil {
			t.Fatal(err)
		}
		s, err := openSource(file)
		if err != nil {
			if s != nil || !errors.Is(err, errSource) || !strings.Contains(err.Error(), file) {
				t.Errorf("%v beside %v", s, err)
			}
			wantEmpty(t, temp)
			return
		}
		contents, err := io.ReadAll(io.NewSectionReader(s, 0, s.size+1))
		sum := sha256.Sum256(contents)
		if err != nil || int64(len(contents)) != s.size || hex.EncodeToString(sum[:]) != s.sha256 {
			t.Errorf("%d bytes of %d with sha256 %x, want %s: %v", len(contents), s.size, sum, s.sha256, err)
		}
		if s.size > 1<<20+maxInflation*int64(len(data)) {
			t.Errorf("%d bytes from %d", s.size, len(data))
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		wantEmpty(t, temp)
	})
}

// leastModel has one layer of one group of columns: a small seed.
func leastModel() *ggufenc.File {
	f := &ggufenc.File{}
	tinyMetadata(f)
	for _, key := range []string{"llama.embedding_length", "llama.feed_forward_length", "llama.rope.dimension_count"} {
		set(f, key, uint32(32))
	}
	for _, key := range []string{"llama.block_count", "llama.attention.head_count", "llama.attention.head_count_kv"} {
		set(f, key, uint32(1))
	}
	// Without merges, and so without the tokens that they make.
	tokens := value[[]string](f, "tokenizer.ggml.tokens")[:3+256]
	set(f, "tokenizer.ggml.tokens", tokens)
	set(f, "tokenizer.ggml.token_type", value[[]int32](f, "tokenizer.ggml.token_type")[:len(tokens)])
	set(f, "tokenizer.ggml.merges", []string{})
	set(f, "llama.vocab_size", uint32(len(tokens)))
	norm := bytes.Repeat([]byte{0, 0, 0x80, 0x3f}, 32) // ones
	block := append([]byte{0, 0x30, 0, 0xb4}, bytes.Repeat([]byte{0x5a}, 16)...)
	for _, name := range []string{"output_norm.weight", "blk.0.attn_norm.weight", "blk.0.ffn_norm.weight"} {
		f.Tensor(name, uint32(gguf.F32), []uint64{32}, norm)
	}
	f.Tensor(embedding, uint32(gguf.Q4_1), []uint64{32, uint64(len(tokens))}, bytes.Repeat(block, len(tokens)))
	for _, name := range []string{"attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down"} {
		f.Tensor("blk.0."+name+".weight", uint32(gguf.Q4_1), []uint64{32, 32}, bytes.Repeat(block, 32))
	}
	return f
}

// hostileModels change leastModel: a name, and the change.
var hostileModels = []struct {
	name   string
	change func(f *ggufenc.File)
}{
	{"layers that are not there", func(f *ggufenc.File) { set(f, "llama.block_count", uint32(256)) }},
	{"width that wraps", func(f *ggufenc.File) { set(f, "llama.embedding_length", uint64(1<<62)) }},
	{"width negative", func(f *ggufenc.File) { set(f, "llama.embedding_length", int32(-32)) }},
	{"dimensions whose product wraps", func(f *ggufenc.File) { tensorOf(f, embedding).Dims = []uint64{1 << 32, 1 << 32} }},
	{"heads whose width wraps", func(f *ggufenc.File) {
		set(f, "llama.attention.head_count", uint32(1<<16))
		set(f, "llama.attention.key_length", uint32(1<<16))
	}},
	{"tokens as numbers", func(f *ggufenc.File) { set(f, "tokenizer.ggml.tokens", []int32{1, 2}) }},
	{"types as text", func(f *ggufenc.File) { set(f, "tokenizer.ggml.token_type", []string{"1"}) }},
	{"fewer types than tokens", func(f *ggufenc.File) { set(f, "tokenizer.ggml.token_type", []int32{1}) }},
	{"end token -1", func(f *ggufenc.File) { set(f, "tokenizer.ggml.eos_token_id", int32(-1)) }},
	{"end token outside", func(f *ggufenc.File) { set(f, "tokenizer.ggml.eos_token_id", uint32(1<<31)) }},
	{"merge of nothing", func(f *ggufenc.File) { set(f, "tokenizer.ggml.merges", []string{" "}) }},
	{"scale of infinity", func(f *ggufenc.File) { copy(tensorOf(f, embedding).Data, "\x00\x7c") }},
	{"weights of float", func(f *ggufenc.File) { randomise(tensorOf(f, "blk.0.attn_k.weight"), gguf.F32, 1) }},
	{"weights of 8 bits", func(f *ggufenc.File) { randomise(tensorOf(f, embedding), gguf.Q8_0, 1) }},
	{"licence that is not UTF-8", func(f *ggufenc.File) { set(f, "general.license", "\xff") }},
	{"template that loops", func(f *ggufenc.File) {
		set(f, "tokenizer.chat_template", strings.Repeat("{% for message in messages %}", 100))
	}},
}

// FuzzPack wants a typed error, or a model that opens and writes the same bytes
// again.
func FuzzPack(f *testing.F) {
	f.Add(leastModel().Bytes())
	for _, c := range hostileModels {
		model := leastModel()
		c.change(model)
		f.Add(model.Bytes())
	}
	causes := []error{errModel, errUnsupported, gguf.ErrInvalid, gguf.ErrUnsupported, gguf.ErrLimit,
		planes.ErrInvalid, planes.ErrUnsupported, planes.ErrLimit, core.ErrUnsupportedTemplate}
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := packBytes(data)
		if err != nil {
			if got != nil || !slices.ContainsFunc(causes, func(cause error) bool { return errors.Is(err, cause) }) {
				t.Errorf("%v beside %v", got, err)
			}
			return
		}
		if _, err := core.Open(got.files); err != nil {
			t.Errorf("what was packed does not open: %v", err)
		}
		again, err := packBytes(data)
		if err != nil || !bytes.Equal(again.files[planes.ManifestFile].Data, got.files[planes.ManifestFile].Data) {
			t.Errorf("packing again: %v, or other bytes", err)
		}
	})
}

// FuzzLock wants an error that names the file, or a lock that writes back to
// one which reads the same.
func FuzzLock(f *testing.F) {
	committed, err := os.ReadFile("../../models/smollm2-135m-instruct/manifest.lock.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(committed)
	for _, text := range []string{"", "[]", "{}", "{} {}", `{"format":1}`, `{"version":1e400}`, `{"shards":-1,"bytes":9223372036854775808}`,
		`{"name":"a","name":"b"}`, `{"Format":"x"}`, `{"more":1}`, strings.Repeat("[", 1000)} {
		f.Add([]byte(text))
	}
	file, copied := filepath.Join(f.TempDir(), "lock.json"), filepath.Join(f.TempDir(), "copied.json")
	f.Fuzz(func(t *testing.T, text []byte) {
		if err := os.WriteFile(file, text, 0o666); err != nil {
			t.Fatal(err)
		}
		l, err := readLock(file)
		if err != nil {
			if !strings.Contains(err.Error(), file) {
				t.Errorf("%v does not name the file", err)
			}
			return
		}
		if err := l.write(copied); err != nil {
			t.Fatal(err)
		}
		if again, err := readLock(copied); err != nil || again != l {
			t.Errorf("%+v came back as %+v, %v", l, again, err)
		}
	})
}
