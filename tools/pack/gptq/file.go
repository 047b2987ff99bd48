package gptq

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/spikechat/spikechat/core/tile"
)

// fileMagic begins a file of quantised matrices: development's own, not what a page downloads.
const fileMagic = "SpikeChat quantised matrices 1\n"

// ErrFile reports a file that is none of quantised matrices, or not of those that are wanted.
var ErrFile = errors.New("no file of these quantised matrices")

// Header says what a file holds: of which model, and how they were made.
type Header struct {
	Manifest string  `json:"manifest"` // sha256 of the packed model's manifest
	Settings string  `json:"settings"` // of the method, and what it was calibrated with
	Bits     float64 `json:"bits"`     // of a weight in the mean, scales and flags included
}

// shape is a matrix of the header's line; its bytes follow in the same order.
type shape struct {
	Name         string  `json:"name"`
	Rows         int     `json:"rows"`
	Cols         int     `json:"cols"`
	Planes       int     `json:"planes"`
	OffsetBy     float32 `json:"offset_by"`
	NormalScales bool    `json:"normal_scales"`
}

type fileHeader struct {
	Header
	Matrices []shape `json:"matrices"`
}

// Write writes matrices by name. Equal ones give equal bytes.
func Write(w io.Writer, h Header, matrices map[string]*tile.Matrix) error {
	head := fileHeader{Header: h}
	names := make([]string, 0, len(matrices))
	for name := range matrices {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		m := matrices[name]
		head.Matrices = append(head.Matrices, shape{name, m.Rows, m.Cols, m.Planes, m.OffsetBy,
			m.NormalScales})
	}
	line, err := json.Marshal(head)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(w, "%s%s\n", fileMagic, line); err != nil {
		return err
	}
	for _, name := range names {
		if _, err := w.Write(matrices[name].Data); err != nil {
			return err
		}
	}
	return nil
}

// Limits of a file.
const (
	maxHeader = 1 << 20
	maxMatrix = 1 << 30
)

// Read reads what Write wrote, where it is of the same model and settings as want, or want is zero.
// Bits are not compared. Errors wrap ErrFile, or are those of r.
func Read(r io.Reader, want Header) (map[string]*tile.Matrix, Header, error) {
	b := bufio.NewReader(io.LimitReader(r, int64(len(fileMagic))+maxHeader))
	if err := CheckMagic(b); err != nil {
		return nil, Header{}, err
	}
	line, err := b.ReadBytes('\n')
	if err != nil {
		return nil, Header{}, fmt.Errorf("%w: no header of %d bytes", ErrFile, maxHeader)
	}
	var head fileHeader
	d := json.NewDecoder(bytes.NewReader(line))
	d.DisallowUnknownFields()
	if err := d.Decode(&head); err != nil {
		return nil, Header{}, fmt.Errorf("%w: %w", ErrFile, err)
	}
	if want != (Header{}) && (head.Manifest != want.Manifest || head.Settings != want.Settings) {
		return nil, Header{}, fmt.Errorf("%w: it has %q of the model %s, wanted %q of %s", ErrFile,
			head.Settings, head.Manifest, want.Settings, want.Manifest)
	}
	// What the buffer took beyond the header comes before what it did not.
	rest := io.MultiReader(b, r)
	matrices := map[string]*tile.Matrix{}
	for _, s := range head.Matrices {
		if s.Rows < 1 || s.Cols < tile.GroupCols || s.Cols%tile.GroupCols != 0 || s.Planes < 1 ||
			s.Planes > 8 || s.Rows > maxMatrix/s.Cols || !(s.OffsetBy > 0 && s.OffsetBy <= 128) {
			return nil, Header{}, fmt.Errorf("%w: %s is %d x %d of %d planes, offset %v", ErrFile,
				s.Name, s.Rows, s.Cols, s.Planes, s.OffsetBy)
		}
		m := &tile.Matrix{Rows: s.Rows, Cols: s.Cols, Whole: s.Rows, Planes: s.Planes,
			OffsetBy: s.OffsetBy, NormalScales: s.NormalScales}
		// Grows with what is there, whatever the header says.
		var data bytes.Buffer
		if n, err := io.CopyN(&data, rest, m.Bytes()); err != nil {
			return nil, Header{}, fmt.Errorf("%w: %s ends after %d of %d bytes", ErrFile, s.Name, n,
				m.Bytes())
		}
		m.Data = data.Bytes()
		if err := m.CheckHalves(0); err != nil {
			return nil, Header{}, fmt.Errorf("%w: %s: %w", ErrFile, s.Name, err)
		}
		matrices[s.Name] = m
	}
	if n, _ := io.ReadFull(rest, make([]byte, 1)); n != 0 {
		return nil, Header{}, fmt.Errorf("%w: something follows its matrices", ErrFile)
	}
	return matrices, head.Header, nil
}

// CheckMagic fails for what does not begin as a file of Write.
func CheckMagic(r io.Reader) error {
	magic := make([]byte, len(fileMagic))
	if _, err := io.ReadFull(r, magic); err != nil || string(magic) != fileMagic {
		return fmt.Errorf("%w: it begins otherwise", ErrFile)
	}
	return nil
}
