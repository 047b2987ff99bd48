//go:build js && wasm

package main

import (
	"fmt"
	"strings"
	"testing"
)

// TestInspect asks what was read as JavaScript does, and compares it with the counts that the
// tokens' records had.
func TestInspect(t *testing.T) {
	d := loadTiny(t)
	fails(t, "before finish", inspect(sendText(t, `{"kind":"population"}`)), "bad_request",
		"before finish")
	succeeds(t, finish(sendText(t, `{"kernel":"lookup","context":256}`)), nil)
	question := `{"messages":[{"role":"user","content":"Grüße 🙂"}],"steps":2,"max_tokens":6}`
	records := askFor(t, question)
	last := records[len(records)-1]

	query := func(kind string, layer int, population string, rest string) int32 {
		return inspect(sendText(t, fmt.Sprintf(`{"kind":%q,"layer":%d,"population":%q,%s}`, kind, layer,
			population, rest)))
	}
	for layer := range d.Layers {
		for p, population := range d.Populations {
			var whole populationSpikes
			// What was read at a position predicted the record of the next one.
			succeeds(t, query("population", layer, population.Name,
				fmt.Sprintf(`"position":%d`, last.position-1)), &whole)
			counts := last.counts[5*(4*layer+p):][:5]
			active, spikes, levels, listed := uint32(0), uint32(0), uint32(0), 0
			for i, n := range whole.Histogram {
				if k := i + whole.Lowest; k != 0 {
					active += uint32(n)
					levels += uint32(n * max(k, -k))
				}
				listed += n
			}
			for _, step := range whole.Spikes {
				for _, spike := range step {
					for bits := max(spike, -spike); bits > 0; bits &= bits - 1 {
						spikes++
					}
				}
			}
			if active != counts[0] || spikes != counts[2] || levels != counts[4] ||
				listed != population.Neurons || len(whole.Spikes) != 2 || whole.Lowest != -30 ||
				len(whole.Rest) != population.Neurons/32 || whole.GroupSize != 32 {
				t.Errorf("layer %d, %s: %d active, %d spikes, %d levels of %d neurons, counted %v", layer,
					population.Name, active, spikes, levels, listed, counts)
			}
			for j := range population.Neurons {
				var n neuronTrace
				succeeds(t, query("neuron", layer, population.Name,
					fmt.Sprintf(`"position":%d,"neuron":%d`, last.position-1, j)), &n)
				sum, g := 0, j/32
				for step, fired := range n.Fired {
					if n.Potentials[step] != n.Code-sum || n.Spikes[step] != whole.Spikes[step][j] {
						t.Fatalf("%s, neuron %d: %+v", population.Name, j, n)
					}
					sum += fired
				}
				if sum != n.Code || n.Code != whole.Codes[j] || n.Rest != whole.Rest[g] ||
					n.Steps != whole.Steps[g] || n.Threshold != whole.Thresholds[g] ||
					n.Potentials[n.Steps] != 0 || n.Token != whole.Token {
					t.Fatalf("%s, neuron %d: %+v", population.Name, j, n)
				}
			}
		}
	}

	var text strings.Builder
	codes := 0
	for next, total := 0, 1; next < total; {
		var h neuronHistory
		succeeds(t, query("history", 1, "down", fmt.Sprintf(`"position":%d,"neuron":5`, next)), &h)
		if h.Next <= next || h.Next-next > 16 || h.Total != int(last.position) {
			t.Fatalf("from %d to %d of %d", next, h.Next, h.Total)
		}
		for i, token := range h.Tokens {
			if token.Position != next+i {
				t.Errorf("token %d stands at %d", next+i, token.Position)
			}
			text.WriteString(token.Text)
			var n neuronTrace
			succeeds(t, query("neuron", 1, "down",
				fmt.Sprintf(`"position":%d,"neuron":5`, token.Position)), &n)
			if n.Code != h.Codes[i] || n.Rest != h.Rest[i] || n.Threshold != h.Thresholds[i] ||
				n.Activation != h.Activations[i] || n.Token != token || n.Steps != h.Steps[i] {
				t.Errorf("position %d: %+v differs from the history", token.Position, n)
			}
			codes++
		}
		next, total = h.Next, h.Total
	}
	if codes != int(last.position) || !strings.Contains(text.String(), "Grüße 🙂") {
		t.Errorf("%d codes of the text %q", codes, text.String())
	}

	for rest, words := range map[string]string{
		`"position":9999`: "position 9999", `"position":-1`: "position -1",
		`"position":0,"layer":3`: `"layer"`,
	} {
		fails(t, rest, query("population", 0, "qkv", rest), "bad_request", words)
	}
	fails(t, "a layer", query("population", 3, "qkv", `"position":0`), "bad_request", "layer 3")
	fails(t, "a population", query("population", 0, "x", `"position":0`), "bad_request",
		"population")
	fails(t, "a neuron", query("neuron", 0, "qkv", `"position":0,"neuron":96`), "bad_request",
		"neuron 96")
	fails(t, "a neuron", query("history", 0, "qkv", `"position":0,"neuron":-1`), "bad_request",
		"neuron -1")

	// Alternatives come as a record's logprobs: of the token that ended the answer too.
	for _, r := range records {
		succeeds(t, inspect(sendText(t, fmt.Sprintf(
			`{"kind":"alternatives","position":%d,"top":2}`, r.position))), nil)
		told, _, rest := readLogprobs(t, result(t))
		if len(told) != 1 || len(told[0].Top) != 2 || len(rest) != 0 ||
			told[0].Top[0].Value < told[0].Top[1].Value || told[0].Value > told[0].Top[0].Value {
			t.Errorf("position %d: %+v, %d bytes behind it", r.position, told, len(rest))
		}
	}
	fails(t, "a position", inspect(sendText(t, `{"kind":"alternatives","position":0}`)),
		"bad_request", "position")
	fails(t, "a number", inspect(sendText(t, `{"kind":"alternatives","position":1,"top":21}`)),
		"bad_request", "top_logprobs is 21")

	// The answer after all this is the first one's.
	again := askFor(t, question)
	for i := range again {
		if again[i].token != records[i].token || again[i].text != records[i].text {
			t.Errorf("token %d is %+v, before the replay %+v", i, again[i], records[i])
		}
	}
	succeeds(t, begin(sendText(t, question)), nil)
	fails(t, "while answering", query("population", 0, "qkv", `"position":0`), "bad_request",
		"under way")
	succeeds(t, end(), nil)
}

// TestLesionsThroughTheExports: they change the answer, and the answer after them is healthy.
func TestLesionsThroughTheExports(t *testing.T) {
	finishTiny(t, `{"kernel":"lookup","context":256}`)
	hashOf := func(lesions string) string {
		askFor(t, `{"messages":[{"role":"user","content":"Hello!"}],"max_tokens":6,"hash":true`+
			lesions+`}`)
		var got struct{ Hash string }
		succeeds(t, hash(), &got)
		return got.Hash
	}
	healthy := hashOf("")
	for _, l := range []string{`{"thresholds":[{"factor":4}]}`, `{"silenced":[{"layer":1}]}`,
		`{"silenced":[{"layer":0,"head":2}]}`, `{"dropped_planes":3}`} {
		hurt := hashOf(`,"lesions":` + l)
		for _, kernel := range []string{"popcount", "dot", "lookup"} {
			succeeds(t, finish(sendText(t, `{"kernel":"`+kernel+`","context":256}`)), nil)
			if got := hashOf(`,"lesions":` + l); got != hurt {
				t.Errorf("%s with %s: %s, want %s", l, kernel, got, hurt)
			}
		}
		if got := hashOf(""); hurt == healthy || got != healthy {
			t.Errorf("%s: hash %s, healed %s, healthy %s", l, hurt, got, healthy)
		}
	}
	for l, words := range map[string]string{
		`{"silenced":[{"layer":3}]}`: "layer 3", `{"silenced":[{"layer":0,"head":3}]}`: "head 3",
		`{"dropped_planes":4}`: "4 planes", `{"thresholds":[{"factor":0.5}]}`: "factor 0.5",
		`{"thresholds":[{}]}`: "factor 0", `{"x":1}`: "unknown field",
	} {
		fails(t, l, begin(sendText(t, `{"messages":[{"role":"user","content":"a"}],"lesions":`+l+`}`)),
			"bad_request", words)
	}
}
