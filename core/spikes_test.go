package core

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/spikechat/spikechat/core/coding"
	"github.com/spikechat/spikechat/core/simd"
	"github.com/spikechat/spikechat/core/text"
)

// goldenSpikes is what the neurons do over one prompt: the counts of all its tokens, summed over
// the layers.
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
	m, prompts := realModel(t), goldenPrompts(t)
	ids := make([][]int32, len(prompts))
	for i, p := range prompts {
		ids[i] = p.IDs
	}
	compareSpikes(t, m, ids, "spikes.json")
}

// TestSpikesOfTheTinyModel is the same for the prompt of TestLogitsHash, where the real model would
// take too long.
func TestSpikesOfTheTinyModel(t *testing.T) {
	tiny, m := hashedAnswers(t)["tiny"], tinyModel(t)
	prompt, err := m.Template.Encode(m.Tokenizer, nil, tiny.request(simd.LookupKernel).Messages,
		text.ChatOptions{})
	if err != nil {
		t.Fatal(err)
	}
	compareSpikes(t, m, [][]int32{prompt}, "spikes-tiny.json")
}

// compareSpikes counts the spikes of all prompts in all of spikeCodings and compares them with a
// file of testdata.
func compareSpikes(t *testing.T, m *Model, prompts [][]int32, file string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", file))
	if err != nil {
		t.Fatal(err)
	}
	var stored []goldenSpikes
	if err := json.Unmarshal(text, &stored); err != nil {
		t.Fatal(err)
	}
	if len(stored) != len(spikeCodings)*len(prompts) {
		t.Errorf("%d prompts stored, want %d codings of %d", len(stored), len(spikeCodings),
			len(prompts))
	}
	for _, want := range stored {
		c, ok := spikeCodings[want.Coding]
		if !ok {
			t.Fatalf("no coding %q", want.Coding)
		}
		for p, n := range spikesOf(t, m, prompts[want.Prompt], c) {
			if n != want.Populations[p] {
				t.Errorf("%s, prompt %d, %s: %+v, want %+v", want.Coding, want.Prompt, p, n,
					want.Populations[p])
			}
		}
	}
}

// spikesOf gives the counts by the names of populations.
func spikesOf(t *testing.T, m *Model, prompt []int32, c coding.Coding) map[string]Counts {
	t.Helper()
	s := newState(t, m, len(prompt), c)
	s.Counting = CountAll
	forward(t, s, prompt)
	got := map[string]Counts{"head": *s.OutputCounts()}
	add := func(population string, n *Counts) {
		sum := got[population]
		sum.Add(n)
		got[population] = sum
	}
	for i, n := range s.CacheCounts() {
		add([2]string{"keys", "values"}[i%2], &n)
	}
	for i, n := range s.Counts() {
		add(coding.Population(i%coding.Populations).String(), &n)
	}
	return got
}
