package gptq

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/spikechat/spikechat/core/tile"
	"github.com/spikechat/spikechat/tools/pack/ternary"
)

// Measure says which groups of weights have more steps.
type Measure uint8

const (
	BySaliency   Measure = iota // of optimal brain surgeon: Σ w² / [H⁻¹]_cc
	ByWeight                    // largest |w|
	ByActivation                // largest |x_c| of the group's inputs
	AtRandom
)

func (m Measure) String() string {
	return [...]string{"saliency", "weight", "activation", "random"}[m]
}

// Recipe is a way to code weights as ternary spikes.
type Recipe struct {
	Steps int // T of a weight
	// Nearest rounds each weight by itself; else errors are carried.
	Nearest bool
	// Ordered takes the columns of the largest activations first; else from the left to the right.
	Ordered bool
	// Share of each matrix's groups, selected by By, has More steps. Seed is of AtRandom.
	Share float64
	More  int
	By    Measure
	Seed  uint64
}

// Validate refuses what makes no sense.
func (r Recipe) Validate() error {
	switch {
	case r.Steps < 1 || r.Steps > ternary.MaxSteps:
		return fmt.Errorf("%d steps, want 1 to %d", r.Steps, ternary.MaxSteps)
	case r.Nearest && (r.Ordered || r.Share != 0):
		return fmt.Errorf("rounding to nearest knows no order and no saliency")
	case !(r.Share >= 0 && r.Share <= 1):
		return fmt.Errorf("a share of %v, want 0 to 1", r.Share)
	case r.Share == 0 && (r.More != 0 || r.By != 0 || r.Seed != 0):
		return fmt.Errorf("more steps, a measure or a seed without a share")
	case r.Share > 0 && (r.More <= r.Steps || r.More > ternary.MaxSteps):
		return fmt.Errorf("%d steps for a share, want %d to %d", r.More, r.Steps+1,
			ternary.MaxSteps)
	}
	return nil
}

// String names a recipe for good: what was made by it is kept by this.
func (r Recipe) String() string {
	if r.Nearest {
		return fmt.Sprintf("nearest T=%d", r.Steps)
	}
	s := fmt.Sprintf("gptq T=%d", r.Steps)
	if r.Ordered {
		s += " ordered"
	}
	if r.Share > 0 {
		s += fmt.Sprintf(" T=%d for %g by %v", r.More, r.Share, r.By)
		if r.By == AtRandom {
			s += fmt.Sprintf(" %d", r.Seed)
		}
	}
	return s
}

// scaleBitsOfWeight is what a float16 of a group takes of each weight.
const scaleBitsOfWeight = 16.0 / tile.GroupCols

// Bits of a weight in the mean: its levels, the scale, and where groups differ which it is, at
// their entropies.
func (r Recipe) Bits() float64 {
	bits := math.Log2(float64(ternary.Levels(r.Steps)))
	if r.Share > 0 {
		bits += r.Share*(math.Log2(float64(ternary.Levels(r.More)))-bits) +
			Entropy(r.Share)/tile.GroupCols
	}
	return bits + scaleBitsOfWeight
}

// Entropy is that of a flag that is set with a probability, in bits.
func Entropy(p float64) float64 {
	if p <= 0 || p >= 1 {
		return 0
	}
	return -p*math.Log2(p) - (1-p)*math.Log2(1-p)
}

// Method is how the recipe quantises a linear layer.
func (r Recipe) Method() Method {
	return func(l *Linear) (*tile.Matrix, error) {
		if r.Nearest {
			return ternary.Nearest(l.W, r.Steps).Tile(), nil
		}
		var order []int
		if r.Ordered {
			order = ByDiagonal(l.Hessian)
		}
		f, err := l.Factor(order)
		if err != nil {
			return nil, err
		}
		most, steps := r.Steps, []uint8(nil)
		if r.Share > 0 {
			most, steps = r.More, r.groupSteps(l, f)
		}
		coder := NewTernary(len(l.W), len(f.Order), most, steps)
		Quantise(l.W, f, coder, l.Workers)
		return coder.Matrix.Tile(), nil
	}
}

// groupSteps gives T of each group [rows*groups].
func (r Recipe) groupSteps(l *Linear, f *Factored) []uint8 {
	groups := len(f.Order) / tile.GroupCols
	values := make([]float64, len(l.W)*groups)
	random := rand.New(rand.NewPCG(r.Seed, uint64(len(values))))
	for i := range values {
		at := i % groups * tile.GroupCols
		for j, w := range l.W[i/groups][at:][:tile.GroupCols] {
			switch r.By {
			case BySaliency:
				values[i] += w * w / f.Inverse[at+j]
			case ByWeight:
				values[i] = max(values[i], math.Abs(w))
			case ByActivation:
				values[i] = max(values[i], l.Largest[at+j])
			}
		}
		if r.By == AtRandom {
			values[i] = random.Float64()
		}
	}
	return selected(values, r.Share, uint8(r.Steps), uint8(r.More))
}

// selected gives more to a share of the largest values, the first of equal ones first, and few to
// the others.
func selected(values []float64, share float64, few, more uint8) []uint8 {
	order, steps := make([]int, len(values)), make([]uint8, len(values))
	for i := range order {
		order[i], steps[i] = i, few
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(values[b], values[a]) })
	for _, i := range order[:int(math.Round(share*float64(len(order))))] {
		steps[i] = more
	}
	return steps
}

// MeasureNamed gives the measure of a name.
func MeasureNamed(name string) (Measure, error) {
	for m := BySaliency; m <= AtRandom; m++ {
		if m.String() == name {
			return m, nil
		}
	}
	return 0, fmt.Errorf("no measure %q: want saliency, weight, activation or random", name)
}
