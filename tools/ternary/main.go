// Command ternary codes the linear layers of a packed model as ternary spikes, calibrated on a
// text, and writes them into a file that tools/eval measures. Run it with -h for its usage.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/spikechat/spikechat/tools/internal/corpus"
	"github.com/spikechat/spikechat/tools/internal/quantised"
	"github.com/spikechat/spikechat/tools/pack/gptq"
	"github.com/spikechat/spikechat/tools/pack/packer"
)

const usage = `usage: ternary [flags]

Codes the weights of a packed model's linear layers as ternary spikes by GPTQ,
and keeps the matrices in a file of build/ternary for tools/eval.

Flags:
`

// Exit codes.
const (
	exitOK      = 0
	exitFailure = 1
	exitUsage   = 2
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// errUsage reports a command line that makes no sense; the message is out.
var errUsage = errors.New("usage")

func run(args []string, stdout, stderr io.Writer) int {
	err := code(args, stdout, stderr)
	switch {
	case err == nil || errors.Is(err, flag.ErrHelp):
		return exitOK
	case errors.Is(err, errUsage):
		return exitUsage
	}
	fmt.Fprintf(stderr, "ternary: %v\n", err)
	return exitFailure
}

func code(args []string, stdout, stderr io.Writer) error {
	var recipe gptq.Recipe
	f := flag.NewFlagSet("ternary", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.Usage = func() {
		fmt.Fprint(stderr, usage)
		f.PrintDefaults()
	}
	model := f.String("model", "dist/models/smollm2-135m-instruct", "`folder` of the packed model")
	folder := f.String("o", "build/ternary", "`folder` that the file is kept in")
	text := f.String("calibrate", "", "UTF-8 `file` to calibrate on (default: passages of "+
		"WikiText-2's validation split, built in)")
	workers := f.Int("workers", runtime.NumCPU(), "`number` of processors; the result is the same")
	limit := f.Duration("limit", 0,
		"begin no further layer after this `time`, and keep what is done; the next run goes on")
	f.IntVar(&recipe.Steps, "steps", 4, "time steps `T` of a weight, 1 to 7")
	f.BoolVar(&recipe.Nearest, "nearest", false, "round each weight by itself")
	f.BoolVar(&recipe.Ordered, "ordered", false,
		"take the columns of the largest activations first")
	f.Float64Var(&recipe.Share, "share", 0, "`part` of each matrix's groups that has -more steps")
	f.IntVar(&recipe.More, "more", 0, "time steps `T` of that part")
	by := f.String("by", "saliency",
		"`measure` that selects it: saliency, weight, activation or random")
	f.Uint64Var(&recipe.Seed, "seed", 0, "`number` that -by random draws by")
	if err := f.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return err
		}
		return errUsage // the flag package has printed what is wrong
	}
	wrong := ""
	measure, err := gptq.MeasureNamed(*by)
	if err == nil {
		recipe.By = measure
		err = recipe.Validate()
	}
	switch {
	case f.NArg() > 0:
		wrong = fmt.Sprintf("unexpected argument %q", f.Arg(0))
	case *workers < 1:
		wrong = fmt.Sprintf("-workers is %d, want at least 1", *workers)
	case err != nil:
		wrong = err.Error()
	}
	if wrong != "" {
		fmt.Fprintf(stderr, "ternary: %s; run it with -h for its usage\n", wrong)
		return errUsage
	}
	source, err := quantised.Open(*model)
	if err != nil {
		return err
	}
	calibration := packer.CalibrationText
	if *text != "" {
		if calibration, err = corpus.Read(*text); err != nil {
			return err
		}
	}
	start, file := time.Now(), filepath.Join(*folder, quantised.FileName(recipe.String()))
	job := quantised.Job{Folder: *folder, Text: calibration, Workers: *workers, Progress: stderr}
	if *limit > 0 {
		job.Until = start.Add(*limit)
	}
	made, err := source.Make(job, quantised.Way{Name: recipe.String(), Bits: recipe.Bits(),
		Method: recipe.Method(), Calibrated: !recipe.Nearest})
	if err != nil {
		return err
	}
	var out bytes.Buffer
	fmt.Fprintf(&out, "%s: %s, %.2f bits a weight, sha256 %s, %.0f s\n", file, recipe,
		made.Bits, made.Sum, time.Since(start).Seconds())
	_, err = stdout.Write(out.Bytes())
	return err
}
