package main

import (
	"fmt"
	"io"
	"math"
	"sync"
	"sync/atomic"
	"time"

	"github.com/spikechat/spikechat/core"
)

// measurement is one run of a model over windows.
type measurement struct {
	model    *core.Model
	coding   core.Coding
	windows  []window
	workers  int // windows at once
	block    int // tokens in one pass; changes no result
	progress io.Writer
}

// totals are the sums over some windows.
type totals struct {
	tokens    int // positions
	predicted int // positions whose next token is known
	agreed    int // positions where the likeliest token is that of float
	nll, kl   float64
	counts    [core.Populations]counts
}

func (t *totals) add(o *totals) {
	t.tokens += o.tokens
	t.predicted += o.predicted
	t.agreed += o.agreed
	t.nll += o.nll
	t.kl += o.kl
	for p := range t.counts {
		t.counts[p].add(o.counts[p])
	}
}

// run measures all windows. Each one's sums are kept apart and added up in the order of the text, so that the number of
// workers and their pace change no bit of the result.
func (m *measurement) run() (*result, error) {
	start := time.Now()
	sums, errs := make([]totals, len(m.windows)), make([]error, len(m.windows))
	workers := make([]*worker, min(m.workers, len(m.windows)))
	for i := range workers {
		// One after the other: setting a kernel can prepare the model's weights.
		var err error
		if workers[i], err = newWorker(m); err != nil {
			return nil, err
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
				if sums[i], errs[i] = w.window(m.windows[i]); errs[i] != nil {
					failed.Store(true)
					return
				}
				fmt.Fprintf(m.progress, "eval: %d of %d windows, %.0f s\n", done.Add(1), len(m.windows), time.Since(start).Seconds())
			}
		})
	}
	group.Wait()
	var sum totals
	for i := range sums {
		if errs[i] != nil {
			return nil, fmt.Errorf("window %d: %w", m.windows[i].index, errs[i])
		}
		sum.add(&sums[i])
	}
	if sum.predicted == 0 {
		return nil, fmt.Errorf("no window has two tokens: nothing to predict")
	}
	return newResult(m, &sum, time.Since(start)), nil
}

// worker has the memory to measure one window at a time.
type worker struct {
	coded *core.State
	float *core.State // nil where nothing is coded
	block int
}

func newWorker(m *measurement) (*worker, error) {
	w := &worker{block: m.block}
	var err error
	if w.coded, err = core.NewState(m.model, windowTokens, m.block); err != nil {
		return nil, err
	}
	w.coded.CountAll = true
	if err = w.coded.SetCoding(m.coding); err != nil {
		return nil, err
	}
	if m.coding.Steps > 0 || m.coding.HeadSteps > 0 {
		w.float, err = core.NewState(m.model, windowTokens, m.block)
	}
	return w, err
}

// window runs float and coded activations side by side, block by block: the logits of a whole window would be 100 MB.
func (w *worker) window(of window) (totals, error) {
	t := totals{tokens: len(of.ids)}
	w.coded.Truncate(0)
	if w.float != nil {
		w.float.Truncate(0)
	}
	for at := 0; at < len(of.ids); at += w.block {
		block := of.ids[at:min(at+w.block, len(of.ids))]
		if err := w.coded.Forward(block, true); err != nil {
			return t, err
		}
		if w.float != nil {
			if err := w.float.Forward(block, true); err != nil {
				return t, fmt.Errorf("float: %w", err)
			}
		}
		for i := range block {
			target := int32(-1)
			if at+i+1 < len(of.ids) {
				target = of.ids[at+i+1]
				t.predicted++
			}
			var reference []float32
			if w.float != nil {
				reference = w.float.Logits(i)
			}
			nll, kl, same := compare(reference, w.coded.Logits(i), target)
			t.nll += nll
			t.kl += kl
			if same {
				t.agreed++
			}
		}
		for i, c := range w.coded.Counts() {
			t.counts[i%core.Populations].add(newCounts(c))
		}
	}
	if math.IsNaN(t.nll) || math.IsNaN(t.kl) {
		return t, core.ErrNotFinite
	}
	return t, nil
}
