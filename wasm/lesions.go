package main

import (
	"fmt"

	"github.com/spikechat/spikechat/core"
	"github.com/spikechat/spikechat/core/coding"
)

// lesions is coding.Lesions as JavaScript sends it. A layer or population that is left out, or
// null, stands for all.
type lesions struct {
	Thresholds    []threshold `json:"thresholds"`
	Silenced      []silence   `json:"silenced"`
	DroppedPlanes int         `json:"dropped_planes"`
}

type threshold struct {
	Layer      *int    `json:"layer"`
	Population *string `json:"population"`
	Factor     float32 `json:"factor"`
}

// silence names one of: a layer, or one of its parts, populations or heads; a part or population of
// all layers.
type silence struct {
	Layer      *int    `json:"layer"`
	Part       *string `json:"part"`
	Population *string `json:"population"`
	Head       *int    `json:"head"`
}

// parts are the halves of a layer, each with the populations that feed it.
var parts = [...]struct {
	name        string
	populations [2]coding.Population
}{
	{"attention", [...]coding.Population{coding.QKV, coding.AttnOut}},
	{"feed_forward", [...]coding.Population{coding.GateUp, coding.Down}},
}

// core gives what core damages; l may be nil. Whether layers and heads are there is seen later.
func (l *lesions) core() (c coding.Lesions, err error) {
	if l == nil {
		return c, nil
	}
	c.DroppedPlanes = l.DroppedPlanes
	for i, t := range l.Thresholds {
		place := fmt.Sprintf("lesions.thresholds.%d", i)
		raised := coding.RaisedThreshold{Layer: coding.Every, Factor: t.Factor}
		if raised.Layer, raised.Population, err = placeOf(place, t.Layer, t.Population); err != nil {
			return coding.Lesions{}, err
		}
		c.Thresholds = append(c.Thresholds, raised)
	}
	for i, s := range l.Silenced {
		silenced, err := s.core(fmt.Sprintf("lesions.silenced.%d", i))
		if err != nil {
			return coding.Lesions{}, err
		}
		c.Silenced = append(c.Silenced, silenced...)
	}
	return c, nil
}

// core gives what one entry silences; place names it in errors.
func (s *silence) core(place string) ([]coding.Silence, error) {
	layer, population, err := placeOf(place, s.Layer, s.Population)
	if err != nil {
		return nil, err
	}
	one := coding.Silence{Layer: layer, Population: population, Head: coding.AllHeads}
	named := 0
	for _, given := range [...]bool{s.Part != nil, s.Population != nil, s.Head != nil} {
		if given {
			named++
		}
	}
	switch {
	case named > 1:
		return nil, fmt.Errorf("%w: %s has more than one of part, population and head",
			core.ErrBadRequest, place)
	case named == 0 && s.Layer == nil:
		return nil, fmt.Errorf("%w: %s names nothing", core.ErrBadRequest, place)
	case s.Head != nil:
		if s.Layer == nil || *s.Head < 0 {
			return nil, fmt.Errorf("%w: %s: head %d needs a layer, and counts from 0",
				core.ErrBadRequest, place, *s.Head)
		}
		one.Head = *s.Head
	case s.Part != nil:
		for _, part := range parts {
			if part.name == *s.Part {
				both := []coding.Silence{one, one}
				both[0].Population, both[1].Population = part.populations[0], part.populations[1]
				return both, nil
			}
		}
		return nil, fmt.Errorf("%w: %s: part %.40q, want %s or %s", core.ErrBadRequest, place, *s.Part,
			parts[0].name, parts[1].name)
	}
	return []coding.Silence{one}, nil
}

// placeOf gives a layer and population; what is nil stands for all.
func placeOf(place string, layer *int, name *string) (int, coding.Population, error) {
	l, p := coding.Every, coding.Population(coding.Every)
	if layer != nil {
		if l = *layer; l < 0 {
			return 0, 0, fmt.Errorf("%w: %s: layer %d, want at least 0", core.ErrBadRequest, place, l)
		}
	}
	if name != nil {
		var err error
		if p, err = coding.FindPopulation(*name); err != nil {
			return 0, 0, fmt.Errorf("%s: %w", place, err)
		}
	}
	return l, p, nil
}
