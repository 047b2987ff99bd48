package packer

import (
	"fmt"

	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/core/tile"
)

// tensors holds a model's tensors in memory, to be run and then written. It is a core.Tensors.
type tensors struct {
	tokenizer *planes.Tokenizer
	matrices  map[string]*tile.Matrix
	floats    map[string][]float32
	rankings  map[string]*planes.Ranking // made by calibration
}

func (t *tensors) Has(name string) bool {
	return t.matrices[name] != nil || t.floats[name] != nil || t.rankings[name] != nil
}

func (t *tensors) Matrix(name string, rows, cols int) (*tile.Matrix, error) {
	m := t.matrices[name]
	if m == nil || m.Rows != rows || m.Cols != cols {
		return nil, fmt.Errorf("%w: no tensor %q of %d rows of %d", ErrModel, name, rows, cols)
	}
	return m, nil
}

func (t *tensors) Floats(name string, n int) ([]float32, error) {
	if values := t.floats[name]; len(values) == n {
		return values, nil
	}
	return nil, fmt.Errorf("%w: no tensor %q of %d values", ErrModel, name, n)
}

func (t *tensors) Tokenizer() (*planes.Tokenizer, error) { return t.tokenizer, nil }

func (t *tensors) Ranking(name string) (*planes.Ranking, error) {
	if r := t.rankings[name]; r != nil {
		return r, nil
	}
	return nil, fmt.Errorf("%w: no ranking %q", ErrModel, name)
}
