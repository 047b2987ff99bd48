package main

import (
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"math"
	"path"
	"strconv"
	"strings"

	"github.com/spikechat/spikechat/core"
	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/core/tile"
)

// A point is a model of which only a part has come: what its answers are worth there, and how many
// bytes it took.

// point says which part. The zero value is the whole model.
type point struct {
	prefix int64  // bytes of the shards in their order; 0: all
	upper  []keep // upper planes of some matrices; of several that match the last one counts
	rows   int    // of embedding and output, with the tokenizer that they leave; 0: all
}

// keep says how many upper planes of the matrices that match a pattern there are.
type keep struct {
	pattern string
	planes  int
}

func (p *point) whole() bool { return p.prefix == 0 && len(p.upper) == 0 && p.rows == 0 }

// parseUpper reads "token_embd.weight=4,blk.*.ffn_gate.weight=3".
func parseUpper(text string) (rules []keep, err error) {
	if text == "" {
		return nil, nil
	}
	for part := range strings.SplitSeq(text, ",") {
		pattern, number, ok := strings.Cut(part, "=")
		n, err := strconv.Atoi(number)
		if _, bad := path.Match(pattern, ""); !ok || err != nil || bad != nil || n < 1 ||
			n > planes.MaxPlanes {
			return nil, fmt.Errorf("-upper has %q, want PATTERN=PLANES, 1 to %d", part,
				planes.MaxPlanes)
		}
		rules = append(rules, keep{pattern, n})
	}
	return rules, nil
}

// planes is how many upper planes of a matrix the point has, of so many.
func (p *point) planes(name string, of int) int {
	n := of
	for _, rule := range p.upper {
		if ok, _ := path.Match(rule.pattern, name); ok {
			n = min(rule.planes, of)
		}
	}
	return n
}

// open reads what the point has of a packed model, and gives the bytes that this took: of whole
// shards where prefix says so, else of the runs of a loading order that brings this part first; 0
// for the whole model.
func (p *point) open(folder fs.FS) (*core.Model, int64, error) {
	if p.whole() {
		model, err := core.Open(folder)
		return model, 0, err
	}
	text, err := fs.ReadFile(folder, planes.ManifestFile)
	if err != nil {
		return nil, 0, err
	}
	m, err := planes.ReadManifest(text)
	if err != nil {
		return nil, 0, err
	}
	if err := core.CheckTensors(m); err != nil {
		return nil, 0, err
	}
	r := planes.NewReader(m)
	var came, bytes float64
	for _, s := range m.Shards {
		if p.prefix > 0 && int64(came)+s.Bytes > p.prefix {
			break
		}
		data, err := fs.ReadFile(folder, s.File)
		if err != nil {
			return nil, 0, err
		}
		if err := r.Shard(data, false); err != nil {
			return nil, 0, fmt.Errorf("%s: %w", s.File, err)
		}
		came += float64(s.Bytes)
		runs, err := planes.Runs(m, data)
		if err != nil {
			return nil, 0, err
		}
		for _, run := range runs {
			bytes += float64(run.Packed) * p.share(&m.Tensors[run.Tensor], run.Part, m.Config.Vocab)
		}
	}
	if p.prefix > 0 {
		bytes = came
	}
	chat, err := core.ReadChat(m, r)
	if err != nil || !core.CanBegin(core.Arrived(r), chat) {
		return nil, 0, fmt.Errorf("%.0f bytes hold %d of %d shards: no chat can begin with them", came,
			r.Next(), len(m.Shards))
	}
	if p.rows > m.Config.Vocab || p.rows%tile.Rows != 0 && p.rows != m.Config.Vocab {
		return nil, 0, fmt.Errorf("-rows is %d, want a multiple of %d up to %d", p.rows, tile.Rows,
			m.Config.Vocab)
	}
	model, err := core.NewModelWith(m, &part{core.Arrived(r), p}, chat, nil)
	return model, int64(math.Round(bytes)), err
}

// share is which part of a run the point has. Planes of trained weights are noise, so that some of
// their rows take as large a part of the bytes. Of the tokenizer all is counted.
func (p *point) share(t *planes.Tensor, part string, vocab int) float64 {
	if !t.IsMatrix() {
		return 1
	}
	plane, ok := strings.CutPrefix(part, "plane ")
	if n, _ := strconv.Atoi(plane); ok && n < t.Planes-p.planes(t.Name, t.Planes) {
		return 0
	}
	if p.rows > 0 && hasVocab(t.Name) {
		return float64(p.rows) / float64(vocab)
	}
	return 1
}

func hasVocab(name string) bool {
	return name == "token_embd.weight" || name == "output.weight"
}

// part is what a point has of a model's tensors.
type part struct {
	planes.Arrived
	*point
}

func (t *part) Matrix(name string, rows, cols int) (*tile.Matrix, error) {
	m, err := t.Arrived.Matrix(name, rows, cols)
	if err != nil {
		return nil, err
	}
	if hasVocab(name) && t.rows > 0 {
		m = m.First(t.rows, t.rows)
	}
	if n := t.planes(name, m.Planes); n < m.Planes {
		m = m.Upper(n)
	}
	return m, nil
}

// worth is what a point is measured to be.
type worth struct {
	Bytes       int64   `json:"bytes"` // of the shards that it takes
	BitsPerByte float64 `json:"bits_per_byte"`
	Perplexity  float64 `json:"ppl"` // of its tokens, which other rows make others of
	Planes      int     `json:"planes"`
	Rows        int     `json:"rows"`
	Tokens      int     `json:"tokens"`
	Windows     int     `json:"windows"`
	Seconds     float64 `json:"seconds"`
}

func (r *result) worth(m *measurement, bytes int64) worth {
	now := m.model.Precision()
	return worth{Bytes: bytes, BitsPerByte: r.BitsPerByte, Perplexity: r.Perplexity,
		Planes: now.Planes, Rows: now.Rows, Tokens: r.Tokens, Windows: r.Windows, Seconds: r.Seconds}
}

func (w worth) write(out io.Writer, asJSON bool) error {
	if asJSON {
		e := json.NewEncoder(out)
		e.SetIndent("", "  ")
		return e.Encode(w)
	}
	_, err := fmt.Fprintf(out, "%d windows, %d tokens: %.0f s\n\nbytes          %d\n"+
		"planes         %d of the embedding\nrows           %d\nbits a byte    %.4f\n"+
		"perplexity     %.3f\n", w.Windows, w.Tokens, w.Seconds, w.Bytes, w.Planes, w.Rows,
		w.BitsPerByte, w.Perplexity)
	return err
}
