package packer

import (
	"fmt"
	"io"
	"math"

	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/core/tile"
	"github.com/spikechat/spikechat/tools/pack/gguf"
)

// chunkRows is how many rows are read at once.
const chunkRows = 64

// entry gives the part's line of the tensor table.
func (p *part) entry() planes.Tensor {
	t := planes.Tensor{Name: p.name, Rows: p.rows, Cols: p.cols}
	if p.role == roleNorm {
		t.Kind = planes.KindFloat32
		return t
	}
	f := p.form()
	t.Kind, t.Planes, t.OffsetBy = planes.KindUnsigned, f.planes, f.offsetBy
	return t
}

// info is what a Reporter learns of the part.
func (p *part) info() Tensor {
	return Tensor{p.name, p.tensor.Type, p.rows, p.cols, p.entry().Planes}
}

// quantised reports whether packing rounds the part's weights.
func (p *part) quantised() bool { return p.role != roleNorm && !p.tensor.Type.Integer() }

// matrix reads rows from to to-1 of a part into bit planes, as a matrix of their own; all of them
// where rows are moved. worst says what that changed.
func (p *part) matrix(f *gguf.File, from, to int) (m *tile.Matrix, worst Rounding, err error) {
	entry := p.entry()
	m = tile.NewMatrix(to-from, entry.Cols, entry.Planes, entry.OffsetBy)
	taken := blocks{typ: p.tensor.Type}
	groups := make([]group, chunkRows*m.Groups())
	r, rowBytes := f.Data(p.tensor), p.tensor.RowBytes()
	data := make([]byte, chunkRows*rowBytes)
	for first := from; first < to; first += chunkRows {
		rows := min(chunkRows, to-first)
		chunk, data := groups[:rows*m.Groups()], data[:int64(rows)*rowBytes]
		if _, err := r.ReadAt(data, int64(first)*rowBytes); err != nil {
			return nil, worst, fmt.Errorf("tensor %q: row %d: %w", p.name, first, err)
		}
		var off Rounding
		if p.tensor.Type.Integer() {
			var at int
			if off, at, err = taken.decode(data, chunk); err != nil {
				return nil, worst, fmt.Errorf("tensor %q: row %d, group %d: %w", p.name,
					first+at/m.Groups(), at%m.Groups(), err)
			}
		} else if off.Weight, err = p.quantise(data, chunk, entry); err != nil {
			return nil, worst, fmt.Errorf("tensor %q: row %d: %w", p.name, first, err)
		}
		worst.add(off)
		for i := range chunk {
			g := &chunk[i]
			row, column := first+i/m.Groups(), i%m.Groups()
			m.SetGroup(p.place(row)-from, column, &g.codes, g.d, negate(g.m))
		}
	}
	return m, worst, nil
}

// quantise rounds the weights of a float type and gives the largest error.
func (p *part) quantise(data []byte, chunk []group, entry planes.Tensor) (worst float64,
	err error) {
	weights := make([]float32, len(chunk)*tile.GroupCols)
	if err := p.floats(data, weights); err != nil {
		return 0, err
	}
	for i := range chunk {
		w := weights[i*tile.GroupCols:][:tile.GroupCols]
		if entry.Planes == 8 {
			chunk[i], err = quantise8(w)
		} else {
			chunk[i], err = quantise4(w)
		}
		if err != nil {
			return 0, err
		}
		for j, v := range w {
			worst = max(worst, math.Abs(chunk[i].weight(j, entry.OffsetBy)-float64(v)))
		}
	}
	return worst, nil
}

// floats decodes a float type and refuses what is not finite.
func (p *part) floats(data []byte, dst []float32) error {
	gguf.DecodeFloats(p.tensor.Type, data, dst)
	for i, v := range dst {
		if v-v != 0 {
			return fmt.Errorf("%w: value %d is %v", ErrModel, i, v)
		}
	}
	return nil
}

// norm reads a float tensor.
func (p *part) norm(f *gguf.File) ([]float32, error) {
	if p.values != nil {
		return p.values, nil
	}
	data := make([]byte, p.tensor.Bytes)
	if _, err := io.ReadFull(f.Data(p.tensor), data); err != nil {
		return nil, fmt.Errorf("tensor %q: %w", p.name, err)
	}
	values := make([]float32, p.cols)
	if err := p.floats(data, values); err != nil {
		return nil, fmt.Errorf("tensor %q: %w", p.name, err)
	}
	placed := make([]float32, p.cols)
	for i, v := range values {
		placed[p.place(i)] = v
	}
	return placed, nil
}
