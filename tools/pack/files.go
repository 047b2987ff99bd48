package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spikechat/spikechat/tools/internal/outfile"
	"github.com/spikechat/spikechat/tools/pack/packer"
)

const maxLockBytes = 1 << 16

// openSource opens a .gguf file, the one .gguf inside a wheel or zip, or a model in parts: by one
// of its files, or by the folder that has them. The caller closes it.
func openSource(name string) (*packer.Source, error) {
	names, err := sourceFiles(name)
	if err != nil {
		return nil, err
	}
	parts, err := openAll(names)
	if err != nil {
		return nil, err
	}
	var s *packer.Source
	if len(parts) > 1 {
		s, err = packer.OpenParts(parts)
	} else {
		s, err = packer.OpenSource(parts[0].File, parts[0].Size, parts[0].Name, scratchFile)
	}
	if err != nil {
		closeAll(parts)
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return s, nil
}

// openAll opens files, or none.
func openAll(names []string) (parts []packer.Part, err error) {
	for _, name := range names {
		part, err := openPart(name)
		if err != nil {
			closeAll(parts)
			return nil, err
		}
		parts = append(parts, part)
	}
	return parts, nil
}

func closeAll(parts []packer.Part) {
	for _, part := range parts {
		part.File.Close()
	}
}

// sourceFiles gives the files of the model that a file or a folder stands for.
func sourceFiles(name string) ([]string, error) {
	info, err := os.Stat(name)
	if err != nil || !info.IsDir() { // whoever opens it says what is wrong with it
		parts := packer.PartNames(filepath.Base(name))
		if parts == nil {
			return []string{name}, nil
		}
		for i, part := range parts {
			parts[i] = filepath.Join(filepath.Dir(name), part)
			if _, err := os.Stat(parts[i]); err != nil {
				return nil, fmt.Errorf("%s: %w: %s, a part of the same model, is missing", name,
					packer.ErrSource, part)
			}
		}
		return parts, nil
	}
	entries, err := os.ReadDir(name)
	if err != nil {
		return nil, err
	}
	var files []string
	models := map[string]bool{}
	for _, e := range entries {
		if !strings.EqualFold(filepath.Ext(e.Name()), ".gguf") {
			continue
		}
		model, _, _, ok := packer.PartOf(e.Name())
		if !ok {
			model = e.Name()
		}
		models[model] = true
		files = append(files, filepath.Join(name, e.Name()))
	}
	switch {
	case len(files) == 0:
		return nil, fmt.Errorf("%s: %w: no .gguf file in the folder", name, packer.ErrSource)
	case len(models) > 1:
		return nil, fmt.Errorf("%s: %w: the folder has %d models: name the file of one of them", name,
			packer.ErrSource, len(models))
	case packer.PartNames(filepath.Base(files[0])) != nil:
		return sourceFiles(files[0])
	}
	return files, nil
}

func openPart(name string) (packer.Part, error) {
	f, err := os.Open(name)
	if err != nil {
		return packer.Part{}, err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%s: %w: not a regular file", name, packer.ErrSource)
	}
	if err != nil {
		f.Close()
		return packer.Part{}, err
	}
	return packer.Part{File: f, Name: filepath.Base(name), Size: info.Size()}, nil
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
