package simd

import (
	"math/rand/v2"
	"testing"
)

// TestTracesSumToTheCode: of every neuron, however it is coded, the spikes sum to the code and to
// the distance from rest, the potential ends at 0, and their binary spikes are the counted ones.
func TestTracesSumToTheCode(t *testing.T) {
	r := rand.New(rand.NewPCG(51, 52))
	for range 100 {
		s, plan, _ := mixedSpikes(t, r, 96, 1)
		var counts, want Counts
		s.Count(&want)
		for j := range s.Cols() {
			n := s.Neuron(j)
			unit := 1
			if plan.Neuron != nil {
				unit = int(plan.Group[j/groupCols]) / int(plan.Neuron[j])
				if n.Steps != int(plan.Neuron[j]) {
					t.Fatalf("neuron %d has %d steps, want %d", j, n.Steps, plan.Neuron[j])
				}
			}
			if got := unit * n.FromRest(); got != int(s.Code[j])-int(s.Rest[j/groupCols]) {
				t.Fatalf("neuron %d is %d from rest, want the code %d at rest %d", j, got, s.Code[j],
					s.Rest[j/groupCols])
			}
			// The engine multiplies whole levels of the group, which rounds once less.
			if got, want := n.Value(), s.Threshold[j/groupCols]*
				float32(int(s.Code[j])-int(s.Rest[j/groupCols])); max(got-want, want-got) >
				max(want, -want)*0x1p-22 {
				t.Fatalf("neuron %d is worth %v, want %v", j, got, want)
			}
			potentials, spikes := n.Trace(nil, nil)
			signed := n.SignedTrace(nil)
			if len(potentials) != n.Steps || len(spikes) != n.Steps || len(signed) != n.Steps {
				t.Fatalf("%d potentials and %d spikes of %d steps", len(potentials), len(spikes), n.Steps)
			}
			sum, fromRest := 0, 0
			for step, spike := range spikes {
				if int(potentials[step]) != int(n.Code)-sum || spike > StepLevels {
					t.Fatalf("neuron %d, step %d: potential %d, spike %d, code %d", j, step,
						potentials[step], spike, n.Code)
				}
				sum += int(spike)
				fromRest += int(signed[step])
				size := max(signed[step], -signed[step])
				counts.Spikes += uint32(ones[uint8(size)])
				if size > 0 {
					counts.Graded[step]++
				}
				counts.ExecutedUnrolled += uint32(ones[spike])
			}
			if sum != int(n.Code) || fromRest != n.FromRest() {
				t.Fatalf("neuron %d: spikes sum to %d and %d, want %d and %d", j, sum, fromRest,
					n.Code, n.FromRest())
			}
		}
		if counts.Spikes != want.Spikes || counts.Graded != want.Graded ||
			counts.ExecutedUnrolled != want.ExecutedUnrolled {
			t.Fatalf("traces count %+v, the engine %+v", counts, want)
		}
	}
}
