package main

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/spikechat/spikechat/tools/pack/packer"
)

// archive builds a zip of the given members.
func archive(t testing.TB, members ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range members {
		w, err := z.Create(name)
		if err == nil {
			_, err = io.WriteString(w, contents(name))
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

// contents is what archive gives a member: the magic of a GGUF file, and its name a thousand times.
func contents(name string) string { return packer.Magic + strings.Repeat(name, 1000) }

func TestOpenSource(t *testing.T) {
	plain := []byte("GGUF and more")
	inside := []byte(contents("pkg/Model.Q4_1.GGUF"))
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
		got := make([]byte, s.Size)
		_, err = s.ReadAt(got, 0)
		sum := sha256.Sum256(c.contents)
		if err != nil || !bytes.Equal(got, c.contents) || s.Name != c.name ||
			s.SHA256 != hex.EncodeToString(sum[:]) {
			t.Errorf("%s: %q of %d bytes, sha256 %s, %v", c.file, s.Name, s.Size, s.SHA256, err)
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
	for _, c := range hostileArchives(t) {
		t.Setenv("TMPDIR", t.TempDir())
		path := filepath.Join(t.TempDir(), "source")
		if err := os.WriteFile(path, []byte(c.data), 0o666); err != nil {
			t.Fatal(err)
		}
		s, err := openSource(path)
		if s != nil || !errors.Is(err, packer.ErrSource) ||
			!strings.Contains(err.Error(), c.word) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: got %v, want %q", c.name, err, c.word)
		}
		wantEmpty(t, os.TempDir())
	}
	if _, err := openSource(t.TempDir()); !errors.Is(err, packer.ErrSource) {
		t.Errorf("folder: %v", err)
	}
}

// A model in parts is opened by any of its files, and by their folder.
func TestOpenParts(t *testing.T) {
	dir := t.TempDir()
	for i, data := range []string{"GGUF one", " two", " three"} {
		name := fmt.Sprintf("m-%05d-of-00003.gguf", i+1)
		if err := os.WriteFile(filepath.Join(dir, name), []byte(data), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"m-00001-of-00003.gguf", "m-00003-of-00003.gguf", ""} {
		s, err := openSource(filepath.Join(dir, name))
		if err != nil {
			t.Errorf("%q: %v", name, err)
			continue
		}
		all, err := io.ReadAll(io.NewSectionReader(s, 0, s.Size))
		if string(all) != "GGUF one two three" || s.Name != "m.gguf" || err != nil {
			t.Errorf("%q: %q of %s, %v", name, all, s.Name, err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

// onTensor calls a function before a tensor is read.
type onTensor struct {
	packer.Reporter
	call func()
}

func (r *onTensor) Tensor(t packer.Tensor, done, total int64) {
	r.call()
	r.Reporter.Tensor(t, done, total)
}

// What is written to while it is packed is refused, and no model is left.
func TestSourceThatChangesMeanwhile(t *testing.T) {
	var tiny bytes.Buffer
	s := tinyJob().Source
	if _, err := io.Copy(&tiny, io.NewSectionReader(s, 0, s.Size)); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(f *os.File) error{
		"nothing":   func(f *os.File) error { return nil },
		"a weight":  func(f *os.File) error { _, err := f.WriteAt([]byte{0x55}, s.Size-1); return err },
		"longer":    func(f *os.File) error { _, err := f.WriteAt([]byte{1}, s.Size); return err },
		"cut short": func(f *os.File) error { return f.Truncate(s.Size - 1) },
	} {
		file := filepath.Join(t.TempDir(), "tiny.gguf")
		if err := os.WriteFile(file, tiny.Bytes(), 0o666); err != nil {
			t.Fatal(err)
		}
		source, err := openSource(file)
		if err != nil {
			t.Fatal(err)
		}
		defer source.Close()
		job := tinyJob()
		job.Source, job.Report = source, &onTensor{job.Report, sync.OnceFunc(func() {
			f, err := os.OpenFile(file, os.O_RDWR, 0)
			if err == nil {
				err = errors.Join(change(f), f.Close())
			}
			if err != nil {
				t.Error(err)
			}
		})}
		dir := filepath.Join(t.TempDir(), "model")
		_, err = packTo(dir, job, nil, "")
		_, left := os.Stat(dir)
		if name == "nothing" {
			if err != nil || left != nil {
				t.Errorf("%v, %v", err, left)
			}
		} else if !errors.Is(err, packer.ErrChanged) || !errors.Is(left, os.ErrNotExist) {
			t.Errorf("%s: %v, %v", name, err, left)
		}
	}
}
