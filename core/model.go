package core

import (
	"fmt"
	"io/fs"
	"sync/atomic"

	"github.com/spikechat/spikechat/core/coding"
	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/core/simd"
	"github.com/spikechat/spikechat/core/team"
	"github.com/spikechat/spikechat/core/text"
	"github.com/spikechat/spikechat/core/tile"
)

// Model is a transformer in bit planes, with its tokenizer and chat template. It is
// read-only and can serve several States at once; Prepare adds to it, and Refine to one that began
// before all shards had come.
type Model struct {
	Name    string
	License string
	Config  planes.Config
	Chat

	embedding *simd.Weights // [vocab x hidden], or the first rows
	layers    []layer
	divisors  []float32     // [headDim/2], of the angles of rotation; nil: all 1
	norm      []float32     // [hidden], before the output
	output    *simd.Weights // likewise; where tied, the embedding itself
	// stepTables is T of some inputs' groups (planes.Manifest.InputSteps).
	stepTables map[int][]uint8
	rankings   [coding.AtRandom]*planes.Ranking // by Measure; nil where the model has none

	prepared [simd.DotKernel + 1]atomic.Bool // by kernel
	refined  int                             // how often planes were added

	// Of several engines that compute the model together, each has its part of every matrix.
	team     team.Exchange
	division division
}

// layer holds the weights of one layer.
type layer struct {
	attentionNorm []float32     // [hidden]
	wq            *simd.Weights // [heads*headDim x hidden]
	wk, wv        *simd.Weights // [kvHeads*headDim x hidden]
	wo            *simd.Weights // [hidden x heads*headDim]
	mlpNorm       []float32     // [hidden]
	gate, up      *simd.Weights // [intermediate x hidden]
	down          *simd.Weights // [hidden x intermediate]

	// What not every architecture has; nil where this one does not.
	bq, bk, bv                     []float32 // biases of wq, wk, wv, this member's rows
	qNorm, kNorm                   []float32 // [headDim], of each head
	postAttentionNorm, postMLPNorm []float32 // [hidden], of what a half of the layer adds
}

// Open reads a packed model from its folder, checking every byte of it.
func Open(folder fs.FS) (*Model, error) {
	m, r, err := planes.Open(folder)
	if err != nil {
		return nil, err
	}
	return NewModel(m, r)
}

// OpenPart is Open for a member of a team: it keeps that member's part of each matrix. All members
// call it at the same time.
func OpenPart(folder fs.FS, t team.Team) (*Model, error) {
	if err := CheckTeam(t.Rank(), t.Size()); err != nil {
		return nil, err
	}
	m, r, err := planes.OpenPart(folder, func(m *planes.Manifest) planes.Part {
		return Part(&m.Config, t.Rank(), t.Size())
	})
	if err != nil {
		return nil, err
	}
	if err := CheckTensors(m); err != nil {
		return nil, err
	}
	return NewModelWith(m, r, nil, t)
}

// Tensors gives a model's tensors by name: a planes.Reader that has read them all, a
// planes.Arrived of which CanBegin holds, or what else has them.
type Tensors interface {
	Has(name string) bool
	Matrix(name string, rows, cols int) (*tile.Matrix, error)
	Floats(name string, n int) ([]float32, error)
	Tokenizer() (*planes.Tokenizer, error)
	Ranking(name string) (*planes.Ranking, error)
}

// NewModel puts together a model, of which CheckTensors must hold. It shares the tensors' memory.
func NewModel(m *planes.Manifest, r Tensors) (*Model, error) {
	if err := CheckTensors(m); err != nil {
		return nil, err
	}
	return NewModelWith(m, r, nil, nil)
}

// Chat is what turns a conversation into a prompt.
type Chat struct {
	Tokenizer *text.Tokenizer
	Template  *text.Chat
	// Shortest is how many tokens the shortest prompt has. A context needs one more, for the answer.
	Shortest int
}

// ReadChat makes the tokenizer and the template of a model of which no other tensor has to be there
// yet. A model whose context does not hold the shortest chat is planes.ErrInvalid.
func ReadChat(m *planes.Manifest, r Tensors) (*Chat, error) {
	vocabulary, err := r.Tokenizer()
	if err != nil {
		return nil, err
	}
	if len(vocabulary.Tokens) != m.Config.Vocab {
		return nil, fmt.Errorf("%w: tokenizer of %d entries for a vocabulary of %d",
			planes.ErrInvalid, len(vocabulary.Tokens), m.Config.Vocab)
	}
	return NewChat(m, vocabulary)
}

// NewChat makes the tokenizer of a vocabulary and what writes a manifest's chats, and proves that
// they fit each other and the context: the shortest chat is encoded, and leaves a position for the
// answer. Of the manifest it needs Config.Context, and Chat or ChatTemplate.
// Errors wrap those of text.NewTokenizer, ErrUnsupportedTemplate, or planes.ErrInvalid.
func NewChat(m *planes.Manifest, vocabulary *planes.Tokenizer) (c *Chat, err error) {
	c = &Chat{}
	if c.Tokenizer, err = text.NewTokenizer(vocabulary); err != nil {
		return nil, err
	}
	chat, context := m.Chat, m.Config.Context
	if chat == nil { // before version 4
		if chat, err = text.NewChatTemplate(m.ChatTemplate, c.Tokenizer); err != nil {
			return nil, err
		}
	}
	if c.Template, err = text.NewChat(chat, c.Tokenizer); err != nil {
		return nil, err
	}
	// The date is any: what it is written like changes a token or two.
	prompt, err := c.Template.Encode(c.Tokenizer, nil,
		[]text.Message{{Role: text.RoleUser, Content: "a"}}, text.ChatOptions{Date: "2026-12-30"})
	if err != nil {
		return nil, err
	}
	if c.Shortest = len(prompt); c.Shortest >= context {
		return nil, fmt.Errorf("%w: the shortest chat has %d tokens, and the context of %d "+
			"leaves no room for an answer", planes.ErrInvalid, c.Shortest, context)
	}
	return c, nil
}

// NewModelWith is NewModel for a manifest that CheckTensors has seen, with what ReadChat made, if
// it was made yet. A member of a team gives what it shares through and has the tensors' parts that
// Part tells; nil is an engine alone.
func NewModelWith(
	m *planes.Manifest, r Tensors, chat *Chat, t team.Team,
) (model *Model, err error) {
	if chat == nil {
		if chat, err = ReadChat(m, r); err != nil {
			return nil, err
		}
	}
	model = &Model{Name: m.Name, License: m.License, Config: m.Config, Chat: *chat,
		team: team.NewExchange(t)}
	if err := CheckTeam(model.team.Rank(), model.team.Size()); err != nil {
		return nil, err
	}
	model.division = divide(&m.Config, model.team.Size())
	if err := model.load(r); err != nil {
		return nil, err
	}
	if rows := model.tokens(); rows < m.Config.Vocab {
		if fewest := model.Tokenizer.Fewest(); rows < fewest {
			return nil, fmt.Errorf("%w: %d rows of the embedding, and the vocabulary needs %d",
				planes.ErrInvalid, rows, fewest)
		}
		model.Tokenizer = model.Tokenizer.First(rows)
	}
	for by := range coding.AtRandom {
		if !by.Ranked() || !r.Has(planes.RankingName(by)) {
			continue
		}
		if model.rankings[by], err = r.Ranking(planes.RankingName(by)); err != nil {
			return nil, err
		}
	}
	model.stepTables, err = m.InputSteps()
	return model, err
}

// agree has all members search the output, or none: that takes normal scales in all parts.
func (m *Model) agree() error {
	wild := []uint64{0}
	if !m.output.NormalScales {
		wild[0] = 1
	}
	err := m.team.Sum(wild)
	m.output.NormalScales = wild[0] == 0
	return err
}

// matrices calls f for every matrix that meets spikes, the output included.
func (m *Model) matrices(f func(*simd.Weights)) {
	for i := range m.layers {
		for _, w := range m.layers[i].matrices() {
			f(*w)
		}
	}
	f(m.output)
}

// matrices lists a layer's matrices.
func (l *layer) matrices() [7]**simd.Weights {
	return [...]**simd.Weights{&l.wq, &l.wk, &l.wv, &l.wo, &l.gate, &l.up, &l.down}
}

// Prepare builds what a kernel needs beside the weights: for LookupKernel 4 bytes for each tile and
// group of the output, for PopcountKernel these and 2 bytes for each row and group of every matrix,
// and for DotKernel a second copy of all weights. A State must not be given a kernel before. It may
// be called again, and while States of the model run.
func (m *Model) Prepare(k simd.Kernel) {
	m.matrices(func(w *simd.Weights) { w.Prepare(k) })
	if k != simd.DotKernel {
		m.output.PrepareBounds()
	}
	m.prepared[k].Store(true)
}
