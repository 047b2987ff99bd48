package planes

import (
	"slices"

	"github.com/spikechat/spikechat/core/tile"
)

// Arrived gives tensors as far as they have come, before the last shard. A matrix is that of its
// upper planes that are whole (FORMAT.md, "Fewer planes"); before so many are whole as are asked
// for at least, that of so many planes of the first rows that have them. It shares the memory that
// later shards fill in, beside what it reads.
type Arrived struct {
	*Reader
	least int
}

// Arrived sees what has come so far, in matrices of at least so many planes.
func (r *Reader) Arrived(least int) Arrived { return Arrived{r, least} }

// Extent is what has come of a matrix: upper planes of the first rows. Missing planes are below.
type Extent struct{ Rows, Planes, Missing int }

// Extent says what Matrix would give of a matrix; zero where that is nothing, or there is no matrix
// of this name.
func (a Arrived) Extent(name string) (e Extent) {
	i, ok := a.index[name]
	if !ok || !a.manifest.Tensors[i].IsMatrix() {
		return Extent{}
	}
	t, units := &a.manifest.Tensors[i], &a.tensors[i].progress.units
	least := min(a.least, t.Planes)
	blocks := slices.Min(units[t.Planes-least : t.Planes])
	for part := uint32(partScale); part <= partOffset; part++ {
		if count, _ := t.units(part); count > 0 {
			blocks = min(blocks, units[part])
		}
	}
	tiles := blocks / (t.Cols / tile.GroupCols)
	if e.Rows = min(tiles*tile.Rows, t.Rows); e.Rows == 0 {
		return e
	}
	e.Planes = least
	for e.Rows == t.Rows && e.Planes < t.Planes && units[t.Planes-1-e.Planes] == blocks {
		e.Planes++
	}
	e.Missing = t.Planes - e.Planes
	return e
}

// Complete reports whether all but some tensors are.
func (a Arrived) Complete(but ...string) bool {
	complete := 0
	for i := range a.tensors {
		if a.tensors[i].complete {
			complete++
		}
	}
	for _, name := range but {
		if i, ok := a.index[name]; ok && !a.tensors[i].complete {
			complete++
		}
	}
	return complete == len(a.tensors)
}

// Matrix returns what has come of a weight matrix of the given shape, or of the part of it that is
// kept. Its Whole is how many rows have come of all of it.
func (a Arrived) Matrix(name string, rows, cols int) (*tile.Matrix, error) {
	e := a.Extent(name)
	i := a.index[name]
	t, s := &a.manifest.Tensors[i], &a.tensors[i]
	if e.Rows == 0 || s.complete {
		return a.Reader.Matrix(name, rows, cols)
	}
	if t.Rows != rows || t.Cols != cols {
		return nil, tensorError(name, ErrInvalid, "%d x %d, want %d x %d", t.Rows, t.Cols, rows, cols)
	}
	m := s.matrix
	if e.Rows < t.Rows {
		before := s.first / m.Groups() * tile.Rows
		m = m.First(min(max(e.Rows-before, 0), m.Rows), e.Rows)
	}
	return m.Upper(e.Planes), nil
}
