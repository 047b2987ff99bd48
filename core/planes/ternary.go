package planes

import (
	"fmt"

	"github.com/spikechat/spikechat/core/tile"
)

// classRoom is what the classes of a run may take beyond its bytes: each has a last byte that is
// not full, and all together what may be read past them.
const classRoom = 8 + tile.ClassSlack

// largestCode is the largest code of a ternary weight, 2T.
func (t *Tensor) largestCode() int { return 2 * int(t.OffsetBy) }

// byAbove gives the frames of a run in codingByAbove.
func (w *Writer) byAbove(m *tile.Matrix, t *Tensor, h *runHeader) []byte {
	frames := []byte{} // none where nothing is open; nil would be no coding
	for _, class := range m.ToClasses(int(h.Part), 0, int(h.Count), t.largestCode()) {
		if len(class) > 0 {
			frames = append(frames, w.compress(class)...)
		}
	}
	return frames
}

// fromAbove makes the plain bytes of a run in codingByAbove.
func (r *Reader) fromAbove(raw, frames []byte, t *Tensor, s *tensorState, h runHeader) error {
	m, p, first := s.planes(), int(h.Part), int(h.First)
	bits := m.CountClasses(p, first, int(h.Count), t.largestCode())
	sizes := make([]int, len(bits))
	for c, n := range bits {
		sizes[c] = (n + 7) / 8
	}
	if err := r.classes(frames, r.sorted, sizes); err != nil {
		return err
	}
	at := starts(sizes)
	for c, n := range bits {
		if n%8 != 0 && r.sorted[at[c]+n/8]>>(n%8) != 0 {
			return fmt.Errorf("class %d of part %d does not end in zeros", c, p)
		}
	}
	m.FromClasses(raw, p, first, r.sorted, at)
	return nil
}

// planes has those of the whole matrix, as far as they have come.
func (s *tensorState) planes() *tile.Matrix {
	if s.above != nil {
		return s.above
	}
	return s.matrix
}

// checkTernary refuses what no ternary weight has in a run of the reader's.
func (s *tensorState) checkTernary(t *Tensor, h runHeader, raw []byte) error {
	p, first := int(h.Part), int(h.First)
	if s.above != nil && p < t.Planes {
		s.above.StorePlane(p, first, raw)
	} else if p == 0 {
		s.matrix.StorePlane(p, first, raw)
	}
	return checkTernary(t, h, s.planes(), first, raw)
}

// checkTernary refuses codes above 2T, which show when the lowest plane comes, and scales with a
// sign. m has the run's blocks from first on, raw the run's plain bytes.
func checkTernary(t *Tensor, h runHeader, m *tile.Matrix, first int, raw []byte) error {
	switch {
	case h.Part == 0 && !m.NoneAbove(t.largestCode(), first, int(h.Count)):
		return fmt.Errorf("a code above %d in blocks %d+%d", t.largestCode(), h.First, h.Count)
	case h.Part == partScale:
		for _, high := range raw[len(raw)/2:] {
			if high&0x80 != 0 {
				return fmt.Errorf("a scale with a sign in blocks %d+%d", h.First, h.Count)
			}
		}
	}
	return nil
}
