package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"text/tabwriter"
	"time"

	"github.com/spikechat/spikechat/core"
)

// counts are core.Counts with room for a whole text.
type counts struct{ active, strong, spikes, executed, levels uint64 }

func newCounts(c core.Counts) counts {
	return counts{uint64(c.Active), uint64(c.Strong), uint64(c.Spikes), uint64(c.Executed), uint64(c.Levels)}
}

func (c *counts) add(o counts) {
	c.active += o.active
	c.strong += o.strong
	c.spikes += o.spikes
	c.executed += o.executed
	c.levels += o.levels
}

// result is what was measured, in the names and units of the JSON.
type result struct {
	Perplexity float64 `json:"ppl"`  // exp of the mean negative log likelihood of all tokens but each window's first
	KL         float64 `json:"kl"`   // mean KL(float||coded) of all positions, in nats
	Top1       float64 `json:"top1"` // share of positions whose likeliest token is that of float
	Spikes     spikes  `json:"spikes"`
	Tokens     int     `json:"tokens"` // positions run: those of the windows together
	Windows    int     `json:"windows"`
	Steps      int     `json:"steps"`
	HeadSteps  int     `json:"head_steps"`
	Seconds    float64 `json:"seconds"`
}

// spikes are means for each token, over the inputs of all layers; the head's input is not counted. With float
// activations nothing spikes and all are 0 but neurons and synapses.
type spikes struct {
	activity
	Populations map[string]activity `json:"populations"` // the same for each population, summed over the layers
}

// activity is what some neurons did for a token, in the mean. Counts are defined at core.Counts.
type activity struct {
	Neurons            int     `json:"neurons"`
	Synapses           int     `json:"synapses"` // Σ fan-out of the neurons: multiplications of the dense product
	Active             float64 `json:"active"`
	Strong             float64 `json:"strong"`
	Spikes             float64 `json:"spikes"`
	Executed           float64 `json:"executed"`
	Levels             float64 `json:"levels"`
	SynapticOperations float64 `json:"synaptic_operations"` // Σ spikes * fan-out
	ActiveShare        float64 `json:"active_share"`        // of the neurons
	StrongShare        float64 `json:"strong_share"`        // of the neurons
	SynapticShare      float64 `json:"synaptic_share"`      // synaptic operations for each synapse
}

func newResult(m *measurement, t *totals, elapsed time.Duration) *result {
	tokens := float64(t.tokens)
	r := &result{
		Perplexity: math.Exp(t.nll / float64(t.predicted)),
		KL:         t.kl / tokens,
		Top1:       float64(t.agreed) / tokens,
		Tokens:     t.tokens, Windows: len(m.windows),
		Steps: m.coding.Steps, HeadSteps: m.coding.HeadSteps,
		Seconds: elapsed.Seconds(),
	}
	c := &m.model.Config
	var all activity
	r.Spikes.Populations = map[string]activity{}
	for p := range core.Population(core.Populations) {
		n, fanOut := t.counts[p], core.FanOut(c, p)
		a := activity{
			Neurons:            c.Layers * core.Neurons(c, p),
			Active:             float64(n.active) / tokens,
			Strong:             float64(n.strong) / tokens,
			Spikes:             float64(n.spikes) / tokens,
			Executed:           float64(n.executed) / tokens,
			Levels:             float64(n.levels) / tokens,
			SynapticOperations: float64(n.spikes) * float64(fanOut) / tokens,
		}
		a.Synapses = a.Neurons * fanOut
		all.Neurons += a.Neurons
		all.Synapses += a.Synapses
		all.Active += a.Active
		all.Strong += a.Strong
		all.Spikes += a.Spikes
		all.Executed += a.Executed
		all.Levels += a.Levels
		all.SynapticOperations += a.SynapticOperations
		r.Spikes.Populations[p.String()] = a.withShares()
	}
	r.Spikes.activity = all.withShares()
	return r
}

func (a activity) withShares() activity {
	a.ActiveShare = a.Active / float64(a.Neurons)
	a.StrongShare = a.Strong / float64(a.Neurons)
	a.SynapticShare = a.SynapticOperations / float64(a.Synapses)
	return a
}

func (r *result) writeJSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(r)
}

func (r *result) writeTable(w io.Writer) error {
	fmt.Fprintf(w, "%d windows, %d tokens, %s, head %s: %.0f s\n\n", r.Windows, r.Tokens, stepsName(r.Steps), stepsName(r.HeadSteps), r.Seconds)
	fmt.Fprintf(w, "perplexity   %.3f\n", r.Perplexity)
	fmt.Fprintf(w, "KL           %.5f nats from float\n", r.KL)
	fmt.Fprintf(w, "top-1        %.2f %% as in float\n\n", 100*r.Top1)
	if r.Steps == 0 {
		_, err := fmt.Fprintln(w, "Float activations: nothing spikes.")
		return err
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "for each token\tneurons\tactive\tstrong\tspikes\texecuted\tlevels\tsynaptic operations\tfor each synapse\t")
	row := func(name string, a activity) {
		fmt.Fprintf(t, "%s\t%d\t%.1f %%\t%.1f %%\t%.0f\t%.0f\t%.0f\t%.3g\t%.3f\t\n", name, a.Neurons, 100*a.ActiveShare, 100*a.StrongShare,
			a.Spikes, a.Executed, a.Levels, a.SynapticOperations, a.SynapticShare)
	}
	for p := range core.Population(core.Populations) {
		row(p.String(), r.Spikes.Populations[p.String()])
	}
	row("all", r.Spikes.activity)
	return t.Flush()
}

func stepsName(steps int) string {
	if steps == 0 {
		return "float"
	}
	return fmt.Sprintf("T=%d", steps)
}
