package core

import (
	"fmt"
	"math"
	"time"

	"github.com/spikechat/spikechat/core/coding"
	"github.com/spikechat/spikechat/core/simd"
)

// KernelChoice is the kernel a setting led to, and why.
type KernelChoice struct {
	Kernel simd.Kernel
	Name   string // "lookup", "popcount" or "dot"
	Why    string
}

// KernelOf reads the setting "lookup", "popcount", "dot" or "auto". Auto times the first two on a
// matrix of the model for a few milliseconds; dot, the yardstick without spikes, runs only where it
// is asked for, because it keeps a second copy of the weights. The kernel changes speed alone: all
// compute the same bits. It is still to be prepared.
func (m *Model) KernelOf(setting string) (KernelChoice, error) {
	switch setting {
	case "lookup":
		return KernelChoice{simd.LookupKernel, setting, "asked for"}, nil
	case "popcount":
		return KernelChoice{simd.PopcountKernel, setting, "asked for"}, nil
	case "dot":
		return KernelChoice{simd.DotKernel, setting, "asked for"}, nil
	case "auto", "":
	default:
		return KernelChoice{}, fmt.Errorf("%w: kernel %.40q, want lookup, popcount, dot or auto",
			ErrBadRequest, setting)
	}
	lookup, popcount := m.autotune()
	why := fmt.Sprintf("measured: lookup %v, popcount %v for one gate projection", lookup, popcount)
	if popcount < lookup {
		return KernelChoice{simd.PopcountKernel, "popcount", why}, nil
	}
	return KernelChoice{simd.LookupKernel, "lookup", why}, nil
}

// autotune gives the shortest of several runs of one product for each kernel: the one least
// disturbed by the rest of the machine. It takes 10 ms with vector kernels. They take turns, so
// that a browser's compiler, which needs some runs before it optimises, has the same time for both;
// and a try lasts until a clock that ticks every 100 µs can measure it.
func (m *Model) autotune() (lookup, popcount time.Duration) {
	// The matrix is the model's own bytes; what the popcount kernel needs beside them is private.
	w := simd.NewWeights(m.layers[0].gate.Matrix)
	w.Prepare(simd.PopcountKernel)
	// Like a usual input: the lookup kernel is a little faster or slower where neurons are more or
	// less active.
	xs, ys := rows(1, w.Cols), rows(1, w.Rows)
	for i := range xs[0] {
		xs[0][i] = float32(i%7) - 3
	}
	cells := newNeurons(w.Cols, 1)
	steps := simd.StepPlan{Group: uniform(w.Groups(), coding.MaxSteps)}
	lookup, popcount = math.MaxInt64, math.MaxInt64
	run := func(kernel simd.Kernel, best *time.Duration) {
		start, runs := time.Now(), 0
		for ; runs == 0 || time.Since(start) < time.Millisecond; runs++ {
			spikes, err := cells.fire(xs, &steps, kernel)
			if err != nil {
				return
			}
			kernel.Product(ys, w, spikes)
		}
		*best = min(*best, time.Since(start)/time.Duration(runs))
	}
	const rounds, limit = 5, 20 * time.Millisecond
	for begin, round := time.Now(), 0; round < rounds && time.Since(begin) < limit; round++ {
		run(simd.LookupKernel, &lookup)
		run(simd.PopcountKernel, &popcount)
	}
	return lookup, popcount
}
