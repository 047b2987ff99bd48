package core

import (
	"fmt"

	"github.com/spikechat/spikechat/core/coding"
	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/core/tile"
)

// CheckTensors refuses a manifest that lists a tensor which no model of its shape has: nothing
// would ever read it, and it could fill the memory. What is missing is found by NewModel.
func CheckTensors(m *planes.Manifest) error {
	known := nameRecorder{planes.TokenizerName: true}
	for by := range coding.AtRandom {
		if by.Ranked() {
			known[planes.RankingName(by)] = true
		}
	}
	// It fails, for the recorder has no tensor to give.
	_ = (&Model{Config: m.Config, division: divide(&m.Config, 1)}).load(known)
	for i := range m.Tensors {
		if name := m.Tensors[i].Name; !known[name] {
			return &planes.FormatError{Shard: -1, Offset: -1, Tensor: name,
				Err: fmt.Errorf("%w: no model of this shape has it", planes.ErrInvalid)}
		}
	}
	return nil
}

// nameRecorder is a Tensors that holds none and keeps the names it was asked for.
type nameRecorder map[string]bool

func (r nameRecorder) Has(string) bool { return true }

func (r nameRecorder) Matrix(name string, _, _ int) (*tile.Matrix, error) {
	r[name] = true
	return nil, planes.ErrInvalid
}

func (r nameRecorder) Floats(name string, _ int) ([]float32, error) {
	r[name] = true
	return nil, planes.ErrInvalid
}

func (r nameRecorder) Tokenizer() (*planes.Tokenizer, error) { return nil, planes.ErrInvalid }

func (r nameRecorder) Ranking(string) (*planes.Ranking, error) { return nil, planes.ErrInvalid }
