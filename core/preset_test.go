package core

import (
	"errors"
	"slices"
	"testing"

	"github.com/spikechat/spikechat/core/coding"
	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/core/simd"
)

// TestPresetsFitModelsWithTheirRanking asks manifest and model: they must agree.
func TestPresetsFitModelsWithTheirRanking(t *testing.T) {
	manifest := func(names ...string) *planes.Manifest {
		m := &planes.Manifest{}
		for _, name := range names {
			m.Tensors = append(m.Tensors, planes.Tensor{Name: name})
		}
		return m
	}
	ranked, unranked, other := rankedModel(t), ownTinyModel(t), ownTinyModel(t)
	unranked.rankings = [coding.AtRandom]*planes.Ranking{}
	other.rankings[coding.BySaliency] = nil
	for _, c := range []struct {
		name     string
		model    *Model
		manifest *planes.Manifest
		fits     []string
	}{
		{"both rankings", ranked, manifest("tokenizer", planes.SaliencyName, planes.AbsoluteName),
			[]string{"best", "balanced", "fewest"}},
		{"no ranking", unranked, manifest("tokenizer"), []string{"best"}},
		{"the control alone", other, manifest(planes.AbsoluteName), []string{"best"}},
	} {
		heads := func(by coding.Measure, needs string) coding.Preset {
			return coding.Preset{Name: needs, Coding: coding.Coding{
				Steps: 4, CacheSteps: 4,
				CacheSelect: coding.HeadSelection{By: by, Share: 0.5, Low: 2},
			}}
		}
		// Heads by saliency need what balanced does; those at random need as little as best.
		for _, p := range append(coding.Presets(), heads(coding.BySaliency, "balanced"),
			heads(coding.AtRandom, "best")) {
			want := slices.Contains(c.fits, p.Name)
			if got := p.Coding.Fits(c.manifest.Ranks); got != want {
				t.Errorf("%s: %s fits: %v", c.name, p.Name, got)
			}
			s, err := NewState(c.model, 16, 16)
			if err != nil {
				t.Fatal(err)
			}
			if err := s.SetCoding(p.Coding, simd.LookupKernel); want != (err == nil) ||
				err != nil && !errors.Is(err, ErrBadRequest) {
				t.Errorf("%s: %s: %v", c.name, p.Name, err)
			}
		}
	}
}

// TestPresetsFireLess: each preset fires less than the one before it, on the same tokens.
func TestPresetsFireLess(t *testing.T) {
	m, before := tinyModel(t), uint64(0)
	for _, p := range coding.Presets() {
		s, err := NewState(m, 16, 16)
		if err != nil {
			t.Fatal(err)
		}
		setCoding(t, s, p.Coding)
		if err := s.Forward(randomTokens(3, 16), false); err != nil {
			t.Fatal(err)
		}
		spikes := uint64(0)
		for _, c := range s.Counts() {
			spikes += uint64(c.Spikes)
		}
		if spikes == 0 || before > 0 && spikes >= before {
			t.Errorf("%s: %d spikes after %d", p.Name, spikes, before)
		}
		before = spikes
	}
}
