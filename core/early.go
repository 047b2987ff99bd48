package core

import (
	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/core/simd"
	"github.com/spikechat/spikechat/core/tile"
)

// A chat can begin before the last shard: when all layers have come, and of embedding and output
// the upper planes. Later planes are taken in between two passes (Model.Refine).

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

// tables are the matrices whose lower planes come last.
var tables = [...]string{"token_embd.weight", "output.weight"}

// Precision says how many planes of embedding and output there are, of how many: those of the one
// that misses more.
type Precision struct {
	Planes int `json:"planes"`
	Of     int `json:"of"`
}

// Whole reports whether nothing is missing.
func (p Precision) Whole() bool { return p.Planes == p.Of }

// CanBegin gives the precision that a model of what has come would have. ok says whether a chat can
// begin with it.
func CanBegin(a planes.Arrived) (p Precision, ok bool) {
	if !a.Complete(tables[:]...) {
		return Precision{}, false
	}
	for i, name := range tables {
		if !a.Has(name) {
			continue
		}
		upper, of := a.Upper(name)
		if upper < min(EarlyPlanes, of) {
			return Precision{}, false
		}
		if i == 0 || of-upper > p.Of-p.Planes {
			p = Precision{upper, of}
		}
	}
	return p, true
}

// Precision is that of the model: whole but for one that began early.
func (m *Model) Precision() Precision {
	least := Precision{m.embedding.Planes, m.embedding.Planes + m.embedding.Missing}
	if m.output.Missing > m.embedding.Missing {
		least = Precision{m.output.Planes, m.output.Planes + m.output.Missing}
	}
	return least
}

// Refine takes in the planes of embedding and output that have come since. It is called between two
// passes of the model's States, by all members of a team after the same shard. A Session computes
// nothing from a cache of fewer planes: its next prompt is read anew.
func (m *Model) Refine(t Tensors) error {
	c := &m.Config
	changed := false
	refine := func(w **simd.Weights, name string) error {
		p, err := t.Matrix(name, c.Vocab, c.Hidden)
		if err == nil && p.Missing < (*w).Missing {
			*w, changed = simd.NewWeights(p), true
		}
		return err
	}
	tied := m.output == m.embedding
	if err := refine(&m.embedding, tables[0]); err != nil {
		return err
	}
	if tied {
		m.output = m.embedding
	} else if err := refine(&m.output, tables[1]); err != nil {
		return err
	}
	if !changed {
		return nil
	}
	m.refined++
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
