// Command pack turns a GGUF model file into the shards that the page loads.
// Run it with -h for its usage.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/tools/internal/outfile"
	"github.com/spikechat/spikechat/tools/pack/jinja"
	"github.com/spikechat/spikechat/tools/pack/packer"
)

const usage = `usage:
  pack [-o DIR] [-name NAME] [-q] [-head-planes N] [-ternary T [-quantised FILE]]
       [-calibrate FILE] [-jinja DIR] [-lock FILE] [-write-lock FILE] SOURCE
  pack inspect DIR
  pack verify [-lock FILE] DIR
  pack tiny [-o DIR] [-gguf FILE]
  pack sweep DIR

SOURCE is a GGUF file; one file of a model in parts (-00001-of-00003.gguf), or the
folder of either; or a wheel or zip that holds exactly one file. models/README.md
has the architectures and types that are read. Quantised tensors keep their codes,
but for Q2_K and Q6_K, and what is rounded of them is printed; float matrices are
quantised (8 bits for embedding and head, 4 bits with a minimum for the layers)
and the largest error of each is printed.
The chat template is executed by Python's Jinja2 and has to be a joining of strings.
The model is then run over 1,024 tokens of a text, to rank its neurons, and coded
over half of them, to count how many spikes each layer usually fires.

inspect prints what a packed model consists of, verify reads it whole and checks
every shard, tiny makes the small model with random weights that tests use, sweep
removes from DIR the unfinished folders of runs that were killed.

Flags of pack:
`

// Exit codes.
const (
	exitOK      = 0
	exitFailure = 1
	exitUsage   = 2
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// run is main with its surroundings given. Results go to stdout; progress and
// errors to stderr.
func run(args []string, stdout, stderr io.Writer) int {
	command := packCommand
	if len(args) > 0 {
		switch args[0] {
		case "inspect":
			command, args = inspectCommand, args[1:]
		case "verify":
			command, args = verifyCommand, args[1:]
		case "tiny":
			command, args = tinyCommand, args[1:]
		case "sweep":
			command, args = sweepCommand, args[1:]
		}
	}
	err := command(args, stdout, stderr)
	switch {
	case err == nil || errors.Is(err, flag.ErrHelp):
		return exitOK
	case errors.Is(err, errUsage):
		// The flag package has printed what is wrong, and the usage.
		return exitUsage
	}
	fmt.Fprintf(stderr, "pack: %s\n", printable(err.Error()))
	return exitFailure
}

// errUsage reports a command line that makes no sense; the message is out.
var errUsage = errors.New("usage")

// parse reads flags and wants exactly n arguments after them.
func parse(f *flag.FlagSet, args []string, n int) error {
	if err := f.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return err
		}
		return errUsage
	}
	if f.NArg() != n {
		fmt.Fprintf(f.Output(), "pack: %d arguments, want %d\n", f.NArg(), n)
		f.Usage()
		return errUsage
	}
	return nil
}

func newFlags(name string, stderr io.Writer) *flag.FlagSet {
	f := flag.NewFlagSet(name, flag.ContinueOnError)
	f.SetOutput(stderr)
	f.Usage = func() {
		fmt.Fprint(stderr, usage)
		f.PrintDefaults()
	}
	return f
}

func packCommand(args []string, stdout, stderr io.Writer) error {
	f := newFlags("pack", stderr)
	dir := f.String("o", "", "write the model to the folder `DIR` (default build/models/NAME)")
	name := f.String("name", "", "call the model `NAME` (default: from the name of the GGUF file)")
	quiet := f.Bool("q", false, "show no progress")
	calibrate := f.String("calibrate", builtInText,
		"rank neurons by the UTF-8 text `FILE` "+
			"(default: WikiText-2, built in; \"none\": make no ranking and count nothing)")
	headPlanes := f.Int("head-planes", planes.MaxPlanes,
		"keep only the upper `N` planes of embedding and head, for fewer bytes")
	ternary := f.Int("ternary", 0,
		"make the layers' weights ternary spikes of `T` time steps, 1 to 7 (2T+1 levels)")
	codes := f.String("quantised", "",
		"take the codes of ternary weights from `FILE`, as tools/ternary made them of the source's "+
			"packed model (default: round to nearest)")
	jinjaDir := f.String("jinja", filepath.Join("build", "jinja"),
		"Jinja2 is in the folder `DIR`, where \"make jinja\" installs it")
	lockFile := f.String("lock", "",
		"fail, and write no model, unless it is the one that `FILE` names")
	newLockFile := f.String("write-lock", "", "describe the packed model in `FILE`")
	if err := parse(f, args, 1); err != nil {
		return err
	}
	if *headPlanes < 1 || *headPlanes > planes.MaxPlanes {
		return fmt.Errorf("-head-planes %d: want 1 to %d", *headPlanes, planes.MaxPlanes)
	}
	if *ternary < 0 || *ternary > planes.MaxTernarySteps {
		return fmt.Errorf("-ternary %d: want 1 to %d", *ternary, planes.MaxTernarySteps)
	}
	quantizer, err := readQuantised(*codes, *ternary)
	if err != nil {
		return err
	}
	var wanted *packer.Lock
	if *lockFile != "" {
		l, err := readLock(*lockFile)
		if err != nil {
			return err
		}
		wanted = &l
	}
	s, err := openSource(f.Arg(0))
	if err != nil {
		return err
	}
	defer s.Close()
	if wanted != nil {
		if err := wanted.CheckSource(f.Arg(0), s.SHA256); err != nil {
			return err
		}
	}
	if *name == "" {
		*name = packer.ModelName(s.Name)
		if *ternary > 0 {
			*name = packer.TernaryName(*name, *ternary)
		}
	}
	if err := packer.CheckName(*name); err != nil {
		return err
	}
	if *dir == "" {
		*dir = filepath.Join("build", "models", *name)
	}
	text, err := readCalibration(*calibrate)
	if err != nil {
		return err
	}
	read := []outfile.Path{
		{What: "the source", Name: f.Arg(0)},
		{What: "the lock file that is read", Name: *lockFile},
		{What: "the file of ternary weights", Name: *codes},
	}
	if *calibrate != builtInText && *calibrate != noCalibration {
		read = append(read, outfile.Path{What: "the calibration text", Name: *calibrate})
	}
	written := outfile.Path{What: "the lock file", Name: *newLockFile}
	if err := checkApart(*dir, append(read, written)...); err != nil {
		return err
	}
	if err := outfile.Check(written, isLock, read...); err != nil {
		return err
	}
	template := &templateReader{engine: jinja.Engine{Folder: *jinjaDir}}
	if wanted != nil {
		template.locked = wanted.Chat
	}
	defer template.engine.Close()
	report := newProgress(stdout, stderr, *quiet)
	packed, err := packTo(*dir, &packer.Job{
		Source: s, Name: *name, Calibration: text, Report: report,
		HeadPlanes: *headPlanes, TernarySteps: *ternary, Quantizer: quantizer,
		Chat: template.derive,
	}, wanted, *newLockFile)
	report.clear()
	if err != nil {
		return err
	}
	fmt.Fprintf(stdout, "%s, in %s\n", packed, *dir)
	return nil
}

// packTo packs into the folder dir, which appears only when all of it is written and is what the
// lock wants. The file newLockFile, unless it is "", describes the model. It is in its place before
// the model is: where it cannot be written, no model is installed.
func packTo(
	dir string, p *packer.Job, wanted *packer.Lock, newLockFile string,
) (packer.Lock, error) {
	out, err := newOutput(dir)
	if err != nil {
		return packer.Lock{}, err
	}
	defer out.discard()
	p.Emit = out.write
	model, err := p.Run()
	if err == nil || errors.Is(err, io.ErrUnexpectedEOF) {
		if changed := p.Source.CheckUnchanged(); changed != nil {
			err = fmt.Errorf("%s: %w", p.Source.Name, changed)
		}
	}
	if err != nil {
		return packer.Lock{}, err
	}
	packed := packer.NewLock(model)
	if wanted != nil {
		if err := wanted.Check(packed); err != nil {
			return packer.Lock{}, err
		}
	}
	if newLockFile != "" {
		if err := writeLock(newLockFile, packed); err != nil {
			return packer.Lock{}, err
		}
	}
	return packed, out.install(model)
}
