package main

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"time"

	"github.com/spikechat/spikechat/core/coding"
	"github.com/spikechat/spikechat/core/simd"
	"github.com/spikechat/spikechat/tools/internal/corpus"
	"github.com/spikechat/spikechat/tools/internal/outfile"
	"github.com/spikechat/spikechat/tools/internal/quantised"
	"github.com/spikechat/spikechat/tools/pack/packer"
)

// weightTable is the table of weights as its JSON file keeps it, so that it can be interrupted and
// gone on with.
type weightTable struct {
	Setup   string       `json:"setup"` // of what model and windows
	Windows int          `json:"windows"`
	Weights []weightLine `json:"weights"`
}

// weightLine is a row with its results.
type weightLine struct {
	Section string  `json:"section"`
	Name    string  `json:"name"`
	Way     string  `json:"way"`
	Sum     string  `json:"sum,omitempty"`  // sha256 of the quantised model's file
	Bits    float64 `json:"bits,omitempty"` // of a layer's weight
	// LayerBytes is what the layers' matrices take in memory, which a token reads once; 0 where no
	// kernel reads them as they are.
	LayerBytes int64       `json:"layer_bytes,omitempty"`
	Coded      *result     `json:"coded,omitempty"` // activations by weightCoding
	Float      *result     `json:"float,omitempty"`
	Operations *operations `json:"operations,omitempty"` // of ternary weights
}

// weightCoding is how activations are coded for the table of weights: everything at T = 4.
var weightCoding = coding.Coding{Steps: 4, CacheSteps: 4, OutputSteps: 4, OutputResidual: true}

// weightWindows is how many windows it is measured on, the first ones.
const weightWindows = 4

func loadWeightTable(file, setup string, windows int, rows []weightRow) (*weightTable, error) {
	var old weightTable
	text, err := os.ReadFile(file)
	if err == nil {
		err = json.Unmarshal(text, &old)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	known := map[string]weightLine{}
	if old.Setup == setup {
		for _, l := range old.Weights {
			for _, r := range []*result{l.Coded, l.Float} {
				if r != nil && !(r.Perplexity >= 1 && r.Perplexity <= maxPerplexity) {
					return nil, fmt.Errorf("%s: %s: perplexity %v, want 1 to %.0e: remove this row, "+
						"so that it is measured again", file, l.Name, r.Perplexity,
						float64(maxPerplexity))
				}
			}
			known[l.Way] = l
		}
	}
	t := &weightTable{Setup: setup, Windows: windows}
	for _, r := range rows {
		l := known[r.wayName()]
		l.Section, l.Name, l.Way = r.Section, r.Name, r.wayName()
		t.Weights = append(t.Weights, l)
	}
	return t, nil
}

func (r *weightRow) wayName() string {
	if r.way == nil {
		return "exact"
	}
	return r.way.Name
}

func (t *weightTable) save(file string) error {
	text, err := json.MarshalIndent(t, "", " ")
	if err != nil {
		return err
	}
	return outfile.Write(tableFile(file), append(text, '\n'), isWeightTable)
}

// isWeightTable fails for a file that does not have the fields of a table of weights and no others.
func isWeightTable(name string) error {
	var fields struct {
		Setup   *string            `json:"setup"`
		Windows *int               `json:"windows"`
		Weights *[]json.RawMessage `json:"weights"`
	}
	if err := readJSON(name, &fields); err != nil {
		return err
	}
	if fields.Setup == nil || fields.Windows == nil || fields.Weights == nil {
		return errors.New("no table of weights")
	}
	return nil
}

// runWeightTable measures what the file lacks, with coded activations and then with float ones, and
// saves it after each. text is what calibrates. Rows that do not match are left as they are. It
// ends early, with complete false, once the limit is over.
func runWeightTable(
	s settings, source *quantised.Source, text string, m measurement, rows []weightRow,
	stderr io.Writer,
) (t *weightTable, complete bool, err error) {
	job := quantised.Job{Folder: filepath.Join(filepath.Dir(s.table), "ternary"), Text: text,
		Workers: m.workers, Progress: stderr}
	if s.limit > 0 {
		job.Until = time.Now().Add(s.limit)
	}
	only, err := regexp.Compile(wholly(s.match))
	if err != nil {
		return nil, false, err
	}
	id, err := referenceID(s.model, m.windows)
	if err != nil {
		return nil, false, err
	}
	if t, err = loadWeightTable(s.table, hex.EncodeToString(id), len(m.windows), rows); err != nil {
		return nil, false, err
	}
	for _, float := range []bool{false, true} {
		for i := range rows {
			l, words := &t.Weights[i], "T=4"
			if float {
				words = "float"
			}
			if float && l.Float != nil || !float && l.Coded != nil ||
				s.match != "" && !only.MatchString(l.Way+", "+words) {
				continue
			}
			if s.limit > 0 && time.Now().After(job.Until) {
				return t, false, nil
			}
			if m.reference == nil {
				name := s.referenceFile("reference-weights.f32")
				if m.reference, err = openReference(name, s.model, m); err != nil {
					return nil, false, err
				}
				defer m.reference.Close()
			}
			err := l.measure(job, source, m, &rows[i], float)
			if errors.Is(err, quantised.ErrNoTime) {
				return t, false, nil
			}
			if err != nil {
				return nil, false, fmt.Errorf("%s: %w", l.Way, err)
			}
			if err := t.save(s.table); err != nil {
				return nil, false, err
			}
			r := l.Coded
			if float {
				r = l.Float
			}
			fmt.Fprintf(stderr, "eval: row %d of %d, %.0f s: %s, activations %s: "+
				"perplexity %s, KL %.4f\n", i+1, len(rows), r.Seconds, l.Way, words,
				r.perplexity(2), r.KL)
		}
	}
	return t, true, nil
}

// wholly has an expression match texts as a whole.
func wholly(expression string) string { return "^(?:" + expression + ")$" }

func validExpression(expression string) bool {
	_, err := regexp.Compile(wholly(expression))
	return err == nil
}

// measure fills in a line for coded or float activations.
func (l *weightLine) measure(
	job quantised.Job, source *quantised.Source, m measurement, row *weightRow, float bool,
) error {
	m.progress, m.multiply = io.Discard, simd.MultipliesBatches()
	if !float {
		m.coding = weightCoding
	} else {
		m.coding = coding.Coding{}
	}
	if row.way != nil {
		made, err := source.Make(job, *row.way)
		if err != nil {
			return err
		}
		if m.model, err = source.Model(made); err != nil {
			return err
		}
		m.model.Prepare(m.kernel)
		m.other = true
		l.Sum, l.Bits, l.LayerBytes = made.Sum, made.Bits, 0
		if row.ternary {
			for _, matrix := range made.Matrices {
				l.LayerBytes += matrix.Bytes()
			}
			if !float {
				m.ternary = &ternaryTally{steps: weightCoding.Steps}
			}
		}
		r, err := m.run()
		if err != nil {
			return err
		}
		if m.ternary != nil {
			o, err := m.ternary.operations(&m.model.Config, made.Matrices, r.Tokens)
			if err != nil {
				return err
			}
			l.Operations = &o
		}
		l.keep(r, float)
		return nil
	}
	r, err := m.run()
	if err == nil {
		l.keep(r, float)
	}
	return err
}

func (l *weightLine) keep(r *result, float bool) {
	if float {
		l.Float = r
	} else {
		l.Coded = r
	}
}

// tableOfWeights measures the table and prints what there is of it.
func tableOfWeights(s settings, m measurement, stdout, stderr io.Writer) error {
	source, err := quantised.Open(s.model)
	if err != nil {
		return err
	}
	m.windows = firstWindows(m.windows)
	t, complete, err := runWeightTable(s, source, packer.CalibrationText, m, weightRows(), stderr)
	if err != nil {
		return err
	}
	if !complete {
		fmt.Fprintln(stderr, "eval: the time is over; run it again to go on")
	}
	return t.writeMarkdown(stdout)
}

// firstWindows are those that the table of weights is measured on.
func firstWindows(windows []corpus.Window) []corpus.Window {
	return windows[:min(weightWindows, len(windows))]
}

// writeMarkdown prints the table of docs/ternary.md.
func (t *weightTable) writeMarkdown(w io.Writer) error {
	section := ""
	for _, l := range t.Weights {
		if l.Coded == nil && l.Float == nil {
			continue
		}
		if l.Section != section {
			section = l.Section
			fmt.Fprintf(w, "\n**%s**\n\n", section)
			fmt.Fprintln(w, "| | bits | T=4: perplexity | KL | top-1 | float: perplexity | KL | top-1 "+
				"| synaptic operations | adds | subtracts | MB a token |")
			fmt.Fprintln(w, "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | "+
				"---: | ---: |")
		}
		fmt.Fprintf(w, "| %s | ", l.Name)
		if l.Bits > 0 {
			fmt.Fprintf(w, "%.2f ", l.Bits)
		}
		fmt.Fprint(w, "| ")
		for _, r := range []*result{l.Coded, l.Float} {
			if r == nil {
				fmt.Fprint(w, "| | | ")
				continue
			}
			fmt.Fprintf(w, "%s | %s | %.1f %% | ", r.perplexity(2), withError(r.KL, r.KLError),
				100*r.Top1)
		}
		if l.Coded != nil {
			fmt.Fprintf(w, "%.0f M ", l.Coded.Spikes.SynapticOperations/1e6)
		}
		if o := l.Operations; o != nil {
			fmt.Fprintf(w, "| %.0f M | %.0f M ", o.Adds/1e6, o.Subtracts/1e6)
		} else {
			fmt.Fprint(w, "| | ")
		}
		if l.LayerBytes > 0 {
			fmt.Fprintf(w, "| %.1f |\n", float64(l.LayerBytes)/1e6)
		} else {
			fmt.Fprintln(w, "| |")
		}
	}
	return nil
}
