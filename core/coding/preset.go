package coding

import (
	"slices"
	"strings"
)

// Preset is a Coding with a name, for those who want to choose without knowing its parts.
type Preset struct {
	Name   string
	Coding Coding
}

// DefaultPreset is the name of the one that counts where nothing else is asked for.
const DefaultPreset = "best"

// presets run from the best answers to the fewest spikes. This is the one place that has their
// numbers; packed models have counted what fires with them, so other numbers raise
// planes.ActivityVersion.
var presets = [...]Preset{
	{DefaultPreset, Coding{Steps: 4, CacheSteps: 4, OutputSteps: 4, OutputResidual: true}},
	{"balanced", Coding{
		Steps: 4,
		Select: Selection{
			By: BySaliency, Share: 0.35, Middle: 0.45, Low: 2, EachInput: true,
		},
		CacheSteps:     4,
		OutputSteps:    4,
		OutputResidual: true,
	}},
	{"fewest", Coding{
		Steps: 3,
		Select: Selection{
			By: BySaliency, Share: 0.03, Middle: 0.15, Low: 1, EachInput: true,
		},
		CacheSteps:     4, // its spikes are few, and fewer steps cost much quality
		OutputSteps:    4, // the output's input decides the token directly
		OutputResidual: true,
	}},
}

// Presets gives all of them in order.
func Presets() []Preset { return slices.Clone(presets[:]) }

// FindPreset gives the preset of a name. The error wraps core.ErrBadRequest and says which names
// there are.
func FindPreset(name string) (Preset, error) {
	var known [len(presets)]string
	for i, p := range presets {
		if p.Name == name {
			return p, nil
		}
		known[i] = p.Name
	}
	last := len(known) - 1
	return Preset{}, bad("preset %.40q, want %s or %s",
		name, strings.Join(known[:last], ", "), known[last])
}
