package quantised

import (
	"fmt"

	"github.com/spikechat/spikechat/tools/pack/ternary"
)

// Quantize gives the packer codes [rows x cols] and scales [rows x cols/32], as float16 bits, of
// a matrix of ternary spikes that was made. It wants the model that they were made of: weights are
// not looked at.
func (m *Made) Quantize(
	name string, rows, cols, steps int, _ []float32,
) (codes []uint8, scales []uint16, err error) {
	t := m.Matrices[name]
	if t == nil {
		return nil, nil, fmt.Errorf("%s was not quantised", name)
	}
	if t.Rows != rows || t.Cols != cols {
		return nil, nil, fmt.Errorf("%s was quantised as %d x %d, want %d x %d", name, t.Rows, t.Cols,
			rows, cols)
	}
	codesOf, err := ternary.FromTile(t)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", name, err)
	}
	if codesOf.Steps != steps {
		return nil, nil, fmt.Errorf("%s was quantised with %d steps, want %d", name, codesOf.Steps,
			steps)
	}
	return codesOf.Codes, codesOf.Scales, nil
}
