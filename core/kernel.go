package core

import (
	"fmt"
	"time"

	"github.com/spikechat/spikechat/core/simd"
)

// KernelChoice is the kernel a setting led to, and why.
type KernelChoice struct {
	Kernel simd.Kernel
	Name   string // "lookup" or "popcount"
	Why    string
}

// ChooseKernel reads the setting "lookup", "popcount" or "auto". Auto times both on a matrix of the model for a few
// milliseconds. The choice changes speed alone: both kernels compute the same bits.
func (m *Model) ChooseKernel(setting string) (KernelChoice, error) {
	switch setting {
	case "lookup":
		return KernelChoice{simd.LookupKernel, setting, "asked for"}, nil
	case "popcount":
		return KernelChoice{simd.PopcountKernel, setting, "asked for"}, nil
	case "auto", "":
	default:
		return KernelChoice{}, fmt.Errorf("%w: kernel %.40q, want lookup, popcount or auto", ErrBadRequest, setting)
	}
	lookup, popcount := m.timeKernel(simd.LookupKernel), m.timeKernel(simd.PopcountKernel)
	why := fmt.Sprintf("measured: lookup %v, popcount %v for one gate projection", lookup, popcount)
	if popcount < lookup {
		return KernelChoice{simd.PopcountKernel, "popcount", why}, nil
	}
	return KernelChoice{simd.LookupKernel, "lookup", why}, nil
}

// timeKernel gives the shortest of several runs of one product, the one least disturbed by the rest of the machine.
func (m *Model) timeKernel(kernel simd.Kernel) time.Duration {
	w := m.layers[0].gate
	if kernel == simd.PopcountKernel {
		w.CountCodes()
	}
	// Like a usual input: the lookup kernel is a little faster or slower where neurons are more or less active.
	xs, ys := rows(1, w.Cols), rows(1, w.Rows)
	for i := range xs[0] {
		xs[0][i] = float32(i%7) - 3
	}
	cells := newNeurons(w.Cols, 1)
	steps := simd.Steps{Group: uniform(w.Groups(), simd.MaxSteps)}
	best := time.Duration(1<<63 - 1)
	for range 4 {
		// A browser's clock may tick every 100 µs only, and its compiler needs some runs before it has optimised the kernel:
		// each try lasts until enough time has passed to be measured.
		start, runs := time.Now(), 0
		for ; runs == 0 || time.Since(start) < 2*time.Millisecond; runs++ {
			spikes, err := cells.fire(xs, &steps, kernel)
			if err != nil {
				return best
			}
			kernel.Product(ys, w, spikes)
		}
		best = min(best, time.Since(start)/time.Duration(runs))
	}
	return best
}
