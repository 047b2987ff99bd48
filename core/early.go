package core

import (
	"cmp"

	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/core/simd"
	"github.com/spikechat/spikechat/core/tile"
)

// A chat can begin before the last shard: when all layers have come, and of embedding and output
// the upper planes of the first rows. The vocabulary is the tokens of these rows then, with the
// merges that make them (text.Tokenizer.First), and there are no other logits. What comes later is
// taken in between two passes (Model.Refine).

// EarlyPlanes is the fewest planes of embedding and output that a chat begins with.
const EarlyPlanes = 4

// EarlyRows gives the marks of a vocabulary, ascending and the last one whole: tools/pack ends a
// shard wherever EarlyPlanes planes of so many first rows have come, the layers before the first
// mark. Ids of a BPE vocabulary follow its merges and these follow frequency, so that the first
// rows are the frequent tokens.
func EarlyRows(vocab int) (marks []int) {
	last := 0
	for _, share := range [...]struct{ of, in int }{{11, 16}, {5, 6}} {
		tiles := (vocab*share.of/share.in + tile.Rows - 1) / tile.Rows
		if rows := tiles * tile.Rows; rows > last && rows < vocab {
			marks, last = append(marks, rows), rows
		}
	}
	return append(marks, vocab)
}

// tables are the matrices whose lower planes and last rows come last.
var tables = [...]string{"token_embd.weight", "output.weight"}

// Precision says how many planes of embedding and output there are, of how many, and how many rows:
// those of the one that misses more.
type Precision struct {
	Planes int `json:"planes"`
	Of     int `json:"of"`
	Rows   int `json:"rows"`
	OfRows int `json:"of_rows"`
}

// Whole reports whether nothing is missing.
func (p Precision) Whole() bool { return p.Planes == p.Of && p.Rows == p.OfRows }

// Arrived sees what a reader has of a model as far as a chat can begin with it.
func Arrived(r *planes.Reader) planes.Arrived { return r.Arrived(EarlyPlanes) }

// CanBegin reports whether a chat can begin with what has come of a model; chat is what ReadChat
// made, nil until it could.
func CanBegin(a planes.Arrived, chat *Chat) bool {
	if chat == nil || !a.Complete(tables[:]...) {
		return false
	}
	vocab := chat.Tokenizer.Vocab()
	least := max(EarlyRows(vocab)[0], chat.Tokenizer.Fewest())
	for _, name := range tables {
		// All planes are the last to come: so whoever counts planes alone sees what is whole.
		e := a.Extent(name)
		if a.Has(name) && (e.Rows < least || e.Rows < vocab && e.Missing == 0) {
			return false
		}
	}
	return true
}

// Precision is that of the model: whole but for one that began early.
func (m *Model) Precision() Precision {
	least := m.embedding
	if m.output.Missing > least.Missing {
		least = m.output
	}
	return Precision{Planes: least.Planes, Of: least.Planes + least.Missing,
		Rows: m.tokens(), OfRows: m.Config.Vocab}
}

// tokens is how many tokens the model knows: the first, whose rows have come.
func (m *Model) tokens() int { return m.embedding.Whole }

// Refine takes in the planes and rows of embedding and output that have come since. It is called
// between two passes of the model's States, by all members of a team after the same shard. A
// Session computes nothing from a cache of less: its next prompt is encoded and read anew.
func (m *Model) Refine(t Tensors) error {
	embedding, output, err := m.readTables(t)
	if err != nil {
		return err
	}
	more := func(now *tile.Matrix, before *simd.Weights) bool {
		return now.Missing < before.Missing || now.Whole > before.Whole
	}
	if !more(embedding, m.embedding) && !more(output, m.output) {
		return nil
	}
	m.setTables(embedding, output)
	m.refined++
	m.Tokenizer = m.Tokenizer.First(m.tokens())
	if !m.team.Alone() {
		if err := m.agree(); err != nil {
			return err
		}
	}
	for k := range m.prepared {
		if m.prepared[k].Load() {
			m.Prepare(simd.Kernel(k))
		}
	}
	return nil
}

// readTables gives embedding and output of the first rows that both have; they are one where they
// are tied.
func (m *Model) readTables(t Tensors) (embedding, output *tile.Matrix, err error) {
	c := &m.Config
	embedding, err = t.Matrix(tables[0], c.Vocab, c.Hidden)
	output = embedding
	if t.Has(tables[1]) {
		var missing error
		output, missing = t.Matrix(tables[1], c.Vocab, c.Hidden)
		err = cmp.Or(err, missing)
	}
	if err != nil || embedding.Whole == output.Whole {
		return embedding, output, err
	}
	first := func(w *tile.Matrix) *tile.Matrix {
		whole := min(embedding.Whole, output.Whole)
		rows := whole - m.division.vocab[m.team.Rank()].From
		return w.First(min(max(rows, 0), w.Rows), whole)
	}
	return first(embedding), first(output), nil
}

func (m *Model) setTables(embedding, output *tile.Matrix) {
	m.embedding = simd.NewWeights(embedding)
	m.output = m.embedding
	if output != embedding {
		m.output = simd.NewWeights(output)
	}
}
