package packer

import (
	"fmt"

	"github.com/spikechat/spikechat/tools/pack/gguf"
)

// Rounding is what packing changed of weights.
type Rounding struct {
	// Scale is the largest relative error of a scale or minimum that became a float16.
	Scale float64
	// Weight is the largest difference that new codes made to a weight.
	Weight float64
}

// add takes the larger ones.
func (r *Rounding) add(more Rounding) {
	r.Scale, r.Weight = max(r.Scale, more.Scale), max(r.Weight, more.Weight)
}

// roundings are those of the tensors of each type, in the order of their first ones.
type roundings struct {
	types []gguf.TensorType
	of    map[gguf.TensorType]Rounding
	count map[gguf.TensorType]int
}

func (rs *roundings) add(t gguf.TensorType, r Rounding) {
	if rs.of == nil {
		rs.of, rs.count = map[gguf.TensorType]Rounding{}, map[gguf.TensorType]int{}
	}
	sum, ok := rs.of[t]
	if !ok {
		rs.types = append(rs.types, t)
	}
	sum.add(r)
	rs.of[t] = sum
	rs.count[t]++
}

// report says for each type whose weights are not exactly those of the source what became of them.
func (rs *roundings) report(to Reporter) {
	for _, t := range rs.types {
		r, tensors := rs.of[t], count(rs.count[t], "tensor")
		if r.Scale > 0 {
			to.Note(fmt.Sprintf("%v, %s: codes are kept; scales are rounded to float16, the largest "+
				"relative error is %.2g", t, tensors, r.Scale))
		}
		if r.Weight > 0 {
			to.Note(fmt.Sprintf("%v, %s: groups of 16 columns are coded anew in groups of 32; the "+
				"largest error of a weight is %.2g", t, tensors, r.Weight))
		}
	}
}
