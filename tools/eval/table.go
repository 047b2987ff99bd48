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
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/spikechat/spikechat/core"
	"github.com/spikechat/spikechat/core/coding"
	"github.com/spikechat/spikechat/core/simd"
	"github.com/spikechat/spikechat/tools/internal/outfile"
)

// table is the quality table as its JSON file keeps it, so that it can be interrupted and gone on
// with.
type table struct {
	// Setup is of what model and windows the results are; others are not mixed with them.
	Setup   string `json:"setup"`
	Windows int    `json:"windows"`
	Rows    []line `json:"rows"`
}

// line is a row with its results.
type line struct {
	Section string `json:"section"`
	Name    string `json:"name"`
	// what was measured, as fieldsOf writes it: results of another coding are not taken over
	Coding string  `json:"coding"`
	Result *result `json:"result,omitempty"`
	// Speeds are runs of decodeTokens each, in tokens a second; they took turns with those of the
	// other rows.
	Speeds []float64 `json:"tokens_per_second,omitempty"`
}

// speedRuns is how many times a row's speed is measured.
const speedRuns = 3

// loadTable reads the results that a file has of these rows and this setup; a missing file has
// none.
func loadTable(file, setup string, windows int, rows []row) (*table, error) {
	t := &table{Setup: setup, Windows: windows}
	var old table
	text, err := os.ReadFile(file)
	if err == nil {
		if err := json.Unmarshal(text, &old); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
	} else if !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	known := map[string]line{}
	if old.Setup == setup {
		for _, l := range old.Rows {
			// A file that was edited by hand, or is of something else; written so that NaN would be
			// refused too.
			if r := l.Result; r != nil && !(r.Perplexity >= 1 && r.Perplexity <= maxPerplexity) {
				return nil, fmt.Errorf("%s: %s: %s: perplexity %v, want 1 to %.0e: "+
					"remove this row, so that it is measured again",
					file, l.Section, l.Name, r.Perplexity, float64(maxPerplexity))
			}
			known[l.Section+": "+l.Name+": "+l.Coding] = l
		}
	}
	for i := range rows {
		r := &rows[i]
		coding := strings.Join(append(fieldsOf(r.coding), fieldsOf(r.simulate)...), " ")
		l := known[r.id()+": "+coding]
		l.Section, l.Name, l.Coding = r.Section, r.Name, coding
		t.Rows = append(t.Rows, l)
	}
	return t, nil
}

// fieldsOf writes the fields of a struct that are not zero, as "Steps=4 Select.Low=2". A field that
// is added later, and zero where it was not there, changes nothing.
func fieldsOf(v any) (list []string) {
	of := reflect.ValueOf(v)
	for i := range of.NumField() {
		name, field := of.Type().Field(i).Name, of.Field(i)
		switch {
		case field.IsZero():
		case field.Kind() == reflect.Struct:
			for _, inner := range fieldsOf(field.Interface()) {
				list = append(list, name+"."+inner)
			}
		default:
			list = append(list, fmt.Sprintf("%s=%v", name, field))
		}
	}
	return list
}

// save replaces the file as a whole.
func (t *table) save(file string) error {
	text, err := json.MarshalIndent(t, "", " ")
	if err != nil {
		return err
	}
	return outfile.Write(tableFile(file), append(text, '\n'), isTable)
}

// referenceFile is where the logits of the reference are kept: beside the table where nothing else
// was asked for.
func (s settings) referenceFile(name string) string {
	if s.reference != "" {
		return s.reference
	}
	return filepath.Join(filepath.Dir(s.table), name)
}

// runTable measures what the file lacks, first the quality of every row and then the speeds, and
// saves it after each. It ends early, with complete false, once the limit is over.
func runTable(s settings, m measurement, rows []row, stderr io.Writer) (t *table, complete bool,
	err error) {
	start := time.Now()
	over := func() bool { return s.limit > 0 && time.Since(start) > s.limit }
	if err := os.MkdirAll(filepath.Dir(s.table), 0o777); err != nil {
		return nil, false, err
	}
	id, err := referenceID(s.model, m.windows)
	if err != nil {
		return nil, false, err
	}
	if t, err = loadTable(s.table, hex.EncodeToString(id), len(m.windows), rows); err != nil {
		return nil, false, err
	}
	for i := range rows {
		if t.Rows[i].Result != nil {
			continue
		}
		if over() {
			return t, false, nil
		}
		if m.reference == nil {
			if m.reference, err = openReference(s.referenceFile("reference.f32"), s.model, m); err != nil {
				return nil, false, err
			}
			defer m.reference.Close()
		}
		m.coding, m.simulate = rows[i].coding, rows[i].simulate
		m.progress = io.Discard
		r, err := m.run()
		if err != nil {
			return nil, false, fmt.Errorf("%s: %w", rows[i].id(), err)
		}
		t.Rows[i].Result = r
		if err := t.save(s.table); err != nil {
			return nil, false, err
		}
		fmt.Fprintf(stderr, "eval: row %d of %d, %.0f s: %s: perplexity %s, KL %.4f\n", i+1,
			len(rows), r.Seconds, rows[i].id(), r.perplexity(2), r.KL)
	}
	for run := range speedRuns {
		for i := range rows {
			if len(t.Rows[i].Speeds) > run || rows[i].simulate.steps > 0 {
				continue
			}
			if over() {
				return t, false, nil
			}
			speed, err := decodeSpeed(m.model, rows[i].coding, m.kernel, m.windows[0].IDs)
			if err != nil {
				return nil, false, fmt.Errorf("%s: %w", rows[i].id(), err)
			}
			t.Rows[i].Speeds = append(t.Rows[i].Speeds, speed)
			if err := t.save(s.table); err != nil {
				return nil, false, err
			}
		}
	}
	return t, true, nil
}

// Tokens of a speed measurement: those of a window, the first as a prompt, the others one by one.
const (
	promptTokens = 16
	decodeTokens = 32
)

// decodeSpeed runs tokens one by one on one thread and gives how many it made in a second. With a
// float output the time is that of its float product, which the page never runs, so the output is
// coded as in the page where it is float.
func decodeSpeed(
	m *core.Model, c coding.Coding, k simd.Kernel, ids []int32,
) (float64, error) {
	if c.Steps > 0 && c.OutputSteps == 0 {
		c.OutputSteps, c.OutputResidual = 4, true
	}
	s, err := core.NewState(m, promptTokens+decodeTokens, promptTokens)
	if err != nil {
		return 0, err
	}
	if err := s.SetCoding(c, k); err != nil {
		return 0, err
	}
	if len(ids) < promptTokens+decodeTokens {
		return 0, fmt.Errorf("a window of %d tokens is too short to measure speed", len(ids))
	}
	if err := s.Forward(ids[:promptTokens], false); err != nil {
		return 0, err
	}
	start := time.Now()
	for _, id := range ids[promptTokens:][:decodeTokens] {
		if err := s.Forward([]int32{id}, false); err != nil {
			return 0, err
		}
		s.Logits(0) // of all tokens: what a search of the output saves depends on the sampling
	}
	return decodeTokens / time.Since(start).Seconds(), nil
}

// writeMarkdown prints the table of docs/quality.md.
func (t *table) writeMarkdown(w io.Writer) error {
	section := ""
	for _, l := range t.Rows {
		r := l.Result
		if r == nil {
			continue
		}
		if l.Section != section {
			section = l.Section
			fmt.Fprintf(w, "\n**%s**\n\n", section)
			fmt.Fprintln(w, "| | perplexity | KL | top-1 | mean T | bits | spikes "+
				"| synaptic operations | looking back | tokens/s |")
			fmt.Fprintln(w,
				"| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
		}
		fmt.Fprintf(w, "| %s | %s | %s | %.1f %% | ", l.Name, r.perplexity(2),
			withError(r.KL, r.KLError), 100*r.Top1)
		if s := &r.Spikes; s.StepsSum > 0 {
			fmt.Fprintf(w, "%.2f | %.2f | %.0f k | %.0f M | ", s.MeanSteps, s.BitsEach,
				s.Spikes/1e3, (s.SynapticOperations)/1e6)
		} else {
			fmt.Fprint(w, "| | | | ")
		}
		if r.CacheSteps > 0 {
			fmt.Fprintf(w, "%.1f M | ", r.LookBack.Operations/1e6)
		} else {
			fmt.Fprint(w, "| ")
		}
		if len(l.Speeds) > 0 {
			fmt.Fprintf(w, "%.1f ", median(l.Speeds))
		}
		fmt.Fprintln(w, "|")
	}
	return nil
}

// withError writes a value with as many digits as its standard error allows.
func withError(v, e float64) string {
	if v == 0 && e == 0 {
		return "0"
	}
	digits := 4
	if v >= 0.1 {
		digits = 3
	}
	if v >= 1 {
		digits = 2
	}
	return fmt.Sprintf("%.*f ± %.*f", digits, v, digits, e)
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}
