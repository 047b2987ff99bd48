package planes

import (
	"fmt"
	"slices"
)

// tensorProgress counts the units of each part that were written or read so far.
type tensorProgress struct{ units [partCount]int }

// check reports whether a run may come next, and gives the bytes of a unit. Runs of a part follow
// each other without gap, and a plane, being stored as its difference to the next higher one, comes
// after that.
func (p *tensorProgress) check(t *Tensor, h runHeader) (size int, err error) {
	count, size := t.units(h.Part)
	switch {
	case count == 0:
		return 0, fmt.Errorf("%w: the tensor has no part %d", ErrInvalid, h.Part)
	case h.Count == 0:
		return 0, fmt.Errorf("%w: run of no units", ErrInvalid)
	case int64(h.Count)*int64(size) > MaxRunBytes:
		return 0, fmt.Errorf("%w: run of %d units, at most %d", ErrLimit, h.Count, MaxRunBytes/size)
	case int64(h.First) != int64(p.units[h.Part]) || int64(h.First)+int64(h.Count) > int64(count):
		return 0, fmt.Errorf("%w: part %d: units %d+%d, want %d of %d next",
			ErrInvalid, h.Part, h.First, h.Count, p.units[h.Part], count)
	}
	if above := int(h.Part) + 1; above < t.Planes && p.units[above] < int(h.First)+int(h.Count) {
		return 0, fmt.Errorf("%w: plane %d before plane %d", ErrInvalid, h.Part, above)
	}
	return size, nil
}

// advance adds n units of a part and reports whether the tensor is complete now.
func (p *tensorProgress) advance(t *Tensor, part uint32, n int) bool {
	p.units[part] += n
	for q := range uint32(partCount) {
		if count, _ := t.units(q); p.units[q] != count {
			return false
		}
	}
	return true
}

// touched is how many units of a tensor have any of their parts.
func (p *tensorProgress) touched() int { return slices.Max(p.units[:]) }

// fills gives the bytes of memory that a run touches for the first time: whole blocks, for the
// parts of a block lie in one place.
func (p *tensorProgress) fills(t *Tensor, h runHeader) int64 {
	fresh := max(int(h.First)+int(h.Count)-p.touched(), 0)
	if !t.IsMatrix() {
		return int64(fresh)
	}
	m := t.matrix()
	return int64(fresh) * int64(m.BlockBytes())
}

// delivery compares the memory that runs have filled with the bytes that came for it. The
// manifest's check compares what is claimed of both.
type delivery struct{ received, filled int64 }

// check reports whether more bytes may be filled.
func (d *delivery) check(more int64) error {
	if filled := d.filled + more; filled > freeBytes+MaxRatio*d.received {
		return fmt.Errorf("%w: tensors of %d bytes from %d received: more than %d to one", ErrLimit,
			filled, d.received, MaxRatio)
	}
	return nil
}
