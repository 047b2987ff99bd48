package planes

import (
	"errors"
	"math"
	"strings"
	"testing"
)

// TestArchitectures: which fields of a configuration each architecture has, and since when.
func TestArchitectures(t *testing.T) {
	gemma := func(c *Config) { c.Architecture, c.Window, c.LocalRopeBase = "gemma3", 512, 10000 }
	nan := float32(math.NaN())
	for _, c := range []struct {
		name    string
		version int
		change  func(*Config)
		want    error
		words   string
	}{
		{"llama", 4, func(*Config) {}, nil, ""},
		{"qwen2", 4, func(c *Config) { c.Architecture = "qwen2" }, nil, ""},
		{"qwen3", 4, func(c *Config) { c.Architecture = "qwen3" }, nil, ""},
		{"smollm3", 4, func(c *Config) { c.Architecture = "smollm3" }, nil, ""},
		{"gemma3", 4, gemma, nil, ""},
		{"another", 4, func(c *Config) { c.Architecture = "mamba" }, ErrUnsupported, `"mamba"`},
		{"none", 4, func(c *Config) { c.Architecture = "" }, ErrUnsupported, `""`},
		{"qwen2 too early", 3, func(c *Config) { c.Architecture = "qwen2" }, ErrInvalid, `want "llama"`},
		{"gemma3 too early", 3, gemma, ErrInvalid, `want "llama"`},
		{"scale too early", 3, func(c *Config) { c.RopeScale = 1 }, ErrInvalid, "rope_scale"},
		{"window too early", 3, func(c *Config) { c.Window = 1 }, ErrInvalid, "window"},
		{"base too early", 3, func(c *Config) { c.LocalRopeBase = 1 }, ErrInvalid, "local_rope_base"},
		{"scale", 4, func(c *Config) { c.RopeScale = 1.25 }, nil, ""},
		{"scale 16", 4, func(c *Config) { c.RopeScale = 16 }, nil, ""},
		{"scale 17", 4, func(c *Config) { c.RopeScale = 17 }, ErrInvalid, "rope_scale is 17"},
		{"scale -1", 4, func(c *Config) { c.RopeScale = -1 }, ErrInvalid, "rope_scale is -1"},
		{"scale NaN", 4, func(c *Config) { c.RopeScale = nan }, ErrInvalid, "rope_scale is NaN"},
		{"window of llama", 4, func(c *Config) { c.Window = 512 }, ErrInvalid, `"llama"`},
		{"local base of qwen3", 4, func(c *Config) { c.Architecture, c.LocalRopeBase = "qwen3", 1e4 },
			ErrInvalid, `"qwen3"`},
		{"gemma3 without window", 4, func(c *Config) { gemma(c); c.Window = 0 }, ErrInvalid,
			"window is 0"},
		{"gemma3, window too long", 4, func(c *Config) { gemma(c); c.Window = MaxContext + 1 },
			ErrInvalid, "window is 1048577"},
		{"gemma3 without local base", 4, func(c *Config) { gemma(c); c.LocalRopeBase = 0 },
			ErrInvalid, "local_rope_base 0"},
		{"gemma3, local base NaN", 4, func(c *Config) { gemma(c); c.LocalRopeBase = nan },
			ErrInvalid, "local_rope_base NaN"},
	} {
		m, _ := codedModel(t)
		if m.Version = c.version; m.Version >= ArchitecturesVersion {
			m.Chat, m.ChatTemplate = &Chat{}, ""
		}
		c.change(&m.Config)
		err := m.validate()
		if !errors.Is(err, c.want) || err != nil && !strings.Contains(err.Error(), c.words) {
			t.Errorf("%s: %v, want %v with %q", c.name, err, c.want, c.words)
		}
	}
}

// TestLayersOfArchitectures: layers count from 0, so the sixth and the fourth are other ones.
func TestLayersOfArchitectures(t *testing.T) {
	for _, c := range []struct{ name, local, rotates string }{
		{"llama", "............", "rrrrrrrrrrrr"},
		{"gemma3", "lllll.lllll.", "rrrrrrrrrrrr"},
		{"smollm3", "............", "rrr.rrr.rrr."},
	} {
		config := Config{Architecture: c.name}
		for layer := range c.local {
			if got := config.Local(layer); got != (c.local[layer] == 'l') {
				t.Errorf("%s, layer %d: local is %v", c.name, layer, got)
			}
			if got := config.Rotates(layer); got != (c.rotates[layer] == 'r') {
				t.Errorf("%s, layer %d: rotates is %v", c.name, layer, got)
			}
		}
	}
}

// TestVersionsAreWritten: a Writer keeps the version that it was given, and codes runs as in 3.
func TestVersionsAreWritten(t *testing.T) {
	m, _ := codedModel(t)
	for _, c := range []struct{ asked, written int }{{0, 2}, {2, 2}, {3, 3}, {4, 4}, {5, 5}, {6, 2}} {
		n := *m
		if n.Version = c.asked; n.Version == 4 || n.Version == 5 {
			n.Chat, n.ChatTemplate = &Chat{}, ""
		}
		w, err := NewWriter(n, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		if w.manifest.Version != c.written {
			t.Errorf("version %d was asked for, %d is written", c.asked, w.manifest.Version)
		}
	}
}

func TestRopeDivisors(t *testing.T) {
	for _, c := range []struct {
		divisors []float32
		ok       bool
	}{
		{nil, true}, {[]float32{1, 1e6}, true}, {[]float32{1, 0.5}, false}, {[]float32{0}, false},
		{[]float32{-1}, false}, {[]float32{1e7}, false}, {[]float32{float32(math.NaN())}, false},
	} {
		err := CheckRopeDivisors(c.divisors)
		if (err == nil) != c.ok || err != nil && !errors.Is(err, ErrInvalid) {
			t.Errorf("%v: %v", c.divisors, err)
		}
	}
}
