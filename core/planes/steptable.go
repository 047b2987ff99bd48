package planes

import (
	"fmt"

	"github.com/spikechat/spikechat/core/coding"
	"github.com/spikechat/spikechat/core/tile"
)

// StepTable gives every group of 32 neurons of one input its number of steps T. Formats 1 and 2
// have such tables; tools/pack writes none.
type StepTable struct {
	Input string `json:"input"` // the first tensor that reads this input, "blk.0.attn_q.weight"
	Steps []int  `json:"steps"` // one entry per group, 1 to 4
}

func (m *Manifest) validateSteps(names map[string]*Tensor) error {
	seen := make(map[string]bool, len(m.Steps))
	for _, s := range m.Steps {
		t := names[s.Input]
		if t == nil || !t.IsMatrix() || seen[s.Input] {
			return invalid("steps for %.80q, which is no plane tensor or stands twice", s.Input)
		}
		seen[s.Input] = true
		if groups := t.Cols / tile.GroupCols; len(s.Steps) != groups {
			return invalid("steps for %q: %d entries, want one for each of %d groups",
				s.Input, len(s.Steps), groups)
		}
		for g, n := range s.Steps {
			if n < 1 || n > coding.MaxSteps {
				return invalid("steps for %q: group %d has %d steps, want 1 to 4", s.Input, g, n)
			}
		}
	}
	return nil
}

// InputSteps gives T of the groups of those inputs that have a StepTable, by
// layer*coding.Populations + population. The error wraps ErrInvalid: a table is for a tensor that
// is not the first to read a layer's input.
func (m *Manifest) InputSteps() (map[int][]uint8, error) {
	inputs := map[string]int{}
	for l := range m.Config.Layers {
		readers := [coding.Populations]string{"attn_q", "attn_output", "ffn_gate", "ffn_down"}
		for p, reader := range readers {
			inputs[fmt.Sprintf("blk.%d.%s.weight", l, reader)] = l*coding.Populations + p
		}
	}
	tables := map[int][]uint8{}
	for _, s := range m.Steps {
		input, ok := inputs[s.Input]
		if !ok {
			return nil, fmt.Errorf("%w: steps for %.80q, which is no layer's input",
				ErrInvalid, s.Input)
		}
		tables[input] = make([]uint8, len(s.Steps))
		for g, n := range s.Steps {
			tables[input][g] = uint8(n)
		}
	}
	return tables, nil
}
