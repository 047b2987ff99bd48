package packer

import (
	"cmp"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"

	"github.com/spikechat/spikechat/tools/pack/gguf"
)

// A Part is one file of a model that comes in several.
type Part struct {
	File interface {
		io.ReaderAt
		io.Closer
	}
	Name string // base name
	Size int64
}

var partName = regexp.MustCompile(`^(.*)-([0-9]{5})-of-([0-9]{5})(\.[Gg][Gg][Uu][Ff])$`)

// PartOf takes the name of a part, such as model-00002-of-00003.gguf, to pieces: no from 1. ok is
// false where the name is none, or that of a model in one part.
func PartOf(name string) (model string, no, of int, ok bool) {
	m := partName.FindStringSubmatch(name)
	if m == nil {
		return "", 0, 0, false
	}
	no, _ = strconv.Atoi(m[2])
	of, _ = strconv.Atoi(m[3])
	return m[1] + m[4], no, of, of > 1
}

// PartNames gives the names of all parts of the model that one is a part of; nil where it is none.
func PartNames(name string) []string {
	m := partName.FindStringSubmatch(name)
	_, _, of, ok := PartOf(name)
	if !ok || of > gguf.MaxParts {
		return nil
	}
	names := make([]string, of)
	for i := range names {
		names[i] = fmt.Sprintf("%s-%05d-of-%s%s", m[1], i+1, m[3], m[4])
	}
	return names
}

// OpenParts opens a model that comes in several files, given in any order: its Source has the name
// of the model, and size and hash of the parts one behind the other. It says which part is missing.
// Closing the source closes all files; after an error they are left open.
func OpenParts(parts []Part) (*Source, error) {
	if len(parts) == 0 {
		return nil, fmt.Errorf("%w: no file was given", ErrSource)
	}
	parts = slices.Clone(parts)
	slices.SortFunc(parts, func(a, b Part) int { return cmp.Compare(a.Name, b.Name) })
	model, _, _, ok := PartOf(parts[0].Name)
	wanted := PartNames(parts[0].Name)
	if !ok || wanted == nil {
		return nil, fmt.Errorf("%w: %s is no part of a model: give one file, or all parts of one model",
			ErrSource, quoted(parts[0].Name))
	}
	var all joined
	var size int64
	for i, name := range wanted {
		if i >= len(parts) || parts[i].Name != name {
			return nil, fmt.Errorf("%w: %s is missing: give all %d parts of the model and nothing else",
				ErrSource, quoted(name), len(wanted))
		}
		all = append(all, section{parts[i].File, size, parts[i].Size})
		size += parts[i].Size
	}
	if len(parts) > len(wanted) {
		return nil, fmt.Errorf("%w: %s is none of the %d parts of %s", ErrSource,
			quoted(parts[len(wanted)].Name), len(wanted), quoted(model))
	}
	if size > maxSourceBytes {
		return nil, fmt.Errorf("%w: %d bytes, at most %d", ErrSource, size, int64(maxSourceBytes))
	}
	h := sha256.New()
	if _, err := io.Copy(h, io.NewSectionReader(all, 0, size)); err != nil {
		return nil, err
	}
	s := newSource(all, model, size, h, func() error {
		var errs []error
		for _, part := range parts {
			errs = append(errs, part.File.Close())
		}
		return errors.Join(errs...)
	})
	for _, part := range all {
		s.parts = append(s.parts, io.NewSectionReader(s, part.from, part.size))
	}
	return s, nil
}

// joined reads files one behind the other.
type joined []section

// A section is a file whose bytes begin at from.
type section struct {
	io.ReaderAt
	from, size int64
}

func (j joined) ReadAt(p []byte, at int64) (n int, err error) {
	for _, s := range j {
		if inside := at + int64(n) - s.from; n < len(p) && inside >= 0 && inside < s.size {
			part := p[n:][:min(int64(len(p)-n), s.size-inside)]
			m, err := s.ReadAt(part, inside)
			n += m
			if m < len(part) {
				return n, err
			}
		}
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// header reads the headers of the source's files as one. A file that is a part of a model in
// several is refused where it comes alone.
func (s *Source) header() (*gguf.File, error) {
	if s.parts == nil {
		f, err := gguf.Read(s, s.Size)
		if err != nil {
			return nil, err
		}
		if no, count, err := f.Split(); err != nil {
			return nil, err
		} else if count > 1 {
			return nil, fmt.Errorf("%w: the file is part %d of %d of a model: give all of them, named as "+
				"they were published (-%05d-of-%05d.gguf)", ErrUnsupported, no+1, count, no+1, count)
		}
		return f, nil
	}
	var files []*gguf.File
	for _, part := range s.parts {
		f, err := gguf.Read(part, part.Size())
		if err != nil {
			return nil, fmt.Errorf("part %d: %w", len(files)+1, err)
		}
		files = append(files, f)
	}
	whole, err := gguf.Join(files)
	if err != nil {
		return nil, err
	}
	for i, f := range files[1:] {
		if err := sameMetadata(files[0], f, i+2); err != nil {
			return nil, err
		}
	}
	return whole, nil
}

// sameMetadata refuses a part that says otherwise than the first one what is computed from. Parts
// but the first need not say anything.
func sameMetadata(first, part *gguf.File, no int) error {
	arch, err := first.String(architectureKey)
	if err != nil {
		return err
	}
	for _, key := range part.Keys {
		if !computedFrom(key, arch) {
			continue
		}
		if same, err := gguf.SameValue(first, part, key); err != nil {
			return fmt.Errorf("part %d: %w", no, err)
		} else if !same {
			return fmt.Errorf("%w: part %d has another %s than part 1: they are of different models; "+
				"take all parts of one", ErrModel, no, key)
		}
	}
	return nil
}
