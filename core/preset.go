package core

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spikechat/spikechat/core/planes"
)

// Preset is a Coding with a name, for those who want to choose without knowing its parts. Its kernel is left to the caller.
type Preset struct {
	Name   string
	Coding Coding
}

// DefaultPreset is the name of the one that counts where nothing else is asked for.
const DefaultPreset = "best"

// presets run from the best answers to the fewest spikes. This is the one place that has their numbers.
var presets = [...]Preset{
	{DefaultPreset, Coding{Steps: 4, CacheSteps: 4, HeadSteps: 4, HeadResidual: true}},
	{"balanced", Coding{
		Steps:        4,
		Select:       Selection{By: BySaliency, Share: 0.35, Middle: 0.45, Low: 2, EachInput: true},
		CacheSteps:   4,
		HeadSteps:    4,
		HeadResidual: true,
	}},
	{"fewest", Coding{
		Steps:        3,
		Select:       Selection{By: BySaliency, Share: 0.03, Middle: 0.15, Low: 1, EachInput: true},
		CacheSteps:   4, // they are few, and coarse ones cost much quality
		HeadSteps:    4, // its input decides the token directly
		HeadResidual: true,
	}},
}

// Presets gives all of them in order.
func Presets() []Preset { return slices.Clone(presets[:]) }

// FindPreset gives the preset of a name. The error wraps ErrBadRequest and says which names there are.
func FindPreset(name string) (Preset, error) {
	var known [len(presets)]string
	for i, p := range presets {
		if p.Name == name {
			return p, nil
		}
		known[i] = p.Name
	}
	last := len(known) - 1
	return Preset{}, fmt.Errorf("%w: preset %.40q, want %s or %s", ErrBadRequest, name, strings.Join(known[:last], ", "), known[last])
}

// Fits reports whether a model has what the preset chooses neurons and heads by. A model of format version 1, or one packed
// without calibration, has no ranking.
func (p *Preset) Fits(m *planes.Manifest) bool {
	for _, by := range [...]Measure{p.Coding.Select.By, p.Coding.CacheSelect.By} {
		name := rankingTensors[by]
		if name != "" && !slices.ContainsFunc(m.Tensors, func(t planes.Tensor) bool { return t.Name == name }) {
			return false
		}
	}
	return true
}
