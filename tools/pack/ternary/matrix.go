package ternary

import (
	"fmt"

	"github.com/spikechat/spikechat/core/tile"
)

// Matrix is a matrix of ternary spikes, merged: w[r][c] = d[r][c/32] (q[r][c] - Steps). A group of
// fewer steps than the matrix uses the levels in the middle.
type Matrix struct {
	Rows, Cols int
	Steps      int      // T of a weight, the most
	Codes      []uint8  // q, 0 to 2 Steps [Rows*Cols]
	Scales     []uint16 // d >= 0, float16 bits [Rows*Cols/32]
}

// NewMatrix gives one of zeros.
func NewMatrix(rows, cols, steps int) *Matrix {
	if rows < 1 || cols < 1 || cols%tile.GroupCols != 0 || steps < 1 || steps > MaxSteps {
		panic(fmt.Sprintf("ternary: %d x %d weights of %d steps", rows, cols, steps))
	}
	m := &Matrix{Rows: rows, Cols: cols, Steps: steps, Codes: make([]uint8, rows*cols),
		Scales: make([]uint16, rows*cols/tile.GroupCols)}
	for i := range m.Codes {
		m.Codes[i] = uint8(steps)
	}
	return m
}

// Groups is the number of groups of a row.
func (m *Matrix) Groups() int { return m.Cols / tile.GroupCols }

// Row writes the weights of a row [Cols].
func (m *Matrix) Row(w []float64, row int) {
	for c := range w {
		d := float64(tile.Half(m.Scales[row*m.Groups()+c/tile.GroupCols]))
		w[c] = d * float64(int(m.Codes[row*m.Cols+c])-m.Steps)
	}
}

// Tile gives the same weights in planes, with an offset of Steps scales, for the kernels.
func (m *Matrix) Tile() *tile.Matrix {
	t := tile.NewMatrix(m.Rows, m.Cols, tile.TernaryPlanes(m.Steps), float32(m.Steps))
	t.NormalScales = true
	for r := range m.Rows {
		for g := range m.Groups() {
			at := r*m.Groups() + g
			d := m.Scales[at]
			t.SetGroup(r, g, (*[tile.GroupCols]uint8)(m.Codes[at*tile.GroupCols:]), d, 0)
			t.NormalScales = t.NormalScales && (d == 0 || d >= leastNormal)
		}
	}
	return t
}

// FromTile takes the codes of a matrix that Tile made.
func FromTile(t *tile.Matrix) (*Matrix, error) {
	steps := int(t.OffsetBy)
	if float32(steps) != t.OffsetBy || steps < 1 || steps > MaxSteps ||
		t.Planes != tile.TernaryPlanes(steps) {
		return nil, fmt.Errorf("a matrix of %d planes with an offset of %v scales, want one of "+
			"ternary spikes", t.Planes, t.OffsetBy)
	}
	m := NewMatrix(t.Rows, t.Cols, steps)
	for r := range m.Rows {
		for g := range m.Groups() {
			at := r*m.Groups() + g
			codes := (*[tile.GroupCols]uint8)(m.Codes[at*tile.GroupCols:])
			m.Scales[at], _ = t.Group(r, g, codes)
			for _, q := range codes {
				if int(q) > 2*steps {
					return nil, fmt.Errorf("row %d, group %d: code %d of %d levels", r, g, q,
						Levels(steps))
				}
			}
		}
	}
	return m, nil
}
