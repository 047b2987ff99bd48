//go:build goexperiment.simd && !wasm

// Calibration takes a quarter of a minute for each model where nothing is vectorised. That it gives
// the same bits there is proved by package calibrate.

package main

import (
	"strings"
	"testing"

	"github.com/spikechat/spikechat/core"
	"github.com/spikechat/spikechat/core/coding"
	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/core/simd"
	"github.com/spikechat/spikechat/tools/pack/packer"
)

// TestRanked: each architecture is calibrated, and Optimal Brain Spiking gives its neurons, keys
// and values their steps. Every input of a linear layer spikes, and every key and value.
func TestRanked(t *testing.T) {
	for i := range packer.Variants {
		v := &packer.Variants[i]
		if strings.HasPrefix(v.Name, "llama") {
			continue // the tiny model of every other test
		}
		t.Run(v.Name, func(t *testing.T) {
			t.Parallel()
			folder, err := pack(v, packer.CalibrationText, 0)
			if err != nil {
				t.Fatal(err)
			}
			m, err := core.Open(folder)
			if err != nil {
				t.Fatal(err)
			}
			m.Prepare(simd.LookupKernel)
			m.Prepare(simd.PopcountKernel)
			ranked := 0
			for _, preset := range coding.Presets() {
				if preset.Coding.Select.By != coding.Alike {
					ranked++
				}
				looked := run(t, m, preset.Coding, simd.LookupKernel, 48, true)
				if counted := run(t, m, preset.Coding, simd.PopcountKernel, 7, false); counted != looked {
					t.Errorf("%s: lookup %v, popcount %v", preset.Name, looked, counted)
				}
				s := newState(t, m, len(tokens), preset.Coding, simd.LookupKernel)
				s.Counting = core.CountAll
				if err := s.Forward(tokens, false); err != nil {
					t.Fatal(err)
				}
				for i, c := range s.Counts() {
					neurons := m.Config.Neurons(coding.Population(i % coding.Populations))
					if want := len(tokens) * neurons; int(c.Steps) < want {
						t.Errorf("%s: input %d has %d steps of %d neurons", preset.Name, i, c.Steps, want)
					}
				}
				for i, c := range s.CacheCounts() {
					want := len(tokens) * m.Config.KVHeads * m.Config.HeadDim
					if preset.Coding.CacheSteps > 0 && int(c.Steps) < want {
						t.Errorf("%s: cache %d has %d steps of %d neurons", preset.Name, i, c.Steps, want)
					}
				}
			}
			if ranked == 0 {
				t.Error("no preset has a ranking")
			}
			if _, r, err := planes.Open(folder); err != nil || !r.Has(planes.SaliencyName) ||
				!r.Has(planes.AbsoluteName) {
				t.Errorf("no rankings: %v", err)
			}
		})
	}
}
