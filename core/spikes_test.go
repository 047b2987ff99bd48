package core

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/spikechat/spikechat/core/coding"
)

// goldenSpikes is what the neurons do over one golden prompt: the counts of all its tokens, summed
// over the layers.
type goldenSpikes struct {
	Coding      string            `json:"coding"` // by name: see the test
	Prompt      int               `json:"prompt"`
	Populations map[string]Counts `json:"populations"`
}

var spikeCodings = map[string]coding.Coding{
	"T=4": {Steps: 4, CacheSteps: 4, OutputSteps: 4, OutputResidual: true},
	"25 % of each input T=4, 50 % T=3, the rest T=2": {Steps: 4, CacheSteps: 4, OutputSteps: 4,
		OutputResidual: true,
		Select: coding.Selection{By: coding.BySaliency, Share: 0.25, Middle: 0.5, Low: 2,
			EachInput: true}},
}

// TestGoldenSpikes holds the spike counts of the golden prompts to those that were stored once;
// they must be the same in every build.
func TestGoldenSpikes(t *testing.T) {
	t.Parallel()
	file := filepath.Join("testdata", "spikes.json")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var stored []goldenSpikes
	if err := json.Unmarshal(text, &stored); err != nil {
		t.Fatal(err)
	}
	m, prompts := realModel(t), goldenPrompts(t)
	if len(stored) != len(spikeCodings)*len(prompts) {
		t.Errorf("%d prompts stored, want %d codings of %d", len(stored), len(spikeCodings),
			len(prompts))
	}
	for _, want := range stored {
		c, ok := spikeCodings[want.Coding]
		if !ok {
			t.Fatalf("no coding %q", want.Coding)
		}
		s := newState(t, m, len(prompts[want.Prompt].IDs), c)
		s.Counting = CountAll
		forward(t, s, prompts[want.Prompt].IDs)
		got := map[string]Counts{"head": *s.OutputCounts()}
		for i, n := range s.CacheCounts() {
			p := [2]string{"keys", "values"}[i%2]
			sum := got[p]
			sum.Add(&n)
			got[p] = sum
		}
		for i, n := range s.Counts() {
			p := coding.Population(i % coding.Populations).String()
			sum := got[p]
			sum.Add(&n)
			got[p] = sum
		}
		for p, n := range got {
			if n != want.Populations[p] {
				t.Errorf("%s, prompt %d, %s: %+v, want %+v", want.Coding, want.Prompt, p, n,
					want.Populations[p])
			}
		}
	}
}
