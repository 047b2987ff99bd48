package planes

import (
	"math/bits"
	"slices"

	"github.com/spikechat/spikechat/core/tile"
)

// encode gives the frames of a run in the coding that it sets: the one that is smaller by a 64th at
// least, for what gains less is not worth the time of those who read it. The first block of m's
// Data is that of the run.
func (w *Writer) encode(h *runHeader, t *Tensor, m *tile.Matrix, raw []byte) (frames []byte) {
	frames = w.compress(raw)
	var upper []byte
	try := func(coding uint32, other []byte) {
		if other != nil && len(other) < len(frames)-len(frames)/64 {
			h.Coding, frames = coding, other
		}
	}
	switch first, count := int(h.First), int(h.Count); {
	case t.Kind == KindTernary && int(h.Part) < t.Planes:
		try(codingByAbove, w.byAbove(m, t, h))
	case w.manifest.Version < CodedVersion || t.Kind != KindUnsigned:
	case h.Part == partScale, h.Part == partOffset:
		var lower []byte
		if upper, lower = findExtremes(m, t, h.Part, count); upper != nil {
			try(codingExtremes, slices.Concat(w.compress(upper), w.compress(lower)))
		}
		if h.Coding == codingPlain {
			upper = nil
		}
		w.ranges.keep(*h, upper)
	case t.OffsetBy == 0 && int(h.Part) == t.Planes-1:
		if smallest, largest, ok := w.ranges.of(*h); ok {
			sizes := rangeSizes(smallest, largest)
			sorted := toRanges(raw, smallest, largest)
			try(codingByRange, w.classes(nil, sorted, sizes[:]))
		}
	case t.OffsetBy != 0:
		table := columnsOf(raw, t.Cols, first)
		sorted, sizes := toColumns(raw, table, first)
		try(codingByColumn, w.classes(w.compress(table), sorted, sizes))
	}
	return frames
}

// classes appends a frame for each class that has bytes.
func (w *Writer) classes(frames, sorted []byte, sizes []int) []byte {
	for _, size := range sizes {
		if size > 0 {
			frames = append(frames, w.compress(sorted[:size])...)
		}
		sorted = sorted[size:]
	}
	return frames
}

// findExtremes gives scales or offsets in codingExtremes; nil where they are no extremes of weights
// of eight significant bits, which many models were trained in.
func findExtremes(m *tile.Matrix, t *Tensor, part uint32, count int) (upper, lower []byte) {
	lower = make([]byte, count*tile.Rows/2)
	for i := range count * tile.Rows {
		block := m.Data[i/tile.Rows*m.BlockBytes()+m.ScalesAt():]
		at := func(which int) uint16 {
			b := block[which*tile.ScaleBytes+i%tile.Rows*2:]
			return uint16(b[0]) | uint16(b[1])<<8
		}
		n, ok := uint16(0), true
		if m.StoredOffsets() {
			n = at(1)
		}
		half := n
		if part == partScale {
			half, ok = largestOf(at(0), n, t.levels())
		}
		hi, lo, fits := tile.CutExtreme(half)
		if !ok || !fits {
			return nil, nil
		}
		upper = append(upper, hi)
		lower[i/2] |= lo << (i % 2 * 4)
	}
	return upper, lower
}

// largestOf finds an extreme that with the offset n gives back the scale d.
func largestOf(d, n uint16, levels float32) (half uint16, ok bool) {
	if tile.Half(n) < 0 {
		return 0, false
	}
	rest := max(float32(tile.Half(d)*levels)-float32(tile.Half(n)), 0)
	guess := int(tile.ToHalf(rest)) &^ 7
	for _, step := range [...]int{0, 8, -8, 16, -16} {
		half := guess + step
		if half >= 0 && half < 0x7c00 && tile.RangeScale(uint16(half), n, levels) == d {
			return uint16(half), true
		}
	}
	return 0, false
}

// columnsOf makes the table of a run: columns in as many equal classes as there can be, by how rare
// the rarer bit is.
func columnsOf(raw []byte, cols, first int) columnTable {
	ones, all := make([]int, cols), slices.Repeat([]int{1}, cols)
	var plane [tile.PlaneBytes]byte
	for block := range len(raw) / tile.PlaneBytes {
		tile.Columns(plane[:], raw[block*tile.PlaneBytes:])
		group := (first + block) % (cols / tile.GroupCols) * tile.GroupCols
		for i, b := range plane {
			column := group + i/16*8 + i%8
			ones[column] += bits.OnesCount8(b)
			all[column] += 8
		}
	}
	table := make(columnTable, cols/2)
	order := make([]int, cols)
	for c := range order {
		order[c] = c
		if 2*ones[c] > all[c] {
			table[c/2] |= columnFlip << (c % 2 * 4)
			ones[c] = all[c] - ones[c]
		}
	}
	// Shares of a run's rows: ones/all, compared without dividing.
	slices.SortStableFunc(order, func(a, b int) int { return ones[a]*all[b] - ones[b]*all[a] })
	for i, c := range order {
		table[c/2] |= byte(i*columnClasses/cols) << (c % 2 * 4)
	}
	return table
}
