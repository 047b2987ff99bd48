package simd

import (
	"math"
	"math/rand/v2"
	"testing"
)

// randomSteps draws T for groups, or for neurons where a group's largest T allows others.
func randomSteps(r *rand.Rand, cols int) *StepPlan {
	s := &StepPlan{Group: make([]uint8, cols/groupCols), OneRange: r.IntN(2) == 0}
	if r.IntN(4) > 0 {
		s.Neuron = make([]uint8, cols)
	}
	for g := range s.Group {
		top := uint8(1 + r.IntN(MaxSteps))
		s.Group[g] = top
		if s.Neuron == nil {
			continue
		}
		rare := 1 + r.IntN(6)
		for j := g * groupCols; j < (g+1)*groupCols; j++ {
			s.Neuron[j] = top
			if t := uint8(1 + r.IntN(int(top))); top%t == 0 && r.IntN(rare) == 0 {
				s.Neuron[j] = t
			}
		}
	}
	return s
}

// mixedSpikes encodes activations of the given scale in a random way.
func mixedSpikes(t testing.TB, r *rand.Rand, cols int, scale float64) (*Spikes, *StepPlan,
	[]float32) {
	s, steps, x := NewSpikes(cols), randomSteps(r, cols), make([]float32, cols)
	shift := float64(r.IntN(5)-2) * scale
	for i := range x {
		x[i] = float32(r.NormFloat64()*scale + shift)
		if r.IntN(40) == 0 {
			x[i] *= 20
		}
	}
	if !s.EncodeAs(x, steps) {
		t.Fatal("finite activations were refused")
	}
	s.Prepare(LookupKernel)
	s.Prepare(PopcountKernel)
	s.Prepare(DotKernel)
	s.Prepare(BatchDotKernel)
	return s, steps, x
}

// TestMixedProductsEqual: where T differs from group to group or from neuron to neuron, with a
// range for each group or one for the token, time-unrolled spikes, spikes from rest and both
// kernels still compute the same bits.
func TestMixedProductsEqual(t *testing.T) {
	r := rand.New(rand.NewPCG(21, 22))
	for planes := 1; planes <= 8; planes++ {
		for _, kind := range scaleKinds {
			for range 30 {
				rows, cols := 1+r.IntN(50), groupCols*(1+r.IntN(4))
				w := randomWeights(r, rows, cols, planes, []float32{0, 8, 128}[r.IntN(3)], kind,
					patterns[r.IntN(len(patterns))])
				s, _, _ := mixedSpikes(t, r, cols, []float64{1, 1e-12, 3e4}[r.IntN(3)])
				compareProducts(t, w, s)
			}
		}
	}
}

// TestMixedBatches runs batches of tokens, each coded in a way of its own.
func TestMixedBatches(t *testing.T) {
	r := rand.New(rand.NewPCG(23, 24))
	for range 30 {
		rows, cols := 16+r.IntN(40), groupCols*(1+r.IntN(3))
		w := randomWeights(r, rows, cols, 4, 0, scaleKinds[1], patterns[0])
		ss, ys := make([]*Spikes, 2+r.IntN(20)), make([][]float32, 22)
		for i := range ss {
			ss[i], _, _ = mixedSpikes(t, r, cols, 1)
			ys[i] = make([]float32, rows)
		}
		for _, kernel := range []Kernel{LookupKernel, PopcountKernel} {
			kernel.Product(ys, w, ss)
			want := make([]float32, rows)
			for i, s := range ss {
				if Unrolled(want, w, s); !sameBits(ys[i], want) {
					t.Fatalf("kernel %d: token %d of %d differs", kernel, i, len(ss))
				}
			}
		}
	}
}

// TestMixedCodes holds every neuron to the definition, as if it were coded alone.
func TestMixedCodes(t *testing.T) {
	r := rand.New(rand.NewPCG(25, 26))
	for range 500 {
		s, steps, x := mixedSpikes(t, r, 96, math.Pow(10, float64(r.IntN(20)-10)))
		lo, hi, _ := rangeOf(x)
		for j, v := range x {
			g := j / groupCols
			if !steps.OneRange {
				lo, hi, _ = rangeOf(x[g*groupCols:][:groupCols])
			}
			own := int(steps.Group[g])
			if steps.Neuron != nil {
				own = int(steps.Neuron[j])
			}
			unit := int(steps.Group[g]) / own
			threshold := max(hi-lo, 1e-8) / float32(15*int(steps.Group[g])) * float32(unit)
			rest := round(-lo / threshold)
			q := min(max(round(v/threshold)+rest, 0), float32(15*own))
			if got, want := int(s.Code[j])-int(s.Rest[g]), unit*(int(q)-int(rest)); got != want {
				t.Fatalf("neuron %d of T=%d in a group of T=%d: %d levels from rest, want %d", j, own,
					steps.Group[g], got, want)
			}
			if s.Code[j] > 63 || int(s.Rest[g]) > 60 {
				t.Fatalf("code %d or rest level %d does not fit 6 planes", s.Code[j], s.Rest[g])
			}
			if math.Float32bits(s.Threshold[g]*float32(unit)) != math.Float32bits(threshold) {
				t.Fatalf("threshold %v, want %v", s.Threshold[g]*float32(unit), threshold)
			}
		}
	}
}

// TestEncodeAsEncode: without neurons of their own and with ranges by group it is Encode.
func TestEncodeAsEncode(t *testing.T) {
	r := rand.New(rand.NewPCG(27, 28))
	x, group := randomFloats(r, 96, 1), []uint8{1, 4, 3}
	got, want := NewSpikes(96), NewSpikes(96)
	// What was coded before leaves no trace.
	got.EncodeAs(x, &StepPlan{Group: []uint8{4, 4, 4}, Neuron: make96(2), OneRange: true})
	if !got.EncodeAs(x, &StepPlan{Group: group}) || !want.Encode(x, group) {
		t.Fatal("finite activations were refused")
	}
	var a, b Counts
	got.Count(&a)
	want.Count(&b)
	if string(got.Code) != string(want.Code) || !sameBits(got.Threshold, want.Threshold) || a != b {
		t.Errorf("EncodeAs gives %v, Encode %v", got.Code, want.Code)
	}
}

func make96(steps uint8) []uint8 {
	s := make([]uint8, 96)
	for i := range s {
		s[i] = steps
	}
	return s
}

func TestEncodeAsRefusesWhatIsNotFinite(t *testing.T) {
	inf := float32(math.Inf(1))
	for _, bad := range [][2]float32{{inf, 0}, {-inf, 0}, {float32(math.NaN()), 0},
		{math.MaxFloat32, -math.MaxFloat32}} {
		for _, steps := range []*StepPlan{{OneRange: true}, {Neuron: make96(1)},
			{Neuron: make96(1), OneRange: true}} {
			steps.Group = []uint8{1, 2, 4}
			x := make([]float32, 96)
			x[70], x[75] = bad[0], bad[1]
			if NewSpikes(96).EncodeAs(x, steps) {
				t.Errorf("%v was coded", bad)
			}
		}
	}
}
