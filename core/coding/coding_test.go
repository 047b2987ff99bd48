package coding

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/spikechat/spikechat/core/internal/request"
)

func TestValidateRefuses(t *testing.T) {
	by := func(change func(*Selection)) Coding {
		c := Coding{Steps: 4, Select: Selection{By: AtRandom, Share: 0.1, Low: 1}}
		change(&c.Select)
		return c
	}
	for text, c := range map[string]Coding{
		"-1 steps":                    {Steps: -1},
		"5 for the output":            {OutputSteps: 5},
		"5 steps for down":            {Steps: 4, Population: [Populations]uint8{Down: 5}},
		"without steps":               {Population: [Populations]uint8{Down: 1}},
		"ranges without steps":        {OneRange: true},
		"selection without a measure": {Steps: 4, Select: Selection{Low: 1}},
		"measure 4":                   by(func(s *Selection) { s.By = 4 }),
		"shares 1.5 and 0":            by(func(s *Selection) { s.Share = 1.5 }),
		"shares -1 and 0":             by(func(s *Selection) { s.Share = -1 }),
		"shares NaN":                  by(func(s *Selection) { s.Share = float32(math.NaN()) }),
		"and NaN, want":               by(func(s *Selection) { s.Middle = float32(math.NaN()) }),
		"shares 0.1 and 0.95":         by(func(s *Selection) { s.Middle = 0.95 }),
		"shares 0.1 and -0.1":         by(func(s *Selection) { s.Middle = -0.1 }),
		"or between 4 steps and 3":    by(func(s *Selection) { s.Middle, s.Low = 0.5, 3 }),
		"a middle share of single neurons": by(func(s *Selection) {
			s.Middle, s.Neurons = 0.5, true
		}),
		"4 steps for some and 0 for": by(func(s *Selection) { s.Low = 0 }),
		"4 steps for some and 5 for": by(func(s *Selection) { s.Low = 5 }),
		"share 0.2 of single neurons": by(func(s *Selection) {
			s.Share, s.Neurons = 0.2, true
		}),
		"others of 3, which must divide it": by(func(s *Selection) { s.Low, s.Neurons = 3, true }),
		"a seed for a measure": by(func(s *Selection) {
			s.By, s.Seed = BySaliency, 1
		}),

		"0 steps for some and 1 for": {Select: Selection{By: AtRandom, Low: 1}},
		"bad request: 0 steps for some key and value heads and 1 for": {
			CacheSelect: HeadSelection{By: AtRandom, Low: 1}},
		"bad request: 2 steps for some key and value heads and 4 for": {CacheSteps: 2,
			CacheSelect: HeadSelection{By: AtRandom, Low: 4}},
		"bad request: 4 steps for some key and value heads and 0 for": {CacheSteps: 4,
			CacheSelect: HeadSelection{By: AtRandom}},
		"bad request: measure 0 of key and value heads with seed 0": {Steps: 4, CacheSteps: 4,
			CacheSelect: HeadSelection{Low: 1}},
		"bad request: measure 4 of key and value heads": {CacheSteps: 4,
			CacheSelect: HeadSelection{By: 4, Low: 1}},
		"bad request: 3 steps for keys and values": {CacheSteps: 4,
			CacheSelect: HeadSelection{By: AtRandom, Low: 3}},
		"bad request: share 1.5 of key and value heads": {CacheSteps: 4,
			CacheSelect: HeadSelection{By: AtRandom, Low: 2, Share: 1.5}},
		"bad request: share -0.5 of key and value heads": {CacheSteps: 4,
			CacheSelect: HeadSelection{By: AtRandom, Low: 2, Share: -0.5}},
		"bad request: share NaN of key and value heads": {CacheSteps: 4,
			CacheSelect: HeadSelection{By: AtRandom, Low: 2, Share: float32(math.NaN())}},
		"bad request: measure 2 of key and value heads with seed 1": {CacheSteps: 4,
			CacheSelect: HeadSelection{By: ByAbsolute, Low: 2, Seed: 1}},
	} {
		err := c.Validate()
		if !errors.Is(err, request.ErrBad) || !strings.Contains(err.Error(), text) {
			t.Errorf("%+v: %v, want ErrBadRequest with %q", c, err, text)
		}
	}
	for _, c := range []Coding{
		{}, {Steps: 4}, {CacheSteps: 2}, {OutputSteps: 3, OutputResidual: true},
		{Steps: 4, Select: Selection{By: AtRandom, Share: 1, Low: 4, Seed: 7}},
		{Steps: 4, Select: Selection{By: BySaliency, Share: 0.125, Low: 2, Neurons: true}},
	} {
		if err := c.Validate(); err != nil {
			t.Errorf("%+v: %v", c, err)
		}
	}
}

// TestFits: a coding needs the rankings by the measures that it names, and no others.
func TestFits(t *testing.T) {
	of := func(by, heads Measure) Coding {
		return Coding{
			Steps: 4, Select: Selection{By: by, Low: 1},
			CacheSteps: 4, CacheSelect: HeadSelection{By: heads, Low: 1},
		}
	}
	ranked := func(by Measure) bool { return by == BySaliency }
	for _, c := range []struct {
		coding Coding
		fits   bool
	}{
		{Coding{}, true}, {of(AtRandom, AtRandom), true}, {of(BySaliency, AtRandom), true},
		{of(AtRandom, BySaliency), true}, {of(ByAbsolute, BySaliency), false},
		{of(BySaliency, ByAbsolute), false},
	} {
		if got := c.coding.Fits(ranked); got != c.fits {
			t.Errorf("%+v fits: %v", c.coding, got)
		}
	}
}

// TestLayers: what a coding leaves in the cache does not depend on the output.
func TestLayers(t *testing.T) {
	c := Coding{Steps: 2, OneRange: true, CacheSteps: 4, OutputSteps: 4, OutputResidual: true}
	if got := c.Layers(); got != (Coding{Steps: 2, OneRange: true, CacheSteps: 4}) {
		t.Errorf("%+v", got)
	}
}
