package coding

import "slices"

// Lesions are what is damaged on purpose in one answer, to see what the damaged part does. Like a
// Coding they are plain data about what neurons do, and core works them out; the model itself is
// never changed. The zero value damages nothing. The output and its neurons are never damaged.
type Lesions struct {
	// Thresholds raises thresholds; where several meet, the last one counts.
	Thresholds []RaisedThreshold
	Silenced   []Silence
	// DroppedPlanes is how many of the lowest planes of every layer's matrices are not read. The
	// middle of what they can say stands for them (FORMAT.md, "Fewer planes").
	DroppedPlanes int
}

// Every, as a layer or population, stands for all of them.
const Every = -1

// Limits of Lesions.
const (
	// MaxRaise is the highest factor of a threshold. With MaxSteps the largest activation of a range
	// is 60 thresholds at most, so that from 120 on no neuron leaves rest.
	MaxRaise = 128
	// MaxLesions bounds each list.
	MaxLesions = 4096
)

// RaisedThreshold makes the threshold of neurons Factor times as high: 1 to MaxRaise. A unit of
// code is worth as much more, so that a neuron that fires still says about its activation.
type RaisedThreshold struct {
	Layer      int
	Population Population // or Every
	Factor     float32
}

// Silence keeps neurons, or what an attention head makes of the values, at rest.
type Silence struct {
	Layer      int
	Population Population // or Every
	// Head is an attention head of one layer, where Population is Every; AllHeads: the neurons of
	// Population are silent.
	Head int
}

// AllHeads, as a head, says that neurons are meant and not one head.
const AllHeads = -1

// None reports whether nothing is damaged.
func (l *Lesions) None() bool {
	return len(l.Thresholds) == 0 && len(l.Silenced) == 0 && l.DroppedPlanes == 0
}

// Equal reports whether both are written alike: only then is their effect sure to be the same.
func (l *Lesions) Equal(o *Lesions) bool {
	return slices.Equal(l.Thresholds, o.Thresholds) && slices.Equal(l.Silenced, o.Silenced) &&
		l.DroppedPlanes == o.DroppedPlanes
}

// Clone gives a copy that shares nothing.
func (l *Lesions) Clone() Lesions {
	return Lesions{slices.Clone(l.Thresholds), slices.Clone(l.Silenced), l.DroppedPlanes}
}

// Validate reports an error that wraps core.ErrBadRequest where a number is out of range for a
// model of so many layers and attention heads whose matrices have planes at least.
func (l *Lesions) Validate(layers, heads, planes int) error {
	if n := max(len(l.Thresholds), len(l.Silenced)); n > MaxLesions {
		return bad("%d lesions, at most %d", n, MaxLesions)
	}
	for _, t := range l.Thresholds {
		if err := validatePlace(t.Layer, t.Population, layers); err != nil {
			return err
		}
		if !(t.Factor >= 1 && t.Factor <= MaxRaise) {
			return bad("threshold factor %v, want 1 to %d", t.Factor, MaxRaise)
		}
	}
	for _, s := range l.Silenced {
		if err := validatePlace(s.Layer, s.Population, layers); err != nil {
			return err
		}
		switch {
		case s.Head == AllHeads:
		case s.Layer == Every || s.Population != Every:
			return bad("silence of head %d without its layer, or with a population", s.Head)
		case s.Head < 0 || s.Head >= heads:
			return bad("silence of head %d, want 0 to %d", s.Head, heads-1)
		}
	}
	if l.DroppedPlanes < 0 || l.DroppedPlanes >= planes {
		return bad("%d planes dropped, want 0 to %d", l.DroppedPlanes, planes-1)
	}
	return nil
}

func validatePlace(layer int, p Population, layers int) error {
	if layer != Every && (layer < 0 || layer >= layers) {
		return bad("lesion of layer %d, want 0 to %d", layer, layers-1)
	}
	if p != Every && (p < 0 || p >= Populations) {
		return bad("lesion of population %d, want 0 to %d", int(p), Populations-1)
	}
	return nil
}

// meets reports whether a place is that of a layer and population.
func meets(layer int, p Population, atLayer int, at Population) bool {
	return (layer == Every || layer == atLayer) && (p == Every || p == at)
}

// Raise gives the factor of the thresholds of a layer's population: 1 where nothing raises them.
func (l *Lesions) Raise(layer int, p Population) float32 {
	factor := float32(1)
	for _, t := range l.Thresholds {
		if meets(t.Layer, t.Population, layer, p) {
			factor = t.Factor
		}
	}
	return factor
}

// Silent reports whether all neurons of a layer's population stay at rest.
func (l *Lesions) Silent(layer int, p Population) bool {
	return slices.ContainsFunc(l.Silenced, func(s Silence) bool {
		return s.Head == AllHeads && meets(s.Layer, s.Population, layer, p)
	})
}
