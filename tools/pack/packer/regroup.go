package packer

import (
	"fmt"
	"math"

	"github.com/spikechat/spikechat/core/tile"
	"github.com/spikechat/spikechat/tools/pack/gguf"
)

// Q2_K, Q3_K and Q6_K have a scale for each 16 columns, and a group of a tile.Matrix has one for
// 32. So the two halves of a group get common codes of 8 bits.
//
// In Q3_K every weight is a block's scale times an integer from -124 to 128, so its form is exact.
// In Q6_K the larger half keeps its codes, four times as large, and the smaller one is rounded to
// the same steps, which are a quarter of what its file was rounded to or less where the halves are
// alike. Q2_K is rounded to 255 steps where its file had four.

// middle is the code of a weight of 0 where offsets are 128 scales.
const middle = 128

// halfCols is the columns of a half.
const halfCols = tile.GroupCols / 2

// multiples makes the group of Q3_K: unit is the block's scale, of which d are multiples.
func multiples(g *group, codes *[tile.GroupCols]uint8, d [2]float32, unit float32) {
	g.d = tile.ToHalf(unit)
	for j, c := range codes {
		scale := 0
		if unit != 0 {
			scale = int(d[j/halfCols] / unit)
		}
		g.codes[j] = uint8(127 + scale*(int(c)-4))
	}
}

// regroup makes the group of Q2_K and Q6_K: w are its weights, d the scales of its halves.
func regroup(g *group, w *[tile.GroupCols]float32, d [2]float32) (Rounding, error) {
	largest, top := float64(0), float64(0)
	for _, v := range d {
		largest = max(largest, math.Abs(float64(v)))
	}
	for _, v := range w {
		top = max(top, math.Abs(float64(v)))
	}
	var best Rounding
	least := math.Inf(1)
	for _, step := range [...]float64{largest / 4, largest / 3, largest / 2, largest, top / 127} {
		if top > 128.5*step && step != top/127 {
			continue
		}
		h, err := half(step)
		if err != nil {
			return best, err
		}
		try := group{d: h.bits}
		if noise, worst := try.fit(w, h.value); noise < least {
			least, best.Weight, *g = noise, worst, try
		}
	}
	return best, nil
}

// fit gives each weight the nearest code; noise is the sum of the squares of the errors, worst the
// largest one.
func (g *group) fit(w *[tile.GroupCols]float32, step float64) (noise, worst float64) {
	for j, v := range w {
		c := middle
		if step != 0 {
			c = int(min(max(math.RoundToEven(float64(v)/step), -middle), middle-1)) + middle
		}
		g.codes[j] = uint8(c)
		off := math.Abs(float64(c-middle)*step - float64(v))
		worst = max(worst, off)
		noise += float64(off * off)
	}
	return noise, worst
}

// weightsOf gives the weights of a group of two halves, as llama.cpp computes them.
func weightsOf(
	w *[tile.GroupCols]float32, t gguf.TensorType, codes *[tile.GroupCols]uint8, d, m [2]float32,
) {
	for j, c := range codes {
		h := j / halfCols
		if t.StoresMin() {
			w[j] = float32(d[h]*float32(c)) + m[h]
		} else {
			w[j] = d[h] * float32(int(c)+t.MinFactor())
		}
	}
}

// checkFinite refuses scales of a block that are infinite or no number.
func checkFinite(values ...float32) error {
	for _, v := range values {
		if v-v != 0 {
			return fmt.Errorf("%w: scale or minimum is not finite", ErrModel)
		}
	}
	return nil
}
