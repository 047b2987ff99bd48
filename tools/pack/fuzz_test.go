package main

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/spikechat/spikechat/tools/pack/packer"
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
		{"two members", string(archive(tb, "a.gguf", "b/c.gguf")),
			`more than one .gguf: "a.gguf" and "b/c.gguf"`},
		{"claims less", string(claim(good, zipSize, 10)), "m.gguf"},
		{"claims more", string(claim(good, zipSize, 1<<20)), "m.gguf"},
		{"claims 4 GiB", string(claim(good, zipSize, 1<<32-2)), `claims 4294967294 bytes from`},
		{"packed to 4 GiB", string(claim(claim(good, zipSize, 1<<32-2), zipPacked, 1<<32-2)),
			"claims 4294967294 bytes from"},
		{"begins past the end", string(claim(good, zipOffset, 1<<31)), "m.gguf"},
		{"unknown method", string(claim(good, zipMethod, 99)), "m.gguf"},
		{"no GGUF inside", other.String(), `"other.gguf" begins with "`},
		{"empty member", string(emptyMember(tb)), `"empty.gguf": EOF`},
		{"escapes in a name", string(archive(tb, "\x1b[2J.gguf", "b.gguf")), `"\x1b[2J.gguf"`},
		{"long name", string(archive(tb, strings.Repeat("n", 60000)+".gguf", "b.gguf")),
			`nnn"... of 60005 bytes`},
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
	rand.NewChaCha8([32]byte{1}).Read(b)
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
			if s != nil || !errors.Is(err, packer.ErrSource) ||
				!strings.Contains(err.Error(), file) {
				t.Errorf("%v beside %v", s, err)
			}
			wantEmpty(t, temp)
			return
		}
		contents, err := io.ReadAll(io.NewSectionReader(s, 0, s.Size+1))
		sum := sha256.Sum256(contents)
		if err != nil || int64(len(contents)) != s.Size || hex.EncodeToString(sum[:]) != s.SHA256 {
			t.Errorf("%d bytes of %d with sha256 %x, want %s: %v", len(contents), s.Size, sum,
				s.SHA256, err)
		}
		if s.Size > 1<<20+packer.MaxInflation*int64(len(data)) {
			t.Errorf("%d bytes from %d", s.Size, len(data))
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		wantEmpty(t, temp)
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
	for _, text := range []string{"", "[]", "{}", "{} {}", `{"format":1}`, `{"version":1e400}`,
		`{"shards":-1,"bytes":9223372036854775808}`,
		`{"name":"a","name":"b"}`, `{"Format":"x"}`, `{"more":1}`, strings.Repeat("[", 1000)} {
		f.Add([]byte(text))
	}
	file, copied := filepath.Join(f.TempDir(), "lock.json"),
		filepath.Join(f.TempDir(), "copied.json")
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
		if err := writeLock(copied, l); err != nil {
			t.Fatal(err)
		}
		if again, err := readLock(copied); err != nil || !reflect.DeepEqual(again, l) {
			t.Errorf("%+v came back as %+v, %v", l, again, err)
		}
	})
}
