package core

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/spikechat/spikechat/core/coding"
	"github.com/spikechat/spikechat/core/simd"
)

// KernelChoice is the kernel a setting led to, and why.
type KernelChoice struct {
	Kernel simd.Kernel
	Name   string // "lookup", "popcount" or "dot"
	Why    string
	// MultiplyBatches says that passes of several tokens multiply, which is faster here: prompts.
	MultiplyBatches bool
	Auto            bool // an Autotuner may find a better one
}

// KernelOf reads the setting "lookup", "popcount", "dot" or "auto". Auto begins with lookup, which
// is the fastest spike kernel wherever it was measured, and leaves the rest to an Autotuner;
// prompts multiply codes where that is faster. dot, the yardstick without spikes, runs only where
// it is asked for, because it keeps a second copy of the weights. The kernel changes speed alone:
// all compute the same bits. It is still to be prepared.
func (m *Model) KernelOf(setting string) (KernelChoice, error) {
	const why = "asked for"
	switch setting {
	case "lookup":
		return KernelChoice{Kernel: simd.LookupKernel, Name: setting, Why: why}, nil
	case "popcount":
		return KernelChoice{Kernel: simd.PopcountKernel, Name: setting, Why: why}, nil
	case "dot":
		return KernelChoice{Kernel: simd.DotKernel, Name: setting, Why: why}, nil
	case "auto", "":
		return KernelChoice{Kernel: simd.LookupKernel, Name: "lookup", Auto: true,
			MultiplyBatches: simd.MultipliesBatches() && m.inBatches(),
			Why:             "the usual one, until both are measured while answering"}, nil
	}
	return KernelChoice{}, fmt.Errorf("%w: kernel %.40q, want lookup, popcount, dot or auto",
		ErrBadRequest, setting)
}

// PromptName is the name of the kernel that runs prompts.
func (c *KernelChoice) PromptName() string {
	if c.MultiplyBatches {
		return "dot"
	}
	return c.Name
}

// inBatches reports whether simd.BatchDotKernel serves any layer.
func (m *Model) inBatches() bool {
	for i := range m.layers {
		for _, w := range m.layers[i].matrices() {
			if (*w).InBatches() {
				return true
			}
		}
	}
	return false
}

// How an Autotuner measures. It has chosen after tuneWarm + tuneRounds = 16 tokens; with fewer
// rounds it would be wrong too often on a busy machine.
const (
	tuneWarm   = 2  // tokens before it measures: they make the code of the kernel in use warm
	tuneRounds = 14 // tokens that it measures at
	// Of each kernel; also a tick of browsers' clocks. By a clock without ticks no token is late by
	// more than four of them.
	roundTime = time.Millisecond
	mostRuns  = 64
	leastTime = 4 * roundTime // of the later rounds of a kernel; less is an error of the clock
)

// Autotuner finds the faster of the two spike kernels while a session answers: Request.Autotuner.
// Between tokens it runs both on the activations of the token before, on one matrix of the model.
// It cannot measure before: where a browser runs code for the first time it interprets it, or
// compiles it without optimising, and then one kernel can take 700 times what it takes later and
// the other 20 times. It serves one Session at a time.
type Autotuner struct {
	model   *Model
	choice  KernelChoice
	timed   [2]timedKernel // lookup, popcount
	settled bool           // both are measured
	chosen  [1]float32     // what follow shares
	prepare bool           // popcount was found faster, and not all matrices are prepared for it

	weights *simd.Weights // one gate projection with tables of its own; nil once settled
	cells   *neurons
	ys      [][]float32

	tokens int // so far
	rounds int

	// The clock and what it measures; tests put others in their place.
	now     func() time.Time
	measure func(a *Autotuner, s *State, k simd.Kernel, runs int) time.Duration
}

// timedKernel is what was measured of a kernel.
type timedKernel struct {
	runs   int               // of the next round
	rounds [tuneRounds]round // that were measured
	best   time.Duration     // of one product, in warm code
}

// round is some runs of a product, timed together.
type round struct {
	runs int
	time time.Duration
}

// add takes the time of a round, and sets the runs of the next: before they are timed and not by
// the clock while they run, so that a clock of coarse ticks is right in the mean.
func (t *timedKernel) add(i int, d time.Duration) {
	t.rounds[i] = round{t.runs, d}
	switch {
	case d > 4*roundTime && t.runs > 1:
		t.runs -= t.runs / 4 // no more: others may have taken the time
	case d < roundTime/4:
		t.runs = min(4*t.runs, mostRuns)
	case d <= roundTime: // one tick may be nearly none
		t.runs = min(2*t.runs, mostRuns)
	}
}

// later adds up the later half of the rounds, for which code is warm. Those that took more
// than twice the median, and a tick, were disturbed by the rest of the machine and count as the
// median. All others count as they are: by a coarse clock the median is a whole number of ticks.
func (t *timedKernel) later() (sum round) {
	rounds := t.rounds[tuneRounds/2:]
	slices.SortFunc(rounds, func(a, b round) int {
		return cmp.Compare(a.time*time.Duration(b.runs), b.time*time.Duration(a.runs))
	})
	median := rounds[(len(rounds)-1)/2]
	for _, r := range rounds {
		usual := median.time * time.Duration(r.runs) / time.Duration(median.runs)
		if r.time > 2*usual+roundTime {
			r.time = usual
		}
		sum.runs += r.runs
		sum.time += r.time
	}
	return sum
}

// NewAutotuner makes one for a model that is prepared for LookupKernel.
func NewAutotuner(m *Model) *Autotuner {
	choice, _ := m.KernelOf("auto")
	// The matrix is the model's own bytes; what the popcount kernel needs beside them is private.
	w := simd.NewWeights(m.layers[len(m.layers)-1].gate.Matrix)
	w.Prepare(simd.LookupKernel)
	w.Prepare(simd.PopcountKernel)
	return &Autotuner{
		model: m, choice: choice,
		timed:   [2]timedKernel{{runs: 1}, {runs: 1}},
		weights: w, cells: newNeurons(w.Cols, 1), ys: rows(1, w.Rows),
		now: time.Now, measure: (*Autotuner).timeProducts,
	}
}

// Choice is the kernel that runs, and why.
func (a *Autotuner) Choice() KernelChoice {
	c := a.choice
	if a.settled {
		c.Why = fmt.Sprintf("measured: lookup %v, popcount %v for one gate projection",
			brief(a.timed[0].best), brief(a.timed[1].best))
	}
	return c
}

// brief gives a duration in three digits: a reader sees it, and more were not measured.
func brief(d time.Duration) time.Duration {
	unit := time.Duration(1)
	for d/unit >= 1000 {
		unit *= 10
	}
	return d.Round(unit)
}

// between is called between two tokens of an answer. It sets the kernel of the state's next pass.
func (a *Autotuner) between(s *State) error {
	if !s.damage.asked.None() || s.plan.inputs == nil || a.settled && !a.prepare {
		// Damaged matrices are not prepared for another kernel, and say nothing of the model's.
		return nil
	}
	team := &a.model.team
	if team.Rank() == 0 {
		if a.prepare {
			a.prepareSome(s)
		} else {
			a.tune(s)
		}
	}
	if team.Alone() {
		return nil
	}
	return a.follow(s)
}

// follow has all members of a team run what the first one chose: their clocks may not agree.
func (a *Autotuner) follow(s *State) error {
	const measuring, lookup, popcount = 0, 1, 2
	a.chosen[0] = measuring
	if a.settled && !a.prepare {
		a.chosen[0] = lookup
		if a.choice.Kernel == simd.PopcountKernel {
			a.chosen[0] = popcount
		}
	}
	err := a.model.team.From(0, a.chosen[:])
	if err != nil || a.chosen[0] == measuring || a.model.team.Rank() == 0 {
		return err
	}
	a.finish()
	if a.chosen[0] == popcount {
		a.usePopcount(s)
	}
	return nil
}

// tune measures one round, after which the kernels may be told apart.
func (a *Autotuner) tune(s *State) {
	if a.tokens++; a.tokens <= tuneWarm {
		return
	}
	for i, k := range [...]simd.Kernel{simd.LookupKernel, simd.PopcountKernel} {
		t := &a.timed[i]
		t.add(a.rounds, a.measure(a, s, k, t.runs))
	}
	if a.rounds++; a.rounds == tuneRounds {
		a.settle()
	}
}

// timeProducts runs a kernel on the last layer's input of the token before: the neurons and the
// product, so many times.
func (a *Autotuner) timeProducts(s *State, k simd.Kernel, runs int) time.Duration {
	steps := &s.plan.inputs[len(s.plan.inputs)-coding.Populations+int(coding.GateUp)]
	start := a.now()
	for range runs {
		// It cannot fail: the layer itself has coded the same activations.
		spikes, _ := a.cells.fire(s.act.normed[:1], steps, k)
		k.Product(a.ys, a.weights, spikes)
	}
	return a.now().Sub(start)
}

// finish ends the measuring.
func (a *Autotuner) finish() {
	a.settled, a.weights, a.cells, a.ys = true, nil, nil, nil
}

// settle chooses by the later rounds of both.
func (a *Autotuner) settle() {
	lookup, popcount := a.timed[0].later(), a.timed[1].later()
	a.timed[0].best = lookup.time / time.Duration(lookup.runs)
	a.timed[1].best = popcount.time / time.Duration(popcount.runs)
	a.finish()
	layers, output := 0, len(a.model.output.Data)
	a.model.matrices(func(w *simd.Weights) { layers += len(w.Data) })
	layers -= output
	// With popcount a search of the output counts all 8 planes, with lookup it bounds by 6: four
	// times as long in Node, where the layers take twice as long. So the output counts twice.
	a.prepare = min(lookup.time, popcount.time) >= leastTime &&
		a.timed[1].best*time.Duration(layers+2*output) <
			a.timed[0].best*time.Duration(layers+output)
}

// prepareSome prepares some more matrices for popcount, and after the last one lets it run: all at
// once would keep a token waiting.
func (a *Autotuner) prepareSome(s *State) {
	start, done := a.now(), true
	a.model.matrices(func(w *simd.Weights) {
		if done = done && a.now().Sub(start) < 2*roundTime; done {
			w.Prepare(simd.PopcountKernel)
		}
	})
	if !done {
		return
	}
	a.prepare = false
	a.usePopcount(s)
}

// usePopcount lets popcount run from the next pass on.
func (a *Autotuner) usePopcount(s *State) {
	a.model.Prepare(simd.PopcountKernel)
	a.choice.Kernel, a.choice.Name = simd.PopcountKernel, "popcount"
	s.kernel = simd.PopcountKernel
}
