package main

import (
	"fmt"
	"io"
	"os"

	"github.com/spikechat/spikechat/tools/pack/packer"
)

// progress writes what happens: each tensor to err, the errors of quantised
// tensors, which are results, to out.
type progress struct {
	out, err io.Writer
	quiet    bool
	terminal bool // err can rewrite a line
	percent  int64
}

func newProgress(out, err io.Writer, quiet bool) *progress {
	p := &progress{out: out, err: err, quiet: quiet, percent: -100}
	if f, ok := err.(*os.File); ok {
		info, statErr := f.Stat()
		p.terminal = statErr == nil && info.Mode()&os.ModeCharDevice != 0
	}
	return p
}

// A log gets a line each time another logStep percent are done; a terminal
// shows every tensor on one line.
const logStep = 5

// A log gets a line each time so many more runs have been counted.
const logRuns = 4

func (p *progress) Tensor(t packer.Tensor, done, total int64) {
	percent := 100 * done / max(total, 1)
	if p.quiet || !p.terminal && percent < p.percent+logStep {
		return
	}
	p.percent = percent
	p.show(fmt.Sprintf("%3d %%  %s  %v, %d x %d", percent, t.Name, t.Type, t.Rows, t.Cols))
}

func (p *progress) Calibrated(done, total int) {
	p.show(fmt.Sprintf("calibrating: %d of %d windows", done, total))
}

func (p *progress) Counted(done, total int) {
	if p.terminal || done%logRuns == 0 {
		p.show(fmt.Sprintf("counting spikes: %d of %d runs", done, total))
	}
}

// show writes a line, on a terminal in the place of the one before.
func (p *progress) show(line string) {
	if p.quiet {
		return
	}
	if p.terminal {
		fmt.Fprintf(p.err, "\r\x1b[K%s", line)
	} else {
		fmt.Fprintln(p.err, line)
	}
}

func (p *progress) Quantised(t packer.Tensor, worst float64) {
	p.clear()
	fmt.Fprintf(p.out, "%s: %v quantised to %d bits, largest error %.3g\n", t.Name, t.Type,
		t.Planes, worst)
}

func (p *progress) Note(text string) {
	p.clear()
	fmt.Fprintf(p.out, "note: %s\n", printable(text))
}

// clear removes the line that a terminal shows.
func (p *progress) clear() {
	if p.terminal && !p.quiet {
		fmt.Fprint(p.err, "\r\x1b[K")
	}
}
