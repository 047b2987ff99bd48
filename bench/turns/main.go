// Turns decodes with packed models in turns, so that a busy host strikes all of them alike: each
// reads a prompt of its own once, and then the same tokens again and again, a few in a turn. It
// prints loading and milliseconds a token, and how fast each is beside the first one:
//
//	GOEXPERIMENT=simd go run ./bench/turns build/models/smollm2-135m-instruct build/models/OTHER
//
// As WebAssembly it runs under Node as tests do (tools/setup/go-test-wasm.sh).
package main

import (
	"cmp"
	"flag"
	"fmt"
	"os"
	"runtime"
	"slices"
	"time"

	"github.com/spikechat/spikechat/core"
	"github.com/spikechat/spikechat/core/coding"
	"github.com/spikechat/spikechat/core/simd"
)

const context = 128

type runner struct {
	folder  string
	loading time.Duration
	state   *core.State
	times   []float64 // ms a token, by turn
}

func main() {
	turns := flag.Int("turns", 15, "how many each model has")
	tokens := flag.Int("tokens", 16, "tokens of a turn")
	steps := flag.Int("steps", 4, "T")
	popcount := flag.Bool("popcount", false, "count ones instead of looking sums up")
	flag.Parse()
	kernel := simd.LookupKernel
	if *popcount {
		kernel = simd.PopcountKernel
	}
	if err := run(flag.Args(), *turns, *tokens, *steps, kernel); err != nil {
		fmt.Fprintln(os.Stderr, "turns:", err)
		os.Exit(1)
	}
}

func run(folders []string, turns, tokens, steps int, kernel simd.Kernel) error {
	var all []*runner
	for _, folder := range folders {
		r := &runner{folder: folder}
		if err := r.open(steps, kernel); err != nil {
			return fmt.Errorf("%s: %w", folder, err)
		}
		all = append(all, r)
	}
	for turn := range turns + 1 { // the first one warms up
		for _, r := range all {
			ms, err := r.decode(tokens)
			if err != nil {
				return fmt.Errorf("%s: %w", r.folder, err)
			}
			if turn > 0 {
				r.times = append(r.times, ms)
			}
		}
	}
	for _, r := range all {
		var ratios []float64
		for i, ms := range r.times {
			ratios = append(ratios, all[0].times[i]/ms)
		}
		least, middle, most := spread(r.times)
		slow, fast, faster := spread(ratios)
		fmt.Printf("%s: loaded in %.2f s; %.2f ms a token (%.2f to %.2f, n = %d), %.1f tokens/s; "+
			"%.2f times as fast as the first (%.2f to %.2f)\n", r.folder, r.loading.Seconds(), middle,
			least, most, len(r.times), 1000/middle, fast, slow, faster)
	}
	return nil
}

func (r *runner) open(steps int, kernel simd.Kernel) error {
	began := time.Now()
	m, err := core.Open(os.DirFS(r.folder))
	if err != nil {
		return err
	}
	r.loading = time.Since(began)
	runtime.GC()
	m.Prepare(kernel)
	if r.state, err = core.NewState(m, context+1, 16); err != nil {
		return err
	}
	c := coding.Coding{Steps: steps, CacheSteps: steps, OutputSteps: 4, OutputResidual: true}
	if err := r.state.SetCoding(c, kernel); err != nil {
		return err
	}
	for r.state.Position() < context/2 {
		var prompt [16]int32
		for i := range prompt {
			prompt[i] = int32(300 + 7*(r.state.Position()+i))
		}
		if err := r.state.Extend(prompt[:]); err != nil {
			return err
		}
	}
	return nil
}

// decode gives the milliseconds of a token.
func (r *runner) decode(tokens int) (float64, error) {
	s := r.state
	s.Truncate(context / 2)
	began := time.Now()
	for i := range tokens {
		if err := s.Forward([]int32{int32(500 + i)}, true); err != nil {
			return 0, err
		}
	}
	return time.Since(began).Seconds() * 1000 / float64(tokens), nil
}

func spread(values []float64) (least, middle, most float64) {
	sorted := slices.SortedFunc(slices.Values(values), cmp.Compare)
	return sorted[0], sorted[len(sorted)/2], sorted[len(sorted)-1]
}
