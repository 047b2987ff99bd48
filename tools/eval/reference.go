package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"

	"github.com/spikechat/spikechat/core/coding"
	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/tools/internal/corpus"
)

// reference is a file with the logits of every position of some windows under float activations:
// 100 MB a window for a vocabulary of 49,152. Many codings are compared with it, so it is computed
// once and kept between runs.
//
// The file begins with referenceMagic and a sha256 that says of what model and windows it is; then
// come the positions of window after window, corpus.WindowTokens each, as little-endian float32.
type reference struct {
	file  *os.File
	vocab int
}

// referenceMagic tells a reference, which may be made anew, from every other file, which must not
// be replaced.
const referenceMagic = "eval reference 1\n"

const referenceHead = len(referenceMagic) + sha256.Size

// openReference opens the file, or makes it where it is missing, cut short, or of another model or
// text. m says of what; its coding is not looked at. model is the packed model's folder. A file
// that is no reference is refused.
func openReference(name, model string, m measurement) (*reference, error) {
	id, err := referenceID(model, m.windows)
	if err != nil {
		return nil, err
	}
	r := &reference{vocab: m.model.Config.Vocab}
	r.file, err = os.Open(name)
	if err == nil {
		whole, err := r.isWhole(id, m.windows)
		if whole {
			return r, nil
		}
		r.file.Close()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	} else if !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	// A file of this name is always a whole one.
	if r.file, err = os.CreateTemp(filepath.Dir(name), filepath.Base(name)+".*"); err != nil {
		return nil, err
	}
	fmt.Fprintln(m.progress, "eval: computing the float reference")
	if err = r.fill(id, m); err == nil {
		err = os.Rename(r.file.Name(), name)
	}
	if err != nil {
		r.file.Close()
		os.Remove(r.file.Name())
		return nil, fmt.Errorf("reference: %w", err)
	}
	return r, nil
}

// isWhole reports whether the file is the one of this id and these windows, from its beginning to
// its end. It fails where the file is no reference at all.
func (r *reference) isWhole(id []byte, windows []corpus.Window) (bool, error) {
	head := make([]byte, referenceHead)
	n, err := io.ReadFull(r.file, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return false, err
	}
	if !bytes.HasPrefix(head[:n], []byte(referenceMagic)) {
		return false, errors.New("not a reference that eval has written, so it is not replaced: " +
			"name another file, or remove it")
	}
	info, err := r.file.Stat()
	if err != nil {
		return false, err
	}
	size := int64(referenceHead)
	for i, w := range windows {
		if len(w.IDs) > 0 {
			size = r.offset(i, len(w.IDs))
		}
	}
	return bytes.Equal(head[len(referenceMagic):], id) && info.Size() == size, nil
}

// referenceID is the sha256 over the model's manifest, which has the hashes of its shards and all
// that is not in them, and the windows.
func referenceID(model string, windows []corpus.Window) ([]byte, error) {
	text, err := os.ReadFile(filepath.Join(model, planes.ManifestFile))
	if err != nil {
		return nil, err
	}
	h := sha256.New()
	binary.Write(h, binary.LittleEndian, int64(len(text))) // a hash never fails
	h.Write(text)
	for _, w := range windows {
		binary.Write(h, binary.LittleEndian, int64(len(w.IDs)))
		binary.Write(h, binary.LittleEndian, w.IDs)
	}
	return h.Sum(nil), nil
}

func (r *reference) fill(id []byte, m measurement) error {
	if _, err := r.file.Write(append([]byte(referenceMagic), id...)); err != nil {
		return err
	}
	m.coding, m.simulate, m.reference = coding.Coding{}, simulation{}, nil
	return m.each(m.newWorker, func(w *worker, i int) error {
		w.coded.Truncate(0)
		ids := m.windows[i].IDs
		for at := 0; at < len(ids); at += m.block {
			n := min(m.block, len(ids)-at)
			if err := w.coded.Forward(ids[at:at+n], true); err != nil {
				return err
			}
			var b []byte
			for j := range n {
				for _, v := range w.coded.Logits(j) {
					b = binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
				}
			}
			if _, err := r.file.WriteAt(b, r.offset(i, at)); err != nil {
				return err
			}
		}
		return nil
	})
}

func (r *reference) offset(window, position int) int64 {
	return int64(referenceHead) +
		4*int64(r.vocab)*(int64(window)*corpus.WindowTokens+int64(position))
}

// read gives the logits of some positions of a window from at on.
func (r *reference) read(window, at int, logits [][]float32) error {
	b := make([]byte, 4*r.vocab)
	for j, row := range logits {
		if _, err := r.file.ReadAt(b, r.offset(window, at+j)); err != nil {
			return fmt.Errorf("reference: %w", err)
		}
		for i := range row {
			row[i] = math.Float32frombits(binary.LittleEndian.Uint32(b[4*i:]))
		}
	}
	return nil
}

func (r *reference) Close() error { return r.file.Close() }
