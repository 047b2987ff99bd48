package packer

import (
	"errors"
	"fmt"
	"math"

	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/core/tile"
)

// A Quantizer makes a matrix of ternary spikes: each weight becomes d * (q - T) with a code q from
// 0 to 2T, which is T spikes of -1, 0 or +1 merged, and d >= 0 a scale of each row and group of 32
// columns.
type Quantizer interface {
	// Quantize gives the codes [rows x cols] and the bits of the float16 scales [rows x cols/32] of
	// the tensor of this name. weights [rows x cols] are those of the engine's order of rows, and
	// float32. The same call gives the same result every time.
	Quantize(name string, rows, cols, steps int, weights []float32) (codes []uint8,
		scales []uint16, err error)
}

// TernaryName adds to a model's name that its layers are ternary spikes of so many steps.
func TernaryName(name string, steps int) string {
	end := fmt.Sprintf("-ternary%d", steps)
	return name[:min(len(name), planes.MaxNameBytes-len(end))] + end
}

// ternary reports whether a part becomes ternary spikes.
func (p *Job) ternary(part *part) bool { return p.TernarySteps > 0 && part.role == roleLayer }

// checkTernary refuses what cannot be packed so.
func (p *Job) checkTernary() error {
	switch {
	case p.TernarySteps < 0 || p.TernarySteps > planes.MaxTernarySteps:
		return fmt.Errorf("%d steps of a ternary weight: want 1 to %d", p.TernarySteps,
			planes.MaxTernarySteps)
	case p.TernarySteps > 0 && p.Plain:
		return errors.New("version 2 of the format has no ternary weights")
	}
	return nil
}

// asTernary is the line of the tensor table of a part that becomes ternary spikes.
func (p *Job) asTernary(t planes.Tensor) planes.Tensor {
	t.Kind, t.Planes = planes.KindTernary, tile.TernaryPlanes(p.TernarySteps)
	t.OffsetBy = float32(p.TernarySteps)
	return t
}

// toTernary makes ternary spikes of a whole matrix.
func (p *Job) toTernary(part *part, m *tile.Matrix) (*tile.Matrix, error) {
	bad := func(err error) error { return fmt.Errorf("tensor %q: %w", part.name, err) }
	weights := make([]float32, m.Rows*m.Cols)
	for row := range m.Rows {
		dequantise(weights[row*m.Cols:][:m.Cols], m, row)
	}
	quantizer := p.Quantizer
	if quantizer == nil {
		quantizer = nearestTernary{}
	}
	steps := p.TernarySteps
	codes, scales, err := quantizer.Quantize(part.name, m.Rows, m.Cols, steps, weights)
	if err != nil {
		return nil, bad(err)
	}
	if len(codes) != len(weights) || len(scales) != len(weights)/tile.GroupCols {
		return nil, bad(fmt.Errorf("%d codes and %d scales of %d x %d weights", len(codes),
			len(scales), m.Rows, m.Cols))
	}
	out := tile.NewMatrix(m.Rows, m.Cols, tile.TernaryPlanes(steps), float32(steps))
	for i, d := range scales {
		group := (*[tile.GroupCols]uint8)(codes[i*tile.GroupCols:])
		if d&0x8000 != 0 || !finiteHalf(d) {
			return nil, bad(fmt.Errorf("group %d: scale %#04x is negative or not finite", i, d))
		}
		for j, q := range group {
			if int(q) > 2*steps {
				return nil, bad(fmt.Errorf("group %d: code %d, at most %d", i, q, 2*steps))
			}
			w := float64(weights[i*tile.GroupCols+j])
			off := w - float64(tile.Half(d))*float64(int(q)-steps)
			p.lost += float64(off * off)
			p.energy += float64(w * w)
		}
		out.SetGroup(i/m.Groups(), i%m.Groups(), group, d, 0)
	}
	return out, nil
}

// reportTernary tells how far the ternary weights are from those of the source.
func (p *Job) reportTernary() {
	if p.TernarySteps == 0 || p.energy == 0 {
		return
	}
	p.Report.Note(fmt.Sprintf("layers are ternary spikes, T = %d, %d levels: the root mean square "+
		"of their errors is %.1f %% of the weights'", p.TernarySteps, 2*p.TernarySteps+1,
		100*math.Sqrt(p.lost/p.energy)))
}

// dequantise writes the weights of a row.
func dequantise(dst []float32, m *tile.Matrix, row int) {
	block := func(g int) []byte { return m.Block(row/tile.Rows, g) }
	for g := range m.Groups() {
		var codes [tile.GroupCols]uint8
		m.Group(row, g, &codes)
		d, n := m.Scales(block(g), row%tile.Rows)
		for i, c := range codes {
			dst[g*tile.GroupCols+i] = float32(d*float32(c)) - n
		}
	}
}

// nearestTernary rounds every weight to the nearest level, with the scale of each group that leaves
// the least sum of squares: the control of every better Quantizer.
type nearestTernary struct{}

// Scales that are tried first are the largest weight divided by so many levels; each is then
// improved by least squares.
const (
	triedScales = 12
	improvement = 3
)

func (nearestTernary) Quantize(_ string, rows, cols, steps int, weights []float32) (
	codes []uint8, scales []uint16, err error) {
	codes = make([]uint8, len(weights))
	scales = make([]uint16, len(weights)/tile.GroupCols)
	for i := range scales {
		w := (*[tile.GroupCols]float32)(weights[i*tile.GroupCols:])
		to := (*[tile.GroupCols]uint8)(codes[i*tile.GroupCols:])
		if scales[i], err = nearestGroup(to, w, steps); err != nil {
			return nil, nil, fmt.Errorf("row %d, group %d: %w", i/(cols/tile.GroupCols),
				i%(cols/tile.GroupCols), err)
		}
	}
	return codes, scales, nil
}

// nearestGroup finds codes and scale of one group.
func nearestGroup(codes *[tile.GroupCols]uint8, w *[tile.GroupCols]float32, steps int) (uint16,
	error) {
	top := 0.0
	for _, v := range w {
		top = max(top, math.Abs(float64(v)))
	}
	best, bestScale := math.Inf(1), uint16(0)
	for try := range triedScales {
		// From all weights in range to half of it.
		d := top / float64(steps) * (1 - float64(try)/(2*triedScales))
		for range improvement {
			dot, norm := 0.0, 0.0
			for _, v := range w {
				k := level(float64(v), d, steps)
				dot += float64(float64(v) * k)
				norm += float64(k * k)
			}
			if norm > 0 {
				d = dot / norm
			}
		}
		h, err := half(d)
		if err != nil {
			return 0, err
		}
		h = coarse(h)
		lost := 0.0
		var tried [tile.GroupCols]uint8
		for j, v := range w {
			k := level(float64(v), h.value, steps)
			tried[j] = uint8(int(k) + steps)
			off := float64(v) - float64(k*h.value)
			lost += float64(off * off)
		}
		if lost < best {
			best, bestScale, *codes = lost, h.bits, tried
		}
	}
	return bestScale, nil
}

// coarse rounds a scale to 6 significant bits. Its group's codes are chosen for it, so it costs
// next to nothing, and the 5 bits that are 0 are not sent: 2 million bytes of SmolLM2-135M.
func coarse(h float16Value) float16Value {
	const unit = 1 << 5
	bits := (h.bits + unit/2) &^ (unit - 1)
	if !finiteHalf(bits) {
		return h
	}
	return float16Value{bits, float64(tile.Half(bits))}
}

// level is the whole number of scales nearest to v, from -steps to steps; 0 where the scale is.
func level(v, d float64, steps int) float64 {
	if d == 0 {
		return 0
	}
	return min(max(math.RoundToEven(v/d), float64(-steps)), float64(steps))
}
