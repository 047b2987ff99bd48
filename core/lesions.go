package core

import (
	"fmt"

	"github.com/spikechat/spikechat/core/coding"
	"github.com/spikechat/spikechat/core/simd"
)

// damage is Lesions, worked out for a model. The zero value damages nothing.
type damage struct {
	asked  coding.Lesions
	silent []bool // [layers*Populations]; nil where no neuron is silenced
	heads  []bool // [layers*heads]; nil where no head is
}

// newDamage works out lesions that fit the model.
func (m *Model) newDamage(l *coding.Lesions) (d damage, err error) {
	c := &m.Config
	if err := l.Validate(c.Layers, c.Heads, m.Planes()); err != nil {
		return damage{}, err
	}
	d.asked = l.Clone()
	for _, s := range l.Silenced {
		if s.Head == coding.AllHeads {
			d.silent = make([]bool, c.Layers*coding.Populations)
			continue
		}
		if d.heads == nil {
			d.heads = make([]bool, c.Layers*c.Heads)
		}
		d.heads[s.Layer*c.Heads+s.Head] = true
	}
	for i := range d.silent {
		d.silent[i] = l.Silent(i/coding.Populations, coding.Population(i%coding.Populations))
	}
	return d, nil
}

// Planes is how many planes every matrix of a layer has at least: lesions can drop one fewer.
func (m *Model) Planes() int {
	fewest := simd.MaxPlanes
	for i := range m.layers {
		for _, w := range m.layers[i].matrices() {
			fewest = min(fewest, (*w).Planes)
		}
	}
	return fewest
}

// raise sets the thresholds of a plan.
func (d *damage) raise(p *plan) error {
	if len(d.asked.Thresholds) > 0 && p.inputs == nil {
		return fmt.Errorf("%w: raised thresholds where nothing is coded", ErrBadRequest)
	}
	for i := range p.inputs {
		layer, population := i/coding.Populations, coding.Population(i%coding.Populations)
		if factor := d.asked.Raise(layer, population); factor != 1 {
			p.inputs[i].Raise = factor
		}
	}
	return nil
}

// silence puts what is silenced of an input at rest: activations of 0 are coded so at any T, and
// every product of them is 0.
func (d *damage) silence(layer int, p coding.Population, xs [][]float32) {
	if d.silent != nil && d.silent[layer*coding.Populations+int(p)] {
		for _, x := range xs {
			clear(x)
		}
	}
}

// silenceHeads puts what some heads of a layer make of the values, attended
// [tokens][heads*headDim], at rest.
func (d *damage) silenceHeads(layer, heads int, attended [][]float32) {
	if d.heads == nil {
		return
	}
	for h, silent := range d.heads[layer*heads:][:heads] {
		if !silent {
			continue
		}
		for _, x := range attended {
			dim := len(x) / heads
			clear(x[h*dim:][:dim])
		}
	}
}

// layer gives a layer as lesions leave it.
func (s *State) layer(i int) *layer {
	if s.damaged != nil {
		return &s.damaged[i]
	}
	return &s.model.layers[i]
}

// dropPlanes gives the layers without the planes that lesions drop, prepared for a kernel, or nil
// where they drop none. They lie over the model's bytes; what a kernel needs beside those is made
// anew: nothing for LookupKernel, 2 bytes for each row and group for PopcountKernel, a copy of the
// layers for DotKernel. kept are those of the lesions before, which serve again where they can.
func (m *Model) dropPlanes(l, before *coding.Lesions, kept []layer, k simd.Kernel) []layer {
	if l.DroppedPlanes == 0 {
		return nil
	}
	layers := kept
	if l.DroppedPlanes != before.DroppedPlanes {
		layers = make([]layer, len(m.layers))
		copy(layers, m.layers)
		for i := range layers {
			for _, w := range layers[i].matrices() {
				*w = simd.NewWeights((*w).Upper((*w).Planes - l.DroppedPlanes))
			}
		}
	}
	for i := range layers {
		for _, w := range layers[i].matrices() {
			(*w).Prepare(k)
		}
	}
	return layers
}
