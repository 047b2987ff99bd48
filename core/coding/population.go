package coding

import (
	"slices"
	"strings"
)

// Population is one of the four inputs of a layer whose activations neurons code. Its width is
// planes.Config.Neurons.
type Population int

const (
	QKV     Population = iota // input of the query, key and value projections
	AttnOut                   // input of the attention-output projection
	GateUp                    // input of the gate and up projections
	Down                      // input of the down projection

	Populations = 4
)

var populationNames = [Populations]string{"qkv", "attn_out", "gate_up", "down"}

func (p Population) String() string { return populationNames[p] }

// FindPopulation gives the population of a name. The error wraps core.ErrBadRequest and says which
// names there are.
func FindPopulation(name string) (Population, error) {
	if i := slices.Index(populationNames[:], name); i >= 0 {
		return Population(i), nil
	}
	last := Populations - 1
	return 0, bad("population %.40q, want %s or %s", name,
		strings.Join(populationNames[:last], ", "), populationNames[last])
}
