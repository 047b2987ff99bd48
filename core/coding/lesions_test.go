package coding

import (
	"errors"
	"math"
	"testing"

	"github.com/spikechat/spikechat/core/internal/request"
)

// TestLesionsAreChecked runs both sides of every limit.
func TestLesionsAreChecked(t *testing.T) {
	const layers, heads, planes = 3, 2, 4
	nan := float32(math.NaN())
	raise := func(layer int, p Population, factor float32) Lesions {
		return Lesions{Thresholds: []RaisedThreshold{{layer, p, factor}}}
	}
	silence := func(layer int, p Population, head int) Lesions {
		return Lesions{Silenced: []Silence{{layer, p, head}}}
	}
	for _, good := range []Lesions{
		{}, {DroppedPlanes: 3}, raise(Every, Every, 1), raise(2, Down, MaxRaise),
		silence(Every, Every, AllHeads), silence(0, QKV, AllHeads), silence(2, Every, 1),
		{Silenced: make([]Silence, MaxLesions), Thresholds: nil, DroppedPlanes: 0},
	} {
		if len(good.Silenced) == MaxLesions {
			for i := range good.Silenced {
				good.Silenced[i] = Silence{0, Every, 0}
			}
		}
		if err := good.Validate(layers, heads, planes); err != nil {
			t.Errorf("%.200v: %v", good, err)
		}
	}
	for _, wrong := range []Lesions{
		{DroppedPlanes: 4}, {DroppedPlanes: -1}, raise(3, Every, 2), raise(-2, Every, 2),
		raise(0, Populations, 2), raise(0, -2, 2), raise(0, QKV, 0.99), raise(0, QKV, nan),
		raise(0, QKV, 129), raise(0, QKV, float32(math.Inf(1))), silence(3, Every, AllHeads),
		silence(0, 4, AllHeads), silence(0, Every, 2), silence(0, Every, -2),
		silence(Every, Every, 0), silence(0, QKV, 0),
		{Thresholds: make([]RaisedThreshold, MaxLesions+1)},
	} {
		if err := wrong.Validate(layers, heads, planes); !errors.Is(err, request.ErrBad) {
			t.Errorf("%.200v: %v, want an error of the request", wrong, err)
		}
	}
}

// TestLesionsMeetTheirPlaces: the last threshold that meets a place counts, any silence does.
func TestLesionsMeetTheirPlaces(t *testing.T) {
	l := Lesions{
		Thresholds: []RaisedThreshold{{Every, Every, 2}, {1, Every, 4}, {Every, Down, 8}, {2, Down, 1}},
		Silenced:   []Silence{{1, Every, AllHeads}, {Every, GateUp, AllHeads}, {0, Every, 3}},
	}
	for layer, want := range [][Populations]float32{{2, 2, 2, 8}, {4, 4, 4, 8}, {2, 2, 2, 1}} {
		for p := range Population(Populations) {
			if got := l.Raise(layer, p); got != want[p] {
				t.Errorf("layer %d, %v: factor %v, want %v", layer, p, got, want[p])
			}
			if got := l.Silent(layer, p); got != (layer == 1 || p == GateUp) {
				t.Errorf("layer %d, %v: silent is %v", layer, p, got)
			}
		}
	}
	if l.None() || !(&Lesions{}).None() {
		t.Error("None is wrong")
	}
	copied := l.Clone()
	if !copied.Equal(&l) {
		t.Error("a copy is not equal")
	}
	copied.Silenced[0].Layer = 2
	if copied.Equal(&l) || l.Silenced[0].Layer != 1 {
		t.Error("a copy shares its lists")
	}
	if l.Equal(&Lesions{}) || l.Equal(&Lesions{Thresholds: l.Thresholds, Silenced: l.Silenced,
		DroppedPlanes: 1}) {
		t.Error("what differs is equal")
	}
}
