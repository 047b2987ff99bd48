package packer

import (
	"fmt"
	"math"

	"github.com/x448/float16"

	"github.com/spikechat/spikechat/core/tile"
)

// Float matrices have no integers to keep, so they are quantised here, group by
// group of 32 columns: the codes of a layer like Q4_1 (4 bits, scale and
// minimum), those of embedding and head like Q8_0 (8 bits, scale alone).
//
// Codes are chosen for the scale as it is stored, after rounding to float16.
// Scales and minima stay zero or normal, and minima at or below zero: the
// kernels have a shorter way for such matrices (tile.Matrix.NormalScales).

const minNormalHalf = 1.0 / (1 << 14)

// A group is 32 weights in integer form: w = d*codes[j] + m, with d and m given
// as float16 bits. m is -offsetBy*d in matrices that do not store it.
type group struct {
	codes [tile.GroupCols]uint8
	d, m  uint16
}

// quantise4 rounds 32 weights to 4-bit codes with a minimum.
func quantise4(w []float32) (group, error) {
	low, high := float32(0), float32(0) // zero is always in range: then m <= 0
	for _, v := range w {
		low, high = min(low, v), max(high, v)
	}
	var g group
	m, err := halfUp(0 - float64(low)) // 0-0 is +0, where -0 would be a negative scale
	if err != nil {
		return g, err
	}
	d, err := half((float64(high) + m.value) / 15)
	if err != nil {
		return g, err
	}
	g.d, g.m = d.bits, negate(m.bits)
	for j, v := range w {
		g.codes[j] = code((float64(v)+m.value)/d.value, 0, 15)
	}
	return g, nil
}

// quantise8 rounds 32 weights to signed 8-bit codes, stored with 128 added.
func quantise8(w []float32) (group, error) {
	top := float32(0)
	for _, v := range w {
		top = max(top, v, -v)
	}
	var g group
	d, err := half(float64(top) / 127)
	if err != nil {
		return g, err
	}
	g.d = d.bits
	for j, v := range w {
		g.codes[j] = code(float64(v)/d.value+128, 1, 255)
	}
	return g, nil
}

// code rounds to nearest, ties to even, and clamps. A group of zeros, whose
// scale is zero, asks for 0/0: its code is the lowest, which d = 0 makes zero.
func code(v, low, high float64) uint8 {
	if math.IsNaN(v) {
		return uint8(low)
	}
	return uint8(min(max(math.RoundToEven(v), low), high))
}

// float16Value is a half with its value.
type float16Value struct {
	bits  uint16
	value float64
}

// half rounds v >= 0 to the nearest half that is zero or normal.
func half(v float64) (float16Value, error) {
	if v > 0 && v < minNormalHalf {
		v = minNormalHalf
	}
	h := float16.Fromfloat32(float32(v))
	if !h.IsFinite() {
		return float16Value{},
			fmt.Errorf("%w: weights reach %v, beyond a float16 scale", ErrUnsupported, v)
	}
	return float16Value{h.Bits(), float64(h.Float32())}, nil
}

// halfUp is half, rounded away from zero so that the lowest weight is in range.
func halfUp(v float64) (float16Value, error) {
	h, err := half(v)
	if err == nil && h.value < v {
		return half(float64(float16.Frombits(h.bits + 1).Float32()))
	}
	return h, err
}

// negate turns m into the n = -m of tile.Matrix and back. Zeros keep their
// bits, so that the zero minimum of a source file stays the one that kernels
// have the short way for; every half still comes back bit for bit.
func negate(m uint16) uint16 {
	if m&0x7fff == 0 {
		return m
	}
	return m ^ 0x8000
}

// weight is the value of one code of a group.
func (g *group) weight(j int, offsetBy float32) float64 {
	d := float64(float16.Frombits(g.d).Float32())
	m := -float64(offsetBy) * d
	if offsetBy == 0 {
		m = float64(float16.Frombits(g.m).Float32())
	}
	return float64(float64(g.codes[j])*d) + m
}

// finiteHalf reports whether float16 bits are neither infinite nor NaN.
func finiteHalf(bits uint16) bool { return bits&0x7c00 != 0x7c00 }
