// Command eval measures what spiking costs: the perplexity of a packed model over a text, and how
// far its predictions are from those of the same model with float activations. Run it with -h for
// its usage.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime"
	"strings"
	"time"

	"github.com/spikechat/spikechat/core/coding"
	"github.com/spikechat/spikechat/core/tile"
	"github.com/spikechat/spikechat/tools/internal/corpus"
	"github.com/spikechat/spikechat/tools/internal/outfile"
)

const usage = `usage: eval [flags]

Runs windows of 512 tokens of a text through a packed model, each from an empty
cache, and prints perplexity, KL divergence from float activations, agreement of
the likeliest token, and spikes for each token.

Flags:
`

// Exit codes.
const (
	exitOK      = 0
	exitFailure = 1
	exitUsage   = 2
)

func main() {
	withoutPreemption()
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// run is main with its surroundings given. The result goes to stdout; progress and errors to
// stderr.
func run(args []string, stdout, stderr io.Writer) int {
	err := eval(args, stdout, stderr)
	switch {
	case err == nil || errors.Is(err, flag.ErrHelp):
		return exitOK
	case errors.Is(err, errUsage):
		return exitUsage
	}
	fmt.Fprintf(stderr, "eval: %v\n", err)
	return exitFailure
}

// errUsage reports a command line that makes no sense; the message is out.
var errUsage = errors.New("usage")

// settings are the command line.
type settings struct {
	model, text, save string
	kernel            string
	windows           int
	coding            coding.Coding
	hadamard          int
	reference         string
	workers           int
	table, tasks      string
	weights           bool   // the table is that of weights
	match             string // of its rows, those whose way matches it whole
	plot              string
	frontier          string
	limit             time.Duration
	lesions           bool
	point             point
	json              bool
}

// parse reads the command line. Where it makes no sense it says so on stderr and returns errUsage.
func parse(args []string, stderr io.Writer) (settings, error) {
	var s settings
	f := flag.NewFlagSet("eval", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.Usage = func() {
		fmt.Fprint(stderr, usage)
		f.PrintDefaults()
	}
	f.StringVar(&s.model, "model", "dist/models/smollm2-135m-instruct",
		"`folder` of the packed model")
	f.StringVar(&s.text, "text", "",
		"UTF-8 `file` to take the windows from (default: 12 windows of WikiText-2, built in)")
	f.StringVar(&s.save, "save", "",
		"write the windows to `file` instead of measuring; how the built-in ones were made")
	f.StringVar(&s.kernel, "kernel", "lookup",
		"spike `kernel`: lookup, popcount or dot; the results are the same")
	f.IntVar(&s.windows, "windows", 12, "`number` of windows, spread evenly over the text")
	f.StringVar(&s.reference, "reference", "",
		"keep the logits of float activations in `file`, 100 MB a window, for further runs")
	table := f.Bool("table", false,
		"measure every row of the quality table and print it; with -json FILE keep the rows in FILE, "+
			"to go on where it was interrupted")
	f.BoolVar(&s.weights, "weights", false,
		"with -table: the table of quantised weights instead, on the first 4 windows; quantised "+
			"models are kept beside FILE, in ternary")
	f.StringVar(&s.match, "match", "",
		"with -weights: measure only where way and activations are of this regular `expression`, "+
			"such as \"gptq T=(2|3), float\"")
	f.StringVar(&s.plot, "plot", "",
		"with -table: draw perplexity against synaptic operations into an SVG `file`; "+
			"with -frontier that figure")
	f.StringVar(&s.frontier, "frontier", "",
		"draw the table of a chat before the last byte that is in the Markdown `file`, with -plot")
	f.StringVar(&s.tasks, "tasks", "",
		"score the multiple-choice files of `folder` instead: "+
			"piqa*.jsonl, arc*.jsonl, boolq*.jsonl, hellaswag*.jsonl, winogrande*.jsonl")
	f.BoolVar(&s.lesions, "lesions", false,
		"damage the model with the preset best in five ways instead, and print what each does")
	f.DurationVar(&s.limit, "limit", 0, "with -table: begin no further row after this `time`")
	f.IntVar(&s.hadamard, "hadamard", 0,
		"simulate neurons of `T` steps in a basis turned by Hadamard matrices of 32; -steps must be 0")
	f.Int64Var(&s.point.prefix, "prefix", 0,
		"measure what a chat is worth when so many `BYTES` of the shards have come")
	upper := f.String("upper", "",
		"measure it with the upper planes of some matrices alone, as "+
			"`token_embd.weight=4,blk.*.ffn_gate.weight=3`")
	f.IntVar(&s.point.rows, "rows", 0,
		"measure it with the first `N` tokens of the vocabulary alone")
	var flags codingFlags
	flags.register(f)
	f.IntVar(&s.workers, "workers", runtime.NumCPU(),
		"`number` of windows measured at once; the results are the same")
	f.BoolVar(&s.json, "json", false, "print JSON instead of a table")
	if err := f.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return s, err
		}
		// The flag package has printed what is wrong, and the usage.
		return s, errUsage
	}
	if *table && s.json && f.NArg() == 1 {
		s.table = f.Arg(0)
	}
	given := map[string]bool{}
	f.Visit(func(f *flag.Flag) { given[f.Name] = true })
	wrong := ""
	for _, name := range []string{"table", "hadamard", "reference", "text", "windows", "save"} {
		if given["tasks"] && given[name] {
			wrong = fmt.Sprintf("-%s is for windows of a text, and -tasks measures none: "+
				"leave one of them out", name)
		}
	}
	for _, name := range []string{"table", "tasks", "hadamard", "reference", "save", "steps",
		"json"} {
		if s.lesions && given[name] {
			wrong = fmt.Sprintf("-lesions has its own coding and output: leave -%s out", name)
		}
	}
	for _, name := range []string{"prefix", "upper", "rows"} {
		for _, other := range []string{"table", "tasks", "hadamard", "reference", "save", "lesions"} {
			if given[name] && given[other] {
				wrong = fmt.Sprintf("-%s is measured alone: leave -%s out", name, other)
			}
		}
	}
	if rules, err := parseUpper(*upper); err != nil {
		wrong = err.Error()
	} else {
		s.point.upper = rules
	}
	switch {
	case wrong != "":
	case s.point.prefix < 0 || given["prefix"] && s.point.prefix == 0:
		wrong = fmt.Sprintf("-prefix is %d, want bytes", s.point.prefix)
	case s.point.rows < 0 || given["rows"] && s.point.rows == 0:
		wrong = fmt.Sprintf("-rows is %d, want at least %d", s.point.rows, tile.Rows)
	case s.point.prefix > 0 && (given["upper"] || given["rows"]):
		wrong = "-prefix says what has come: leave -upper and -rows out"
	case *table && s.table == "":
		wrong = "-table wants -json FILE, last"
	case s.weights && !*table || s.match != "" && !s.weights:
		wrong = "-weights wants -table, and -match wants -weights"
	case !validExpression(s.match):
		wrong = fmt.Sprintf("-match is %q, which is no regular expression", s.match)
	case s.weights && given["windows"]:
		wrong = "-weights measures the first 4 windows: leave -windows out"
	case s.weights && s.plot != "":
		wrong = "-weights draws no figure: leave -plot out"
	case given["limit"] && !*table:
		wrong = "-limit wants -table"
	case s.plot != "" && (*table == (s.frontier != "") || !strings.HasSuffix(s.plot, ".svg")):
		wrong = "-plot wants a file that ends in .svg, and -table or -frontier"
	case s.frontier != "" && s.plot == "":
		wrong = "-frontier wants -plot FILE.svg"
	case f.NArg() > 0 && !*table:
		wrong = fmt.Sprintf("unexpected argument %q", f.Arg(0))
	case s.kernel != "lookup" && s.kernel != "popcount" && s.kernel != "dot":
		wrong = fmt.Sprintf("-kernel is %q, want lookup, popcount or dot", s.kernel)
	case s.windows < 1:
		wrong = fmt.Sprintf("-windows is %d, want at least 1", s.windows)
	case s.workers < 1:
		wrong = fmt.Sprintf("-workers is %d, want at least 1", s.workers)
	default:
		var err error
		if s.coding, err = flags.finish(given); err != nil {
			wrong = err.Error()
		} else if s.hadamard < 0 || s.hadamard > coding.MaxSteps ||
			s.hadamard > 0 && s.coding.Steps > 0 {
			wrong = fmt.Sprintf("-hadamard is %d, want 1 to %d with -steps 0", s.hadamard,
				coding.MaxSteps)
		}
	}
	if wrong != "" {
		fmt.Fprintf(stderr, "eval: %s; run it with -h for its usage\n", wrong)
		return s, errUsage
	}
	return s, nil
}

func eval(args []string, stdout, stderr io.Writer) error {
	s, err := parse(args, stderr)
	if err != nil {
		return err
	}
	if s.frontier != "" {
		text, err := os.ReadFile(s.frontier)
		if err != nil {
			return err
		}
		return drawFrontier(string(text), s.plot)
	}
	model, bytesRead, err := s.point.open(os.DirFS(s.model))
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s is not a packed model, or part of it is missing: run \"make model\" (%w)",
			s.model, err)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", s.model, err)
	}
	if err := s.checkOutputs(); err != nil {
		return err
	}
	choice, err := model.KernelOf(s.kernel)
	if err != nil {
		return err
	}
	model.Prepare(choice.Kernel)
	if s.tasks != "" {
		scores, err := runTasks(s.tasks, model, s.coding, choice.Kernel, stderr)
		if err != nil {
			return err
		}
		return writeScores(stdout, scores, s.json)
	}
	windows, err := readWindows(model.Tokenizer, s.text, !s.point.whole())
	if err != nil {
		return err
	}
	if windows, err = corpus.Spread(windows, s.windows); err != nil {
		return err
	}
	if s.save != "" {
		text, err := encodeWindows(model.Tokenizer, windows)
		if err != nil {
			return err
		}
		return outfile.Write(windowsFile(s.save), text, isWindows)
	}
	if s.lesions {
		return runLesions(model, choice.Kernel, windows, stdout, stderr)
	}
	m := measurement{
		model: model, coding: s.coding, kernel: choice.Kernel,
		simulate: simulation{steps: s.hadamard},
		windows:  windows, workers: s.workers, block: 64, progress: stderr,
		alone: !s.point.whole(),
	}
	if s.weights {
		return tableOfWeights(s, m, stdout, stderr)
	}
	if s.table != "" {
		t, complete, err := runTable(s, m, tableRows(), stderr)
		if err != nil {
			return err
		}
		if !complete {
			fmt.Fprintln(stderr, "eval: the time is over; run it again to go on")
		}
		if s.plot != "" {
			if err := t.draw(s.plot); err != nil {
				return fmt.Errorf("%s: %w", s.plot, err)
			}
		}
		return t.writeMarkdown(stdout)
	}
	if s.reference != "" && m.coded() {
		if m.reference, err = openReference(s.reference, s.model, m); err != nil {
			return err
		}
		defer m.reference.Close()
	}
	result, err := m.run()
	if err != nil {
		return err
	}
	if m.alone {
		return result.worth(&m, bytesRead).write(stdout, s.json)
	}
	// The whole output is made before any of it is written, so that a failure leaves no half of it.
	var out bytes.Buffer
	if s.json {
		err = result.writeJSON(&out)
	} else {
		err = result.writeTable(&out)
	}
	if err != nil {
		return err
	}
	_, err = stdout.Write(out.Bytes())
	return err
}
