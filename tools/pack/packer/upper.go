package packer

import (
	"fmt"

	"github.com/x448/float16"

	"github.com/spikechat/spikechat/core/tile"
)

// cuts reports whether lower planes of a part are left out.
func (p *Job) cuts(part *part) bool {
	return part.role == roleTable && p.HeadPlanes > 0 && part.entry().Planes > p.HeadPlanes
}

// offsetOfUpper is the offset, in scales, of codes without their lower planes, which stand for the
// middle of what they can say (FORMAT.md, "Fewer planes").
func offsetOfUpper(offsetBy float32, missing int) float32 {
	levels := float32(int(1) << missing)
	return (offsetBy - (levels-1)/2) / levels
}

// upper gives the same weights by their upper k planes alone, in a matrix of its own: those that
// tile.Matrix.Upper gives, bit for bit. Offsets must not be stored, for few would be exact.
func upper(m *tile.Matrix, k int) (*tile.Matrix, error) {
	missing := m.Planes - k
	out := tile.NewMatrix(m.Rows, m.Cols, k, offsetOfUpper(m.OffsetBy, missing))
	levels := float32(int(1) << missing)
	for row := range m.Rows {
		for group := range m.Groups() {
			var codes [tile.GroupCols]uint8
			d, _ := m.Group(row, group, &codes)
			for i := range codes {
				codes[i] >>= missing
			}
			scale := float16.Fromfloat32(tile.Half(d) * levels)
			if !scale.IsFinite() {
				return nil, fmt.Errorf("%w: row %d, group %d: %v times its scale is no float16",
					ErrModel, row, group, levels)
			}
			out.SetGroup(row, group, &codes, scale.Bits(), 0)
		}
	}
	return out, nil
}
