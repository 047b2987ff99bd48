package gptq

import (
	"github.com/spikechat/spikechat/core/tile"
	"github.com/spikechat/spikechat/tools/pack/ternary"
)

// Ternary codes weights as ternary spikes. It is a Coder.
type Ternary struct {
	Matrix *ternary.Matrix
	// Steps is T of each group [rows*groups]; nil: that of the matrix for all.
	Steps []uint8
}

// NewTernary makes one for a matrix of so many steps at most.
func NewTernary(rows, cols, steps int, groups []uint8) *Ternary {
	return &Ternary{Matrix: ternary.NewMatrix(rows, cols, steps), Steps: groups}
}

func (t *Ternary) steps(group int) int {
	if t.Steps == nil {
		return t.Matrix.Steps
	}
	return int(t.Steps[group])
}

// Begin chooses the group's scale.
func (t *Ternary) Begin(row, group int, w, cost []float64) {
	at := row*t.Matrix.Groups() + group
	first := group * tile.GroupCols
	t.Matrix.Scales[at] = ternary.BestScale(w[first:][:tile.GroupCols],
		cost[first:][:tile.GroupCols], t.steps(at))
}

// Round keeps the nearest code.
func (t *Ternary) Round(row, col int, w float64) float64 {
	group := row*t.Matrix.Groups() + col/tile.GroupCols
	d := float64(tile.Half(t.Matrix.Scales[group]))
	level := ternary.Level(w, d, t.steps(group))
	t.Matrix.Codes[row*t.Matrix.Cols+col] = uint8(level + t.Matrix.Steps)
	return d * float64(level)
}
