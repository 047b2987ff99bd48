package planes

import "fmt"

// decode makes the plain bytes of a run of its frames. Those of codingExtremes stay as they are
// coded: upper bytes, then the lower ones.
func (r *Reader) decode(raw, frames []byte, t *Tensor, s *tensorState, h runHeader) error {
	var upper []byte
	switch h.Coding {
	case codingExtremes:
		var lower []byte
		upper, lower = cutExtremes(raw)
		if err := r.decoder.DecodeAll(frames, upper, lower); err != nil {
			return err
		}
	case codingByRange:
		smallest, largest, ok := r.ranges.of(h)
		if !ok {
			return fmt.Errorf("blocks %d+%d of part %d before the ranges of their groups",
				h.First, h.Count, h.Part)
		}
		sorted := r.sorted[:len(raw)]
		sizes := rangeSizes(smallest, largest)
		if err := r.classes(frames, sorted, sizes[:]); err != nil {
			return err
		}
		at := starts(sizes[:])
		fromRanges(raw, sorted, smallest, largest, [rangeClasses + 1]int(at))
	case codingByColumn:
		table := make(columnTable, t.Cols/2)
		rest, err := r.decoder.DecodeFirst(table, frames)
		if err != nil {
			return err
		}
		classes, flips := table.bytes()
		sorted := r.sorted[:len(raw)]
		sizes := columnSizes(classes, int(h.First), int(h.Count))
		if err := r.classes(rest, sorted, sizes); err != nil {
			return err
		}
		fromColumns(raw, sorted, classes, flips, int(h.First))
	case codingByAbove:
		s.allocate(t, r.part) // the highest plane has none above
		if err := r.fromAbove(raw, frames, t, s, h); err != nil {
			return err
		}
	default:
		if err := r.decoder.Decode(raw, frames); err != nil {
			return err
		}
	}
	if h.Part == partScale || h.Part == partOffset {
		r.ranges.keep(h, upper)
	}
	return nil
}

// cutExtremes gives the places of upper and lower bytes in the memory of a plain run.
func cutExtremes(raw []byte) (upper, lower []byte) {
	n := len(raw) / 2
	return raw[:n], raw[n : n+n/2]
}

// classes decodes what is sorted by class: a frame for each class that has bytes.
func (r *Reader) classes(frames, sorted []byte, sizes []int) error {
	var contents [][]byte
	for _, size := range sizes {
		if size > 0 {
			contents = append(contents, sorted[:size])
		}
		sorted = sorted[size:]
	}
	return r.decoder.DecodeAll(frames, contents...)
}
