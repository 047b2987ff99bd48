package coding

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/spikechat/spikechat/core/internal/request"
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
	if want := []string{"best", "balanced", "fewest"}; !slices.Equal(names, want) ||
		names[0] != DefaultPreset {
		t.Errorf("presets %q, want %q", names, want)
	}
	for _, name := range []string{"", "Best", "best ", "uniform", strings.Repeat("x", 1000)} {
		_, err := FindPreset(name)
		if !errors.Is(err, request.ErrBad) ||
			!strings.HasSuffix(err.Error(), ", want best, balanced or fewest") ||
			len(err.Error()) > 120 {
			t.Errorf("%.20q: %v", name, err)
		}
	}
	Presets()[0].Name = "changed"
	presetNamed(t, DefaultPreset)
}
