package main

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/spikechat/spikechat/tools/pack/internal/ggufenc"
	"github.com/spikechat/spikechat/tools/pack/packer"
)

// cut gives the tiny model in n parts, as gguf-split makes them.
func cut(n int) (files []file, whole []byte) {
	model := packer.Tiny()
	for i := range n {
		part := &ggufenc.File{}
		if i == 0 {
			part.Keys = model.Keys
		}
		part.Add("split.no", uint16(i))
		part.Add("split.count", uint16(n))
		part.Add("split.tensors.count", int32(len(model.Tensors)))
		from, to := i*len(model.Tensors)/n, (i+1)*len(model.Tensors)/n
		part.Tensors = model.Tensors[from:to]
		b := part.Bytes()
		files = append(files, file{fmt.Sprintf("Tiny-%05d-of-%05d.gguf", i+1, n), int64(len(b))})
		whole = append(whole, b...)
	}
	return files, whole
}

func readerOf(b []byte) func([]byte, int64) error {
	return func(p []byte, offset int64) error {
		_, err := bytes.NewReader(b).ReadAt(p, offset)
		return err
	}
}

// shards packs files, with a chat template that is recognised.
func shards(t *testing.T, files []file, b []byte) (names []string) {
	t.Helper()
	read := int64(0)
	source, err := openFiles(files, readerOf(b), func(end, total int64) {
		if total != int64(len(b)) || end < read {
			t.Errorf("%d of %d bytes after %d", end, total, read)
		}
		read = end
	})
	if err != nil {
		t.Fatal(err)
	}
	job := packer.Job{Source: source, Name: "tiny", Report: &teller{left: true}, Quick: true,
		Emit: func(file string, _ []byte) error {
			names = append(names, file)
			return nil
		}}
	if _, err := job.Run(); err != nil {
		t.Fatal(err)
	}
	return names
}

func TestPartsAreOneFile(t *testing.T) {
	one := packer.Tiny().Bytes()
	want := shards(t, []file{{"Tiny.gguf", int64(len(one))}}, one)
	for n := range 4 {
		files, b := cut(n + 2)
		if got := shards(t, files, b); !slices.Equal(got, want) {
			t.Errorf("%d parts: shards %v, want %v", n+2, got, want)
		}
		if got := nameOf(files); got != "Tiny.gguf" {
			t.Errorf("name %q", got)
		}
	}
}

func TestPartsThatAreRefused(t *testing.T) {
	files, b := cut(3)
	for _, c := range []struct {
		name  string
		files []file
		words string
	}{
		{"none", nil, "no file was given"},
		{"without the second", []file{files[0], files[2]}, "Tiny-00002-of-00003.gguf is missing"},
		{"beside another", append(slices.Clone(files), file{"x.gguf", 4}), "x.gguf"},
		{"two files", []file{{"a.gguf", 4}, {"b.gguf", 4}}, "a.gguf is no part of a model"},
	} {
		_, err := openFiles(c.files, readerOf(b), func(int64, int64) {})
		if !errors.Is(err, packer.ErrSource) || !strings.Contains(
			strings.ReplaceAll(err.Error(), `"`, ""), c.words) {
			t.Errorf("%s: %v, want %q", c.name, err, c.words)
		}
	}
}

func TestFilesThatCannotBeRead(t *testing.T) {
	files, _ := cut(2)
	broken := func([]byte, int64) error { return errRead }
	if _, err := openFiles(files, broken, func(int64, int64) {}); !errors.Is(err, errRead) {
		t.Errorf("got %v", err)
	}
	if _, err := openFiles(files[:1], broken, func(int64, int64) {}); !errors.Is(err, errRead) {
		t.Errorf("one: got %v", err)
	}
}
