package main

import (
	"fmt"
	"io"
	"math"
	"sync"
	"sync/atomic"
	"time"

	"github.com/spikechat/spikechat/core"
	"github.com/spikechat/spikechat/core/coding"
	"github.com/spikechat/spikechat/core/simd"
	"github.com/spikechat/spikechat/tools/internal/corpus"
)

// measurement is one run of a model over windows.
type measurement struct {
	model    *core.Model
	coding   coding.Coding
	kernel   simd.Kernel // that the model is prepared for; changes no result
	simulate simulation
	windows  []corpus.Window
	// reference has the logits of float activations; nil: they are computed beside the coded ones.
	reference *reference
	alone     bool // nothing is compared with float activations
	// other says that the model has other weights than the one of the reference.
	other bool
	// multiply has products of blocks multiplied where the weights allow it, which is faster.
	multiply bool
	// ternary, where set, counts what ternary weights do with the spikes of the layers.
	ternary  *ternaryTally
	workers  int // windows at once
	block    int // tokens in one pass; changes no result
	progress io.Writer
}

// coded reports whether anything differs from float activations that it is compared with.
func (m *measurement) coded() bool {
	return !m.alone && (m.other || m.coding.Steps > 0 || m.coding.CacheSteps > 0 ||
		m.coding.OutputSteps > 0 || m.simulate.steps > 0)
}

// totals are the sums over some windows.
type totals struct {
	tokens    int // positions
	predicted int // positions whose next token is known
	agreed    int // positions where the likeliest token is that of float
	bytes     int // of the text of the predicted tokens
	nll, kl   float64
	counts    [coding.Populations]counts
	output    counts
	lookBack  core.LookBack
	// weightBytes is what the kernels read of the weights; the tokens of a block share most of it.
	weightBytes int
}

func (t *totals) add(o *totals) {
	t.tokens += o.tokens
	t.predicted += o.predicted
	t.bytes += o.bytes
	t.agreed += o.agreed
	t.nll += o.nll
	t.kl += o.kl
	for p := range t.counts {
		t.counts[p].add(&o.counts[p])
	}
	t.output.add(&o.output)
	t.lookBack.Add(o.lookBack)
	t.weightBytes += o.weightBytes
}

// run measures all windows.
func (m *measurement) run() (*result, error) {
	start := time.Now()
	sums := make([]totals, len(m.windows))
	err := m.each(m.newWorker, func(w *worker, i int) (err error) {
		sums[i], err = w.window(i)
		return err
	})
	if err != nil {
		return nil, err
	}
	r := newResult(m, sums)
	if r == nil {
		return nil, fmt.Errorf("no window has two tokens: nothing to predict")
	}
	r.Seconds = time.Since(start).Seconds()
	return r, nil
}

// each lets workers take the windows one after the other. What f makes of a window must be kept by
// its index, so that the number of workers and their pace change no bit of the result.
func (m *measurement) each(newWorker func() (*worker, error),
	f func(w *worker, i int) error) error {
	start := time.Now()
	errs := make([]error, len(m.windows))
	workers := make([]*worker, min(m.workers, len(m.windows)))
	for i := range workers {
		var err error
		if workers[i], err = newWorker(); err != nil {
			return err
		}
	}
	var next, done atomic.Int64
	var failed atomic.Bool
	var group sync.WaitGroup
	for _, w := range workers {
		group.Go(func() {
			for !failed.Load() {
				i := int(next.Add(1)) - 1
				if i >= len(m.windows) {
					return
				}
				if errs[i] = f(w, i); errs[i] != nil {
					failed.Store(true)
					return
				}
				fmt.Fprintf(m.progress, "eval: %d of %d windows, %.0f s\n", done.Add(1),
					len(m.windows), time.Since(start).Seconds())
			}
		})
	}
	group.Wait()
	for i, err := range errs {
		if err != nil {
			return fmt.Errorf("window %d: %w", m.windows[i].Index, err)
		}
	}
	return nil
}

// worker has the memory to measure one window at a time.
type worker struct {
	m         *measurement
	coded     *core.State
	float     *core.State // nil where nothing is coded, or the reference is stored
	simulated *simulator
	stored    [][]float32 // the reference's logits of a block
}

// longest is the tokens of the longest window: fewer rows make more tokens of a text.
func (m *measurement) longest() int {
	longest := corpus.WindowTokens
	for _, w := range m.windows {
		longest = max(longest, len(w.IDs))
	}
	return longest
}

func (m *measurement) newWorker() (*worker, error) {
	w := &worker{m: m}
	var err error
	if w.coded, err = core.NewState(m.model, m.longest(), m.block); err != nil {
		return nil, err
	}
	w.coded.Counting, w.coded.MultiplyBatches = core.CountAll, m.multiply
	if err = w.coded.SetCoding(m.coding, m.kernel); err != nil {
		return nil, err
	}
	if m.simulate.steps > 0 {
		w.simulated = newSimulator(&m.model.Config, m.simulate)
		w.coded.Probe = &core.Probe{Input: w.simulated.input}
	}
	if m.ternary != nil {
		w.coded.Probe = &core.Probe{Input: m.ternary.newCounter(&m.model.Config)}
	}
	if m.coded() && m.reference == nil {
		w.float, err = core.NewState(m.model, m.longest(), m.block)
	}
	return w, err
}

// window runs float and coded activations side by side, block by block: the logits of a whole
// window would be 100 MB.
func (w *worker) window(i int) (totals, error) {
	ids := w.m.windows[i].IDs
	t := totals{tokens: len(ids)}
	w.coded.Truncate(0)
	if w.float != nil {
		w.float.Truncate(0)
	}
	for at := 0; at < len(ids); at += w.m.block {
		block := ids[at:min(at+w.m.block, len(ids))]
		if err := w.coded.Forward(block, true); err != nil {
			return t, err
		}
		reference, err := w.reference(i, at, block)
		if err != nil {
			return t, err
		}
		for j := range block {
			target := int32(-1)
			if at+j+1 < len(ids) {
				target = ids[at+j+1]
				t.predicted++
				t.bytes += len(w.m.model.Tokenizer.Bytes(target))
			}
			nll, kl, same := compare(reference(j), w.coded.Logits(j), target)
			t.nll += nll
			t.kl += kl
			if same {
				t.agreed++
			}
		}
		w.count(&t)
	}
	if math.IsNaN(t.nll) || math.IsNaN(t.kl) {
		return t, core.ErrNotFinite
	}
	return t, nil
}

// reference gives the float logits of a block of window i, position by position; nil where they are
// the coded ones.
func (w *worker) reference(i, at int, block []int32) (func(j int) []float32, error) {
	switch {
	case !w.m.coded():
		return func(int) []float32 { return nil }, nil
	case w.m.reference != nil:
		for len(w.stored) < len(block) {
			w.stored = append(w.stored, make([]float32, w.m.model.Config.Vocab))
		}
		err := w.m.reference.read(i, at, w.stored[:len(block)])
		return func(j int) []float32 { return w.stored[j] }, err
	}
	if err := w.float.Forward(block, true); err != nil {
		return nil, fmt.Errorf("float: %w", err)
	}
	return w.float.Logits, nil
}

// count adds the spikes of the last pass.
func (w *worker) count(t *totals) {
	all := w.coded.Counts()
	if w.simulated != nil {
		all = w.simulated.take()
	}
	for i := range all {
		t.counts[i%coding.Populations].addCounts(&all[i])
	}
	t.output.addCounts(w.coded.OutputCounts())
	t.lookBack.Add(w.coded.LookBack())
	for _, bytes := range w.coded.WeightBytes() {
		t.weightBytes += bytes
	}
}
