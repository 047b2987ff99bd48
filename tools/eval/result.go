package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"text/tabwriter"

	"github.com/spikechat/spikechat/core"
	"github.com/spikechat/spikechat/core/coding"
)

// counts are core.Counts with room for a whole text.
type counts struct {
	graded                    [4]uint64
	spikes, merged, levels    uint64
	unrolled, executed        uint64
	steps, bits, bitsUnrolled uint64
}

func (c *counts) addCounts(o *core.Counts) {
	for t, n := range o.Graded {
		c.graded[t] += uint64(n)
	}
	c.spikes += uint64(o.Spikes)
	c.merged += uint64(o.Merged)
	c.levels += uint64(o.Levels)
	c.unrolled += uint64(o.ExecutedUnrolled)
	c.executed += uint64(o.Executed)
	c.steps += uint64(o.Steps)
	c.bits += uint64(o.Bits)
	c.bitsUnrolled += uint64(o.BitsUnrolled)
}

func (c *counts) add(o *counts) {
	for t, n := range o.graded {
		c.graded[t] += n
	}
	c.spikes += o.spikes
	c.merged += o.merged
	c.levels += o.levels
	c.unrolled += o.unrolled
	c.executed += o.executed
	c.steps += o.steps
	c.bits += o.bits
	c.bitsUnrolled += o.bitsUnrolled
}

// maxPerplexity stands for itself and everything beyond: such a model predicts nothing, JSON cannot
// hold the infinity that exp may give, and no axis can show it.
const maxPerplexity = 1e9

// result is what was measured, in the names and units of the JSON.
type result struct {
	// exp of the mean negative log likelihood of all tokens but each window's first, at most
	// maxPerplexity
	Perplexity float64 `json:"ppl"`
	// the same log likelihood in bits for a byte of text, which compares tokenizers
	BitsPerByte float64  `json:"bits_per_byte"`
	KL          float64  `json:"kl"`     // mean KL(float||coded) of all positions, in nats
	KLError     float64  `json:"kl_se"`  // its standard error over the windows; 0 for one window
	Top1        float64  `json:"top1"`   // share of positions whose likeliest token is that of float
	Spikes      spikes   `json:"spikes"` // of the inputs of all layers
	Output      spiking  `json:"output"` // of the output's input
	LookBack    struct { // over the cache, in the mean of all positions
		Spikes float64 `json:"spikes"` // of a token's keys and values
		// spikes of the cache times the heads that they reach
		Operations float64 `json:"synaptic_operations"`
		Dense      float64 `json:"dense"` // multiply-adds of the same without spikes
	} `json:"look_back"`
	// WeightBytes is what the kernels read of the weights for a position, in the mean: once for
	// each block of Block tokens.
	WeightBytes float64 `json:"weight_bytes"`
	Block       int     `json:"block"`
	Tokens      int     `json:"tokens"` // positions run: those of the windows together
	Windows     int     `json:"windows"`
	Steps       int     `json:"steps"`
	OutputSteps int     `json:"output_steps"`
	CacheSteps  int     `json:"cache_steps"`
	// OutputResidual: the output's input is coded by two stages, and Output has the neurons of
	// both.
	OutputResidual bool    `json:"output_residual"`
	Seconds        float64 `json:"seconds"`
}

// spikes are means for each token. With float activations nothing spikes and all are 0 but neurons
// and synapses.
type spikes struct {
	spiking
	// the same for each population, summed over the layers
	Populations map[string]spiking `json:"populations"`
}

// spiking is what some neurons did for a token, in the mean. Counts are defined at simd.Counts.
type spiking struct {
	Neurons int `json:"neurons"`
	// Σ fan-out of the neurons: multiply-adds of the dense product
	Synapses int        `json:"synapses"`
	Active   float64    `json:"active"` // neurons away from rest
	Strong   float64    `json:"strong"` // those with |k| > 15
	Graded   [4]float64 `json:"graded"` // graded spikes of each time step
	Spikes   float64    `json:"spikes"`
	Merged   float64    `json:"merged"`
	Levels   float64    `json:"levels"`
	Executed float64    `json:"executed"`
	// ExecutedUnrolled are the spikes of T steps, rest level included.
	ExecutedUnrolled float64 `json:"executed_unrolled"`
	// that the codes take, thresholds and rest levels included
	Bits         float64 `json:"bits"`
	BitsUnrolled float64 `json:"bits_unrolled"` // likewise at 4 bits a step
	// SynapticOperations are Σ spikes * fan-out, from rest; the others are the same for merged and
	// executed spikes.
	SynapticOperations float64 `json:"synaptic_operations"`
	SynapticMerged     float64 `json:"synaptic_merged"`
	SynapticExecuted   float64 `json:"synaptic_executed"`
	SynapticUnrolled   float64 `json:"synaptic_executed_unrolled"`

	MeanSteps     float64 `json:"mean_steps"`     // T of a neuron
	BitsEach      float64 `json:"bits_each"`      // of a neuron
	ActiveShare   float64 `json:"active_share"`   // of the neurons
	StrongShare   float64 `json:"strong_share"`   // of the neurons
	SynapticShare float64 `json:"synaptic_share"` // synaptic operations for each synapse
	StepsSum      float64 `json:"steps_sum"`      // Σ T
}

// perplexity writes it with some digits.
func (r *result) perplexity(digits int) string {
	if r.Perplexity >= maxPerplexity {
		return "over 1e9"
	}
	return fmt.Sprintf("%.*f", digits, r.Perplexity)
}

// newResult joins the sums of the windows; nil where nothing was predicted.
func newResult(m *measurement, windows []totals) *result {
	var t totals
	for i := range windows {
		t.add(&windows[i])
	}
	if t.predicted == 0 {
		return nil
	}
	tokens := float64(t.tokens)
	r := &result{
		Perplexity:  min(math.Exp(t.nll/float64(t.predicted)), maxPerplexity),
		BitsPerByte: t.nll / math.Ln2 / float64(max(t.bytes, 1)),
		KL:          t.kl / tokens,
		KLError: standardError(windows,
			func(t *totals) float64 { return t.kl / float64(t.tokens) }),
		Top1:   float64(t.agreed) / tokens,
		Tokens: t.tokens, Windows: len(m.windows),
		Steps: m.coding.Steps, OutputSteps: m.coding.OutputSteps,
		OutputResidual: m.coding.OutputResidual, CacheSteps: m.coding.CacheSteps,
	}
	r.LookBack.Spikes, r.LookBack.Operations, r.LookBack.Dense = float64(t.lookBack.Spikes)/tokens,
		float64(t.lookBack.Operations)/tokens, float64(t.lookBack.Dense)/tokens
	r.WeightBytes, r.Block = float64(t.weightBytes)/tokens, m.block
	c := &m.model.Config
	var all spiking
	r.Spikes.Populations = map[string]spiking{}
	for p := range coding.Population(coding.Populations) {
		a := newSpiking(&t.counts[p], c.Layers*c.Neurons(p), c.FanOut(p), tokens)
		all.add(&a)
		r.Spikes.Populations[p.String()] = a.withShares()
	}
	r.Spikes.spiking = all.withShares()
	neurons := c.Hidden
	if m.coding.OutputResidual {
		neurons *= 2
	}
	r.Output = newSpiking(&t.output, neurons, c.Vocab, tokens).withShares()
	return r
}

// standardError is that of the mean of a measure over windows.
func standardError(windows []totals, measure func(*totals) float64) float64 {
	n := float64(len(windows))
	if n < 2 {
		return 0
	}
	mean, sum := 0.0, 0.0
	for i := range windows {
		mean += measure(&windows[i]) / n
	}
	for i := range windows {
		d := measure(&windows[i]) - mean
		sum += d * d
	}
	return math.Sqrt(sum / (n - 1) / n)
}

func newSpiking(n *counts, neurons, fanOut int, tokens float64) spiking {
	a := spiking{
		Neurons:          neurons,
		Synapses:         neurons * fanOut,
		Active:           float64(n.graded[0]) / tokens,
		Strong:           float64(n.graded[1]) / tokens,
		Spikes:           float64(n.spikes) / tokens,
		Merged:           float64(n.merged) / tokens,
		Levels:           float64(n.levels) / tokens,
		Executed:         float64(n.executed) / tokens,
		ExecutedUnrolled: float64(n.unrolled) / tokens,
		Bits:             float64(n.bits) / tokens,
		BitsUnrolled:     float64(n.bitsUnrolled) / tokens,
		StepsSum:         float64(n.steps) / tokens,
	}
	for t := range a.Graded {
		a.Graded[t] = float64(n.graded[t]) / tokens
	}
	a.SynapticOperations = a.Spikes * float64(fanOut)
	a.SynapticMerged = a.Merged * float64(fanOut)
	a.SynapticExecuted = a.Executed * float64(fanOut)
	a.SynapticUnrolled = a.ExecutedUnrolled * float64(fanOut)
	return a
}

func (a *spiking) add(o *spiking) {
	a.Neurons += o.Neurons
	a.Synapses += o.Synapses
	a.Active += o.Active
	a.Strong += o.Strong
	for t := range a.Graded {
		a.Graded[t] += o.Graded[t]
	}
	a.Spikes += o.Spikes
	a.Merged += o.Merged
	a.Levels += o.Levels
	a.Executed += o.Executed
	a.ExecutedUnrolled += o.ExecutedUnrolled
	a.Bits += o.Bits
	a.BitsUnrolled += o.BitsUnrolled
	a.StepsSum += o.StepsSum
	a.SynapticOperations += o.SynapticOperations
	a.SynapticMerged += o.SynapticMerged
	a.SynapticExecuted += o.SynapticExecuted
	a.SynapticUnrolled += o.SynapticUnrolled
}

func (a spiking) withShares() spiking {
	neurons := float64(a.Neurons)
	a.MeanSteps = a.StepsSum / neurons
	a.BitsEach = a.Bits / neurons
	a.ActiveShare = a.Active / neurons
	a.StrongShare = a.Strong / neurons
	a.SynapticShare = a.SynapticOperations / float64(a.Synapses)
	return a
}

func (r *result) writeJSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(r)
}

func (r *result) writeTable(w io.Writer) error {
	output := stepsName(r.OutputSteps)
	if r.OutputResidual {
		output += " and its second stage"
	}
	fmt.Fprintf(w, "%d windows, %d tokens, %s, keys and values %s, output %s: %.0f s\n\n",
		r.Windows, r.Tokens, stepsName(r.Steps),
		stepsName(r.CacheSteps), output, r.Seconds)
	fmt.Fprintf(w, "perplexity   %s\n", r.perplexity(3))
	fmt.Fprintf(w, "bits a byte  %.4f\n", r.BitsPerByte)
	fmt.Fprintf(w, "KL           %.5f ± %.5f nats from float\n", r.KL, r.KLError)
	fmt.Fprintf(w, "top-1        %.2f %% as in float\n\n", 100*r.Top1)
	if r.Spikes.StepsSum == 0 && r.OutputSteps == 0 && r.CacheSteps == 0 {
		_, err := fmt.Fprintln(w, "Float activations: nothing spikes.")
		return err
	}
	fmt.Fprintf(w, "mean T       %.3f, %.2f bits a neuron\n\n", r.Spikes.MeanSteps,
		r.Spikes.BitsEach)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "for each token\tneurons\tactive\tstrong\tspikes\texecuted\tlevels\t"+
		"synaptic operations\tfor each synapse\t")
	row := func(name string, a spiking) {
		fmt.Fprintf(t, "%s\t%d\t%.1f %%\t%.1f %%\t%.0f\t%.0f\t%.0f\t%.3g\t%.3f\t\n", name,
			a.Neurons, 100*a.ActiveShare, 100*a.StrongShare,
			a.Spikes, a.Executed, a.Levels, a.SynapticOperations, a.SynapticShare)
	}
	for p := range coding.Population(coding.Populations) {
		row(p.String(), r.Spikes.Populations[p.String()])
	}
	row("all", r.Spikes.spiking)
	if r.OutputSteps > 0 {
		row("output", r.Output)
	}
	if err := t.Flush(); err != nil || r.CacheSteps == 0 {
		return err
	}
	_, err := fmt.Fprintf(w, "\nLooking back, for each token: %.0f spikes of its keys and values, "+
		"%.3g synaptic operations instead of %.3g multiply-adds\n",
		r.LookBack.Spikes, r.LookBack.Operations, r.LookBack.Dense)
	return err
}

func stepsName(steps int) string {
	if steps == 0 {
		return "float"
	}
	return fmt.Sprintf("T=%d", steps)
}
