package gguf

import "slices"

// Keys by which a file says that it is one of several.
const (
	splitNo      = "split.no" // from 0
	splitCount   = "split.count"
	splitTensors = "split.tensors.count" // of all files
)

// Split gives the number of files that this one is a part of, 1 where it is whole, and its place
// among them from 0.
func (f *File) Split() (no, count int, err error) {
	if !f.Has(splitCount) {
		return 0, 1, nil
	}
	n, err := f.Uint(splitCount)
	if err != nil || n <= 1 {
		return 0, 1, err
	}
	at, err := f.Uint(splitNo)
	if err == nil && (n > MaxParts || at >= n) {
		err = &FormatError{Name: splitCount, Offset: -1,
			Err: invalidf("part %d of %d, at most %d", at+1, n, MaxParts)}
	}
	return int(at), int(n), err
}

// Join puts the parts of a model together, in their order, as llama.cpp's gguf-split has cut them:
// metadata is the first one's, and each has some of the tensors. Whether others contradict it is
// not looked at (SameValue). Errors are as Read's.
func Join(parts []*File) (*File, error) {
	whole := *parts[0]
	whole.parts = slices.Clone(parts)
	whole.Tensors, whole.byName = nil, map[string]int{}
	for i, part := range parts {
		no, count, err := part.Split()
		if err != nil {
			return nil, err
		}
		if no != i || count != len(parts) {
			return nil, &FormatError{Name: splitNo, Offset: -1,
				Err: invalidf("file %d of %d is part %d of %d", i+1, len(parts), no+1, count)}
		}
		for _, t := range part.Tensors {
			if _, ok := whole.byName[t.Name]; ok {
				return nil, &FormatError{Name: t.Name, Offset: -1,
					Err: invalidf("tensor appears in two parts")}
			}
			t.part = i
			whole.byName[t.Name] = len(whole.Tensors)
			whole.Tensors = append(whole.Tensors, t)
		}
	}
	if !whole.Has(splitTensors) {
		return &whole, nil
	}
	n, err := whole.Uint(splitTensors)
	if err == nil && n != uint64(len(whole.Tensors)) {
		err = &FormatError{Name: splitTensors, Offset: -1,
			Err: invalidf("%d tensors in all parts, want %d", len(whole.Tensors), n)}
	}
	if err != nil {
		return nil, err
	}
	return &whole, nil
}
