package simd

import (
	"fmt"
	"math"
)

// StepPlan says how the neurons of an input code.
type StepPlan struct {
	// Group is T [groups]; where Neuron is given, the largest T of each group, which the others
	// must divide.
	Group []uint8
	// Neuron is T [cols] where neurons of a group differ, and nil otherwise.
	Neuron []uint8
	// OneRange takes lo and hi over the whole token, as the paper does, instead of over each group
	// of 32.
	OneRange bool
	// Raise is a factor of every threshold, 1 or more, and of what a unit of code is worth with it;
	// 0 stands for 1.
	Raise float32
}

// EncodeAs is Encode for every way to code. Until the next call the spikes refer to plan.
func (s *Spikes) EncodeAs(x []float32, plan *StepPlan) bool {
	if plan.Neuron == nil && !plan.OneRange && plan.Raise == 0 {
		return s.Encode(x, plan.Group)
	}
	if len(x) != s.Cols() || len(plan.Group) != s.Groups() ||
		plan.Neuron != nil && len(plan.Neuron) != s.Cols() {
		panic(fmt.Sprintf("simd: encode %d values with steps for %d groups and %d neurons into %d",
			len(x), len(plan.Group), len(plan.Neuron), s.Cols()))
	}
	s.wide, s.neuron, s.oneRange = false, plan.Neuron, plan.OneRange
	raise := plan.Raise
	if raise == 0 {
		raise = 1
	}
	lo, hi, finite := rangeOf(x)
	for g, t := range plan.Group {
		part := x[g*groupCols:][:groupCols]
		if !plan.OneRange {
			lo, hi, finite = rangeOf(part)
		}
		switch {
		case t < 1 || t > MaxSteps:
			panic(fmt.Sprintf("simd: %d steps", t))
		case !finite || !((hi-lo)*raise <= math.MaxFloat32):
			return false
		case plan.Neuron == nil:
			s.code(part, g, int(t), lo, hi, raise)
		default:
			s.codeMixed(part, g, int(t), plan.Neuron[g*groupCols:][:groupCols], lo, hi, raise)
		}
		s.widen(g)
	}
	return true
}

// codeMixed codes one group whose neurons have T_j steps, of which top is the largest and a
// multiple of the others. Each neuron codes as if it were alone, in units of θ_j = θ m_j with m_j =
// top/T_j:
//
//	q_j = clip(round(x_j/θ_j)+z_j, 0, 15 T_j), z_j = round(-lo/θ_j)
//
// The distances from rest, brought to the common unit, are k_j = m_j (q_j - z_j) and lie in ±15
// top; stored are z = max z_j m_j and z + k_j, which differ from the finest neuron's own by
// rounding alone and stay below 64. So every kernel takes them as they are.
func (s *Spikes) codeMixed(
	x []float32, group, top int, steps []uint8, lo, hi, raise float32,
) {
	threshold := max(hi-lo, 1e-8) / float32(StepLevels*top) * raise
	var coarse, rests [MaxSteps + 1]float32 // by T
	rest := 0
	for _, t := range steps {
		if t < 1 || int(t) > top || top%int(t) != 0 {
			panic(fmt.Sprintf("simd: a neuron of %d steps in a group of %d", t, top))
		}
		if coarse[t] == 0 {
			m := top / int(t)
			coarse[t] = threshold * float32(m)
			rests[t] = round(-lo / coarse[t])
			s.rests[group*MaxSteps+int(t)-1] = uint8(rests[t])
			rest = max(rest, m*int(rests[t]))
		}
	}
	sum := 0
	code := s.Code[group*groupCols:][:groupCols]
	for j, v := range x {
		t := steps[j]
		q := min(max(round(v/coarse[t])+rests[t], 0), float32(StepLevels*int(t)))
		k := top / int(t) * (int(q) - int(rests[t]))
		code[j] = uint8(rest + k)
		sum += k
	}
	s.Rest[group] = uint8(rest)
	s.Steps[group] = uint8(top)
	s.Threshold[group] = threshold
	s.GroupSum[group] = threshold * float32(sum)
}

// class is the neurons of one group that have the same number of steps.
type class struct {
	steps int
	mask  uint32 // bit j: neuron j is one of them
	unit  int32  // m: what one of their levels counts in the group's unit
	rest  int32  // z_j
}

// classes lists the classes of a group; of neurons that do not differ there is one.
func (s *Spikes) classes(group int) (list [MaxSteps]class, n int) {
	top := int(s.Steps[group])
	if s.neuron == nil {
		list[0] = class{steps: top, mask: 1<<groupCols - 1, unit: 1, rest: int32(s.Rest[group])}
		return list, 1
	}
	for t := 1; t <= top; t++ {
		c := class{steps: t, unit: int32(top / t), rest: int32(s.rests[group*MaxSteps+t-1])}
		for j, steps := range s.neuron[group*groupCols:][:groupCols] {
			if int(steps) == t {
				c.mask |= 1 << j
			}
		}
		if c.mask != 0 {
			list[n] = c
			n++
		}
	}
	return list, n
}

// distances gives the distances from rest of a class, in its own levels; 0 for other neurons.
func (s *Spikes) distances(group int, c class) (k [groupCols]int32) {
	for j, q := range s.Code[group*groupCols:][:groupCols] {
		if c.mask>>j&1 != 0 {
			k[j] = (int32(q) - int32(s.Rest[group])) / c.unit
		}
	}
	return k
}
