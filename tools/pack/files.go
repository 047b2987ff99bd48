package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spikechat/spikechat/tools/internal/outfile"
	"github.com/spikechat/spikechat/tools/pack/packer"
)

const maxLockBytes = 1 << 16

// openSource opens a .gguf file, or the one .gguf inside a wheel or zip. The caller closes it.
func openSource(name string) (*packer.Source, error) {
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

func sniff(f *os.File, name string) (*packer.Source, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%w: not a regular file", packer.ErrSource)
	}
	return packer.OpenSource(f, info.Size(), filepath.Base(name), scratchFile)
}

// scratchFile is a temporary file without a name: it is gone when it is closed, however pack ends.
func scratchFile() (packer.Scratch, error) {
	temp, err := os.CreateTemp("", "spikechat-*.gguf")
	if err != nil {
		return nil, err
	}
	if err := os.Remove(temp.Name()); err != nil {
		temp.Close()
		return nil, err
	}
	return temp, nil
}

// readLock reads a lock file.
func readLock(name string) (packer.Lock, error) {
	text, err := readLimited(name, maxLockBytes)
	if err != nil {
		return packer.Lock{}, err
	}
	l, err := packer.ReadLock(text)
	if err != nil {
		return l, fmt.Errorf("%s: %w", name, err)
	}
	return l, nil
}

// isLock fails for a file that is no lock file.
func isLock(name string) error {
	_, err := readLock(name)
	return err
}

// writeLock replaces a lock file by a whole one, or leaves it as it is.
func writeLock(name string, l packer.Lock) error {
	text, err := l.JSON()
	if err != nil {
		return err
	}
	return outfile.Write(outfile.Path{What: "the lock file", Name: name}, text, isLock)
}

// isGGUF fails for a file that does not begin as a GGUF file.
func isGGUF(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	magic := make([]byte, len(packer.Magic))
	if _, err := io.ReadFull(f, magic); err != nil {
		return err
	}
	if string(magic) != packer.Magic {
		return fmt.Errorf("%w: no GGUF file", packer.ErrSource)
	}
	return nil
}

// readLimited reads a file of at most limit bytes.
func readLimited(name string, limit int64) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(data)) > limit {
		return nil, fmt.Errorf("%s: %w: more than %d bytes", name, packer.ErrModel, limit)
	}
	return data, nil
}
