package main

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/spikechat/spikechat/core"
	"github.com/spikechat/spikechat/core/coding"
	"github.com/spikechat/spikechat/core/simd"
	"github.com/spikechat/spikechat/core/text"
	"github.com/spikechat/spikechat/tools/internal/corpus"
)

// How much text an experiment reads of a window. A token is computed in milliseconds, but its
// logits are kept, 200 kB of them.
const lesionTokens = 128

// Experiments that silence hundreds of parts by themselves read partTokens, and look at the
// predictions of the last partScored.
const (
	partTokens = 64
	partScored = 16
)

// lesionLab damages one model and compares it with itself as it was: preset "best".
type lesionLab struct {
	model  *core.Model
	kernel simd.Kernel
	coding coding.Coding
	state  *core.State
	texts  [2][]int32 // one to choose by, one to measure on
	// healthy [text][position][vocab] are the logits without lesions.
	healthy  [2][][]float32
	progress io.Writer
}

// lesionQuestion is what the damaged model is asked.
const lesionQuestion = "What is a neuron?"

// effect is what lesions do on a text.
type effect struct {
	perplexity, kl float64 // kl in nats from the healthy model
	top1           float64 // share of positions whose likeliest token stays
	spikes         float64 // binary spikes a token, of the layers
}

// runLesions runs the five experiments of docs/experiments.md and prints them as Markdown.
func runLesions(
	m *core.Model, kernel simd.Kernel, windows []corpus.Window, stdout, progress io.Writer,
) error {
	if len(windows) < 2 {
		return fmt.Errorf("-lesions wants 2 windows, the text has %d", len(windows))
	}
	best, err := coding.FindPreset(coding.DefaultPreset)
	if err != nil {
		return err
	}
	lab := &lesionLab{model: m, kernel: kernel, coding: best.Coding, progress: progress}
	if lab.state, err = core.NewState(m, lesionTokens, 64); err != nil {
		return err
	}
	lab.state.Counting = core.CountAll
	if err := lab.state.SetCoding(lab.coding, kernel); err != nil {
		return err
	}
	for i := range lab.texts {
		lab.texts[i] = windows[i].IDs[:min(lesionTokens, len(windows[i].IDs))]
		err := lab.read(lab.texts[i], 0, coding.Lesions{}, func(_ int, logits []float32) {
			lab.healthy[i] = append(lab.healthy[i], slices.Clone(logits))
		})
		if err != nil {
			return err
		}
	}
	for i, experiment := range [...]func(*lesionLab, io.Writer) error{
		anaesthesia, silencedLayers, raisedPopulations, droppedPlanes, silencedHeads,
	} {
		// Each is written when it is whole: all together take minutes.
		var out strings.Builder
		if err := experiment(lab, &out); err != nil {
			return err
		}
		if _, err := io.WriteString(stdout, out.String()); err != nil {
			return err
		}
		fmt.Fprintf(progress, "eval: %d of 5 experiments\n", i+1)
	}
	return nil
}

// read runs a text under lesions and shows the logits of each position from one on.
func (l *lesionLab) read(
	tokens []int32, from int, lesions coding.Lesions, see func(position int, logits []float32),
) error {
	l.state.Truncate(0)
	if err := l.state.SetLesions(lesions); err != nil {
		return err
	}
	for at := 0; at < len(tokens); {
		if at < from {
			n := min(from-at, 64)
			if err := l.state.Extend(tokens[at : at+n]); err != nil {
				return err
			}
			at += n
			continue
		}
		block := tokens[at:min(at+64, len(tokens))]
		if err := l.state.Forward(block, true); err != nil {
			return err
		}
		for j := range block {
			see(at+j, l.state.Logits(j))
		}
		at += len(block)
	}
	return nil
}

// measure gives what lesions do to the predictions of the last positions of so many tokens of a
// text.
func (l *lesionLab) measure(
	text, tokens, scored int, lesions coding.Lesions,
) (e effect, err error) {
	ids := l.texts[text][:min(tokens, len(l.texts[text]))]
	from := max(len(ids)-scored, 0)
	nll, agreed, spikes := 0.0, 0, uint64(0)
	err = l.read(ids, from, lesions, func(position int, logits []float32) {
		next := int32(-1)
		if position+1 < len(ids) {
			next = ids[position+1]
		}
		ownNLL, kl, same := compare(l.healthy[text][position], logits, next)
		nll += ownNLL
		e.kl += kl
		if same {
			agreed++
		}
		if (position-from)%64 == 63 || position+1 == len(ids) {
			// Counted once a block, in which they are summed.
			for _, n := range l.state.Counts() {
				spikes += uint64(n.Spikes)
			}
		}
	})
	n := float64(len(ids) - from)
	e.perplexity, e.kl = math.Exp(nll/(n-1)), e.kl/n
	e.top1, e.spikes = float64(agreed)/n, float64(spikes)/n
	return e, err
}

// answer is what the damaged model says to the question, greedily, in a few tokens.
func (l *lesionLab) answer(lesions coding.Lesions) (string, error) {
	session, err := core.NewSession(l.model, min(256, l.model.Config.Context))
	if err != nil {
		return "", err
	}
	if _, err := session.Begin(core.Request{
		Messages: []text.Message{{Role: text.RoleUser, Content: lesionQuestion}},
		Coding:   l.coding, Lesions: lesions, Kernel: l.kernel, MaxTokens: 24,
	}); err != nil {
		return "", err
	}
	for left := 1; left > 0; {
		if left, err = session.Prefill(); err != nil {
			return "", err
		}
	}
	var answer strings.Builder
	for t := (core.Token{}); t.Finish == core.Running; {
		if err := session.Next(&t); err != nil {
			return "", err
		}
		answer.Write(t.Text)
	}
	return strings.NewReplacer("\n", " ", "|", "\\|").Replace(answer.String()), nil
}

func raised(p coding.Population, factor float32) coding.Lesions {
	return coding.Lesions{Thresholds: []coding.RaisedThreshold{
		{Layer: coding.Every, Population: p, Factor: factor}}}
}

// anaesthesia raises all thresholds, step by step.
func anaesthesia(l *lesionLab, w io.Writer) error {
	fmt.Fprintf(w, "## Anaesthesia\n\n%s\n%s\n",
		"| thresholds | spikes a token | perplexity | KL | top-1 | answer |",
		"| ---: | ---: | ---: | ---: | ---: | --- |")
	for _, factor := range []float32{1, 2, 4, 6, 8, 12, 16, 32, 128} {
		e, err := l.measure(0, lesionTokens, lesionTokens, raised(coding.Every, factor))
		if err != nil {
			return err
		}
		said, err := l.answer(raised(coding.Every, factor))
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "| × %v | %.0f k | %.4g | %.3f | %.0f %% | %s |\n", factor, e.spikes/1000,
			e.perplexity, e.kl, 100*e.top1, said)
	}
	return nil
}

// silencedLayers silences each layer by itself.
func silencedLayers(l *lesionLab, w io.Writer) error {
	fmt.Fprintf(w, "\n## A layer less\n\n%s\n%s\n",
		"| layer silenced | KL | its attention: KL | its feed-forward: KL |",
		"| ---: | ---: | ---: | ---: |")
	for layer := range l.model.Config.Layers {
		fmt.Fprintf(w, "| %d ", layer)
		for _, populations := range [][]coding.Population{
			{coding.Every}, {coding.QKV, coding.AttnOut}, {coding.GateUp, coding.Down},
		} {
			var lesions coding.Lesions
			for _, p := range populations {
				lesions.Silenced = append(lesions.Silenced,
					coding.Silence{Layer: layer, Population: p, Head: coding.AllHeads})
			}
			e, err := l.measure(0, partTokens, partScored, lesions)
			if err != nil {
				return err
			}
			fmt.Fprintf(w, "| %.3f ", e.kl)
		}
		fmt.Fprintln(w, "|")
	}
	return nil
}

// raisedPopulations raises the thresholds of one population of all layers at a time.
func raisedPopulations(l *lesionLab, w io.Writer) error {
	fmt.Fprintf(w, "\n## Who needs its spikes\n\n%s\n%s\n",
		"| population | × 2: spikes a token | KL | × 4: spikes | KL | × 8: spikes | KL |",
		"| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
	for p := range coding.Population(coding.Populations) {
		fmt.Fprintf(w, "| `%v` ", p)
		for _, factor := range []float32{2, 4, 8} {
			e, err := l.measure(0, lesionTokens, lesionTokens, raised(p, factor))
			if err != nil {
				return err
			}
			fmt.Fprintf(w, "| %.0f k | %.3f ", e.spikes/1000, e.kl)
		}
		fmt.Fprintln(w, "|")
	}
	return nil
}

// silencedHeads silences every head by itself, and then those that mattered least all together, on
// another text.
func silencedHeads(l *lesionLab, w io.Writer) error {
	type head struct {
		layer, head int
		kl          float64
	}
	c := &l.model.Config
	var heads []head
	for layer := range c.Layers {
		for h := range c.Heads {
			e, err := l.measure(0, partTokens, partScored, coding.Lesions{Silenced: []coding.Silence{
				{Layer: layer, Population: coding.Every, Head: h}}})
			if err != nil {
				return err
			}
			heads = append(heads, head{layer, h, e.kl})
		}
		fmt.Fprintf(l.progress, "eval: heads of %d of %d layers\n", layer+1, c.Layers)
	}
	slices.SortFunc(heads, func(a, b head) int { return cmp.Compare(a.kl, b.kl) })
	kls := func(share int) float64 { return heads[(len(heads)-1)*share/100].kl }
	fmt.Fprintf(w, "\n## Heads\n\nOf %d heads, silenced one by one: KL %.4f in the median, "+
		"%.4f for the ninth tenth, and for the twentieth that matters most:",
		len(heads), kls(50), kls(90))
	for _, h := range slices.Backward(heads[len(heads)-max(len(heads)/20, 1):]) {
		fmt.Fprintf(w, " layer %d, head %d: %.3f;", h.layer, h.head, h.kl)
	}
	fmt.Fprintf(w, "\n\n%s\n%s\n", "| silenced | those that matter least: KL | perplexity "+
		"| those that matter most: KL | perplexity |", "| ---: | ---: | ---: | ---: | ---: |")
	for _, share := range []int{0, 5, 10, 20, 30, 50} {
		n := len(heads) * share / 100
		fmt.Fprintf(w, "| %d ", n)
		for _, some := range [][]head{heads[:n], heads[len(heads)-n:]} {
			var lesions coding.Lesions
			for _, h := range some {
				lesions.Silenced = append(lesions.Silenced,
					coding.Silence{Layer: h.layer, Population: coding.Every, Head: h.head})
			}
			e, err := l.measure(1, lesionTokens, lesionTokens, lesions)
			if err != nil {
				return err
			}
			fmt.Fprintf(w, "| %.3f | %.4g ", e.kl, e.perplexity)
		}
		fmt.Fprintln(w, "|")
	}
	return nil
}

// droppedPlanes leaves the lowest planes of the weights out, as many as every matrix can spare.
func droppedPlanes(l *lesionLab, w io.Writer) error {
	fmt.Fprintf(w, "\n## Coarser weights\n\n%s\n%s\n",
		"| planes dropped | perplexity | KL | top-1 | answer |",
		"| ---: | ---: | ---: | ---: | --- |")
	for n := range l.model.Planes() {
		lesions := coding.Lesions{DroppedPlanes: n}
		e, err := l.measure(0, lesionTokens, lesionTokens, lesions)
		if err != nil {
			return err
		}
		said, err := l.answer(lesions)
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "| %d | %.4g | %.3f | %.0f %% | %s |\n", n, e.perplexity, e.kl, 100*e.top1,
			said)
	}
	return nil
}
