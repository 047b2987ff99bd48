package planes

import (
	"errors"
	"testing"
)

func TestInputStepsRefusesOtherInputs(t *testing.T) {
	for input, want := range map[string]int{
		"blk.0.attn_q.weight": 0, "blk.2.attn_output.weight": 9, "blk.1.ffn_gate.weight": 6,
		"blk.0.ffn_down.weight": 3,
		"blk.0.attn_k.weight":   -1, "blk.3.attn_q.weight": -1, "token_embd.weight": -1,
	} {
		m := &Manifest{Config: Config{Layers: 3}, Steps: []StepTable{{input, []int{4, 2, 1}}}}
		tables, err := m.InputSteps()
		if want < 0 {
			if !errors.Is(err, ErrInvalid) {
				t.Errorf("%s: %v, want ErrInvalid", input, err)
			}
			continue
		}
		if err != nil || len(tables) != 1 || string(tables[want]) != "\x04\x02\x01" {
			t.Errorf("%s: tables %v, %v", input, tables, err)
		}
	}
}
