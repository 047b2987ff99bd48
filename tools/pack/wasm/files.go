package main

import (
	"io"

	"github.com/spikechat/spikechat/tools/pack/packer"
)

// opened is what JavaScript asks to be packed (web/packing/packer.js).
type opened struct {
	Files []file `json:"files"`
}

// A file is one of the reader's: a GGUF file, or a part of one.
type file struct {
	Name  string `json:"name"`
	Bytes int64  `json:"bytes"`
}

// nameOf gives the name of the file that files are the parts of, or that of the only one.
func nameOf(files []file) string {
	if len(files) == 0 {
		return ""
	}
	if model, _, _, ok := packer.PartOf(files[0].Name); ok {
		return model
	}
	return files[0].Name
}

// openFiles opens files that read gives one behind the other. Onread hears of the bytes that have
// been hashed, and of how many there are.
func openFiles(
	files []file, read func(p []byte, offset int64) error, onread func(end, total int64),
) (*packer.Source, error) {
	all := &fileReader{read: read}
	var parts []packer.Part
	for _, f := range files {
		part := section{io.NewSectionReader(all, all.size, f.Bytes)}
		parts = append(parts, packer.Part{File: part, Name: f.Name, Size: f.Bytes})
		all.size += f.Bytes
	}
	all.onread = func(end int64) { onread(end, all.size) }
	defer func() { all.onread = nil }()
	if len(parts) == 1 {
		return packer.OpenSource(all, all.size, files[0].Name, noScratch)
	}
	return packer.OpenParts(parts)
}

// A section is one of the files; the page closes it.
type section struct{ *io.SectionReader }

// Close implements io.Closer.
func (section) Close() error { return nil }
