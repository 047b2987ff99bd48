package core

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/spikechat/spikechat/core/planes"
)

func presetNamed(tb testing.TB, name string) Preset {
	tb.Helper()
	p, err := FindPreset(name)
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

func TestPresetsAreFoundByName(t *testing.T) {
	var names []string
	for _, p := range Presets() {
		names = append(names, p.Name)
		if got := presetNamed(t, p.Name); got != p {
			t.Errorf("%s: %+v, want %+v", p.Name, got, p)
		}
		if err := p.Coding.Validate(); err != nil {
			t.Errorf("%s: %v", p.Name, err)
		}
	}
	if want := []string{"best", "balanced", "fewest"}; !slices.Equal(names, want) || names[0] != DefaultPreset {
		t.Errorf("presets %q, want %q", names, want)
	}
	for _, name := range []string{"", "Best", "best ", "uniform", strings.Repeat("x", 1000)} {
		_, err := FindPreset(name)
		if !errors.Is(err, ErrBadRequest) || !strings.HasSuffix(err.Error(), ", want best, balanced or fewest") || len(err.Error()) > 120 {
			t.Errorf("%.20q: %v", name, err)
		}
	}
	Presets()[0].Name = "changed"
	presetNamed(t, DefaultPreset)
}

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
	unranked.rankings = [AtRandom]*planes.Ranking{}
	other.rankings[BySaliency] = nil
	for _, c := range []struct {
		name     string
		model    *Model
		manifest *planes.Manifest
		fits     []string
	}{
		{"both rankings", ranked, manifest("tokenizer", planes.SaliencyName, planes.AbsoluteName), []string{"best", "balanced", "fewest"}},
		{"no ranking", unranked, manifest("tokenizer"), []string{"best"}},
		{"the control alone", other, manifest(planes.AbsoluteName), []string{"best"}},
	} {
		heads := func(by Measure, needs string) Preset {
			return Preset{needs, Coding{Steps: 4, CacheSteps: 4, CacheSelect: HeadSelection{By: by, Share: 0.5, Low: 2}}}
		}
		// Heads by saliency need what balanced does; those at random need as little as best.
		for _, p := range append(Presets(), heads(BySaliency, "balanced"), heads(AtRandom, "best")) {
			want := slices.Contains(c.fits, p.Name)
			if got := p.Fits(c.manifest); got != want {
				t.Errorf("%s: %s fits: %v", c.name, p.Name, got)
			}
			s, err := NewState(c.model, 16, 16)
			if err != nil {
				t.Fatal(err)
			}
			if err := s.SetCoding(p.Coding); want != (err == nil) || err != nil && !errors.Is(err, ErrBadRequest) {
				t.Errorf("%s: %s: %v", c.name, p.Name, err)
			}
		}
	}
}

// TestPresetsFireLess: each preset fires less than the one before it, on the same tokens.
func TestPresetsFireLess(t *testing.T) {
	m, before := tinyModel(t), uint64(0)
	for _, p := range Presets() {
		s, err := NewState(m, 16, 16)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.SetCoding(p.Coding); err != nil {
			t.Fatal(err)
		}
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
