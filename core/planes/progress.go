package planes

import "fmt"

// tensorProgress counts the units of each part that were written or read so far.
type tensorProgress struct{ units [partCount]int }

// check reports whether a run may come next, and gives the bytes of a unit. Runs of a part follow each other without gap,
// and a plane, being stored as its difference to the next higher one, comes after that.
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
		return 0, fmt.Errorf("%w: part %d: units %d+%d, want %d of %d next", ErrInvalid, h.Part, h.First, h.Count, p.units[h.Part], count)
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
