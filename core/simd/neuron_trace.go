package simd

import "fmt"

// Neuron is what one neuron did for one token, in its own levels: it fired its code q in T steps,
// at rest it would have fired z, and one level is worth θ.
type Neuron struct {
	Code, Rest uint8
	Steps      int     // T
	Threshold  float32 // θ
}

// Neuron gives neuron j.
func (s *Spikes) Neuron(j int) Neuron {
	if j < 0 || j >= s.Cols() {
		panic(fmt.Sprintf("simd: neuron %d of %d", j, s.Cols()))
	}
	g := j / groupCols
	n := Neuron{s.Code[j], s.Rest[g], int(s.Steps[g]), s.Threshold[g]}
	if s.neuron == nil {
		return n
	}
	// Others of its group have more steps; the codes are kept in the finest one's levels.
	own := int(s.neuron[j])
	unit := n.Steps / own
	rest := int(s.rests[g*MaxSteps+own-1])
	k := (int(n.Code) - int(n.Rest)) / unit
	return Neuron{uint8(rest + k), uint8(rest), own, n.Threshold * float32(unit)}
}

// FromRest is k = q - z: 0 where the neuron is silent.
func (n Neuron) FromRest() int { return int(n.Code) - int(n.Rest) }

// Value is the activation that the code stands for, θ k.
func (n Neuron) Value() float32 { return n.Threshold * float32(n.FromRest()) }

// Trace appends what the membrane does in its T steps: the potential before each step, in
// thresholds, and the graded spike that it fires and is reset by. The spikes sum to the code.
func (n Neuron) Trace(potentials, spikes []uint8) (_, _ []uint8) {
	v := n.Code
	for range n.Steps {
		spike, left := Fire(v)
		potentials, spikes = append(potentials, v), append(spikes, spike)
		v = left
	}
	return potentials, spikes
}

// SignedTrace appends the graded spikes of the T steps from rest, of the sign of k: what Counts
// counts. They sum to k.
func (n Neuron) SignedTrace(spikes []int8) []int8 {
	k, sign := n.FromRest(), int8(1)
	if k < 0 {
		k, sign = -k, -1
	}
	v := uint8(k)
	for range n.Steps {
		spike, left := Fire(v)
		spikes = append(spikes, sign*int8(spike))
		v = left
	}
	return spikes
}
