package core

import (
	"fmt"
	"io/fs"

	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/core/simd"
	"github.com/spikechat/spikechat/core/tile"
)

// Model is a Llama-shaped transformer in bit planes, with its tokenizer and chat template. It is read-only and can serve
// several States.
type Model struct {
	Name      string
	License   string
	Config    planes.Config
	Tokenizer *Tokenizer
	Template  *ChatTemplate

	embedding *simd.Weights // [vocab x hidden]
	layers    []layer
	norm      []float32     // [hidden], before the head
	head      *simd.Weights // [vocab x hidden]; the embedding itself where they are tied
	codings   codingTable
	rankings  [AtRandom]*planes.Ranking // by Measure; nil where the model has none
}

// layer holds the weights of one transformer block.
type layer struct {
	attentionNorm []float32     // [hidden]
	wq            *simd.Weights // [heads*headDim x hidden]
	wk, wv        *simd.Weights // [kvHeads*headDim x hidden]
	wo            *simd.Weights // [hidden x heads*headDim]
	mlpNorm       []float32     // [hidden]
	gate, up      *simd.Weights // [intermediate x hidden]
	down          *simd.Weights // [hidden x intermediate]
}

// Open reads a packed model from its folder, checking every byte of it.
func Open(folder fs.FS) (*Model, error) {
	m, r, err := planes.Open(folder)
	if err != nil {
		return nil, err
	}
	return NewModel(m, r)
}

// Tensors gives a model's tensors by name: a planes.Reader that has read them all, or what else holds them.
type Tensors interface {
	Has(name string) bool
	Matrix(name string, rows, cols int) (*tile.Matrix, error)
	Floats(name string, n int) ([]float32, error)
	Tokenizer() (*planes.Tokenizer, error)
	Ranking(name string) (*planes.Ranking, error)
}

// NewModel puts together a model. It shares the tensors' memory.
func NewModel(m *planes.Manifest, r Tensors) (*Model, error) { return NewModelWith(m, r, nil) }

// ReadTokenizer makes the tokenizer of a model of which no other tensor has to be there yet.
func ReadTokenizer(m *planes.Manifest, r Tensors) (*Tokenizer, error) {
	vocabulary, err := r.Tokenizer()
	if err != nil {
		return nil, err
	}
	if len(vocabulary.Tokens) != m.Config.Vocab {
		return nil, fmt.Errorf("%w: tokenizer of %d entries for a vocabulary of %d", planes.ErrInvalid, len(vocabulary.Tokens), m.Config.Vocab)
	}
	return NewTokenizer(vocabulary)
}

// NewModelWith is NewModel with the tokenizer that ReadTokenizer made, if it was made yet.
func NewModelWith(m *planes.Manifest, r Tensors, tokenizer *Tokenizer) (model *Model, err error) {
	if tokenizer == nil {
		if tokenizer, err = ReadTokenizer(m, r); err != nil {
			return nil, err
		}
	}
	model = &Model{Name: m.Name, License: m.License, Config: m.Config, Tokenizer: tokenizer}
	if model.Template, err = NewChatTemplate(m.ChatTemplate); err != nil {
		return nil, err
	}
	if err := model.load(r); err != nil {
		return nil, err
	}
	for by, name := range rankingTensors {
		if name != "" && r.Has(name) {
			if model.rankings[by], err = r.Ranking(name); err != nil {
				return nil, err
			}
		}
	}
	model.codings, err = newCodingTable(m)
	return model, err
}

// load fetches every tensor by its GGUF name and shape; the first that is missing or has another shape ends it.
func (m *Model) load(r Tensors) error {
	var failed error
	matrix := func(name string, rows, cols int) *simd.Weights {
		p, err := r.Matrix(name, rows, cols)
		if err != nil {
			if failed == nil {
				failed = err
			}
			return nil
		}
		return simd.NewWeights(p)
	}
	floats := func(name string, n int) []float32 {
		v, err := r.Floats(name, n)
		if err != nil && failed == nil {
			failed = err
		}
		return v
	}
	c := &m.Config
	attention, keys := c.Heads*c.HeadDim, c.KVHeads*c.HeadDim
	m.embedding = matrix("token_embd.weight", c.Vocab, c.Hidden)
	m.layers = make([]layer, c.Layers)
	for i := range m.layers {
		block := fmt.Sprintf("blk.%d.", i)
		m.layers[i] = layer{
			attentionNorm: floats(block+"attn_norm.weight", c.Hidden),
			wq:            matrix(block+"attn_q.weight", attention, c.Hidden),
			wk:            matrix(block+"attn_k.weight", keys, c.Hidden),
			wv:            matrix(block+"attn_v.weight", keys, c.Hidden),
			wo:            matrix(block+"attn_output.weight", c.Hidden, attention),
			mlpNorm:       floats(block+"ffn_norm.weight", c.Hidden),
			gate:          matrix(block+"ffn_gate.weight", c.Intermediate, c.Hidden),
			up:            matrix(block+"ffn_up.weight", c.Intermediate, c.Hidden),
			down:          matrix(block+"ffn_down.weight", c.Hidden, c.Intermediate),
		}
	}
	m.norm = floats("output_norm.weight", c.Hidden)
	m.head = m.embedding
	if r.Has("output.weight") {
		m.head = matrix("output.weight", c.Vocab, c.Hidden)
	}
	return failed
}

// matrices calls f for every matrix that meets spikes, the head included.
func (m *Model) matrices(f func(*simd.Weights)) {
	for i := range m.layers {
		l := &m.layers[i]
		for _, w := range [...]*simd.Weights{l.wq, l.wk, l.wv, l.wo, l.gate, l.up, l.down} {
			f(w)
		}
	}
	f(m.head)
}
