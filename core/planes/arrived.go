package planes

import "github.com/spikechat/spikechat/core/tile"

// Arrived gives tensors as far as they have come, before the last shard: a matrix is that of its
// upper planes that are whole (FORMAT.md, "Fewer planes"). It shares the memory that later shards
// fill in, below what it reads.
type Arrived struct{ *Reader }

// Arrived sees what has come so far.
func (r *Reader) Arrived() Arrived { return Arrived{r} }

// Upper is how many planes of a matrix are whole, from the highest down, and of how many: 0 where
// its scales are not all there, or there is no matrix of this name.
func (a Arrived) Upper(name string) (planes, of int) {
	i, ok := a.index[name]
	if !ok || a.manifest.Tensors[i].Kind != KindUnsigned {
		return 0, 0
	}
	t, units := &a.manifest.Tensors[i], &a.tensors[i].progress.units
	for part := uint32(partScale); part <= partOffset; part++ {
		if count, _ := t.units(part); units[part] != count {
			return 0, t.Planes
		}
	}
	for blocks, _ := t.units(0); planes < t.Planes && units[t.Planes-1-planes] == blocks; {
		planes++
	}
	return planes, t.Planes
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

// Matrix returns what has come of a weight matrix of the given shape, at least one plane.
func (a Arrived) Matrix(name string, rows, cols int) (*tile.Matrix, error) {
	upper, of := a.Upper(name)
	if upper == of {
		return a.Reader.Matrix(name, rows, cols)
	}
	if upper == 0 {
		return nil, tensorError(name, ErrInvalid, "no plane and its scales have come")
	}
	i := a.index[name]
	if t := &a.manifest.Tensors[i]; t.Rows != rows || t.Cols != cols {
		return nil, tensorError(name, ErrInvalid, "%d x %d, want %d x %d", t.Rows, t.Cols, rows, cols)
	}
	return a.tensors[i].matrix.Upper(upper), nil
}
