package simd

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestRaisedThresholds holds raised thresholds against the neuron's formula with θ times the
// factor, for every way to code and in every product.
func TestRaisedThresholds(t *testing.T) {
	r := rand.New(rand.NewPCG(41, 42))
	w := randomWeights(r, 32, 96, 4, 0, scaleKinds[1], patterns[0])
	for range 200 {
		x := randomFloats(r, 96, 1)
		plan := &StepPlan{Group: []uint8{1, 2, 4}, OneRange: r.IntN(2) == 0,
			Raise: []float32{1, 1.5, 2, 17.3, 60, 128}[r.IntN(6)]}
		if r.IntN(2) == 0 {
			plan.Group, plan.Neuron = []uint8{4, 4, 4}, make96(1)
			for j := range plan.Neuron {
				plan.Neuron[j] = []uint8{1, 2, 4}[r.IntN(3)]
			}
			plan.Neuron[0], plan.Neuron[32], plan.Neuron[64] = 4, 4, 4
		}
		s := NewSpikes(96)
		if !s.EncodeAs(x, plan) {
			t.Fatal("finite activations were refused")
		}
		lo, hi, _ := rangeOf(x)
		away := 0
		for j, v := range x {
			g := j / groupCols
			if !plan.OneRange {
				lo, hi, _ = rangeOf(x[g*groupCols:][:groupCols])
			}
			own := int(plan.Group[g])
			if plan.Neuron != nil {
				own = int(plan.Neuron[j])
			}
			unit := int(plan.Group[g]) / own
			threshold := (hi - lo) / float32(15*int(plan.Group[g])) * plan.Raise * float32(unit)
			rest := round(-lo / threshold)
			q := min(max(round(v/threshold)+rest, 0), float32(15*own))
			if got, want := int(s.Code[j])-int(s.Rest[g]), unit*(int(q)-int(rest)); got != want {
				t.Fatalf("factor %v: neuron %d has %d levels from rest, want %d", plan.Raise, j,
					got, want)
			}
			if got := s.Threshold[g] * float32(unit); math.Float32bits(got) !=
				math.Float32bits(threshold) {
				t.Fatalf("factor %v: threshold %v, want %v", plan.Raise, got, threshold)
			}
			if s.Code[j] != s.Rest[g] {
				away++
			}
		}
		if plan.Raise == 128 && away > 0 {
			t.Fatalf("%d neurons fire under the highest factor", away)
		}
		for _, k := range []Kernel{LookupKernel, PopcountKernel, DotKernel, BatchDotKernel} {
			s.Prepare(k)
		}
		compareProducts(t, w, s)
	}
}

// TestRaiseOfOneChangesNothing, also where the plain path has vectors.
func TestRaiseOfOneChangesNothing(t *testing.T) {
	r := rand.New(rand.NewPCG(43, 44))
	x, group := randomFloats(r, 96, 1), []uint8{1, 4, 3}
	got, want := NewSpikes(96), NewSpikes(96)
	if !got.EncodeAs(x, &StepPlan{Group: group, Raise: 1}) || !want.Encode(x, group) {
		t.Fatal("finite activations were refused")
	}
	if string(got.Code) != string(want.Code) || string(got.Rest) != string(want.Rest) ||
		!sameBits(got.Threshold, want.Threshold) || !sameBits(got.GroupSum, want.GroupSum) {
		t.Errorf("%v, want %v", got.Code, want.Code)
	}
}

// TestRaiseIsFinite: a threshold that no float32 holds ends the answer.
func TestRaiseIsFinite(t *testing.T) {
	x := make([]float32, 32)
	x[3] = math.MaxFloat32 / 2
	if s := NewSpikes(32); s.EncodeAs(x, &StepPlan{Group: []uint8{1}, Raise: 128}) {
		t.Errorf("coded with threshold %v", s.Threshold[0])
	}
}
