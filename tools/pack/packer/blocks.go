package packer

import (
	"fmt"
	"math"

	"github.com/spikechat/spikechat/core/tile"
	"github.com/spikechat/spikechat/tools/pack/gguf"
)

// A blocks turns blocks of an integer type into groups.
type blocks struct {
	typ   gguf.TensorType
	codes []uint8
	d, m  []float32
}

// decode takes the blocks of whole rows apart. Codes and scales are what they were where a group
// has one scale that a float16 holds; scales that are products are rounded to float16, and groups
// of 16 columns become ones of 32 (regroup). Of an error it says in which group it was.
func (b *blocks) decode(data []byte, groups []group) (worst Rounding, at int, err error) {
	size := b.typ.Group()
	n := len(groups) * tile.GroupCols
	if len(b.codes) < n {
		b.codes = make([]uint8, n)
		b.d, b.m = make([]float32, n/size), make([]float32, n/size)
	}
	codes, d, m := b.codes[:n], b.d[:n/size], b.m[:n/size]
	gguf.DecodeBlocks(b.typ, data, codes, d, m)
	for i := range groups {
		var r Rounding
		c := (*[tile.GroupCols]uint8)(codes[i*tile.GroupCols:])
		per := tile.GroupCols / size
		err := checkFinite(append(d[i*per:][:per:per], m[i*per:][:per]...)...)
		switch {
		case err != nil:
		case size == tile.GroupCols:
			r, err = b.group(&groups[i], c, d[i], m[i])
		case b.typ == gguf.Q3_K:
			block := data[i*tile.GroupCols/b.typ.BlockElements()*b.typ.BlockBytes():]
			multiples(&groups[i], c, [2]float32(d[2*i:]), gguf.Q3_K.Unit(block))
		default:
			halves := [2]float32(d[2*i:])
			var w [tile.GroupCols]float32
			weightsOf(&w, b.typ, c, halves, [2]float32(m[2*i:]))
			r, err = regroup(&groups[i], &w, halves)
		}
		if err != nil {
			return worst, i, err
		}
		worst.add(r)
	}
	return worst, 0, nil
}

// group takes over a group of 32 with one scale.
func (b *blocks) group(
	g *group, codes *[tile.GroupCols]uint8, d, m float32,
) (r Rounding, err error) {
	g.codes = *codes
	switch b.typ {
	case gguf.MXFP4:
		if !fits(d) {
			if d, err = mxfp4Zero(codes, d); err != nil {
				return r, err
			}
		}
	case gguf.IQ4_NL, gguf.IQ4_XS:
		// The kernels have a shorter way for scales that are not negative, and the values of these
		// types are so many that they may change their sign: from -113 to 127 becomes -127 to 113.
		if d < 0 {
			d = -d
			for j := range g.codes {
				g.codes[j] = uint8(256 - int(g.codes[j]))
			}
		}
	}
	if !b.typ.Products() {
		g.d, g.m = tile.ToHalf(d), tile.ToHalf(m)
		return r, nil
	}
	g.d, err = r.round(d)
	if err == nil && b.typ.StoresMin() {
		g.m, err = r.round(m)
	}
	return r, err
}

// fits reports whether a float16 has exactly this value.
func fits(v float32) bool { return tile.Half(tile.ToHalf(v)) == v && finiteHalf(tile.ToHalf(v)) }

// mxfp4Zero gives the scale 0 to a block of MXFP4 that holds nothing but zeros, whose scale may be
// any.
func mxfp4Zero(codes *[tile.GroupCols]uint8, d float32) (float32, error) {
	for _, c := range codes {
		if c != 12 {
			return 0, fmt.Errorf("%w: a scale of MXFP4 is 2^%g, which is no float16: use a file "+
				"of another type, such as Q8_0", ErrUnsupported, math.Log2(float64(d)))
		}
	}
	return 0, nil
}

// round gives the float16 nearest to a product, and keeps the relative error. Zero is not negative.
func (r *Rounding) round(v float32) (uint16, error) {
	if v == 0 {
		return 0, nil
	}
	h := tile.ToHalf(v)
	if !finiteHalf(h) {
		return 0, fmt.Errorf("%w: a scale or minimum is %v, beyond a float16: use a file of another "+
			"type, such as Q8_0", ErrUnsupported, v)
	}
	r.Scale = max(r.Scale, math.Abs(float64(tile.Half(h))/float64(v)-1))
	return h, nil
}
