package main

import (
	"errors"
	"math"
	"reflect"
	"testing"

	"github.com/spikechat/spikechat/core"
	"github.com/spikechat/spikechat/core/coding"
	"github.com/spikechat/spikechat/core/simd"
	"github.com/spikechat/spikechat/tools/internal/corpus"
)

// Neither workers nor blocks nor kernels may change any figure.
func TestResultIsReproducible(t *testing.T) {
	want := measure(t, tinyMeasurement(t))
	if !(want.KL > 0) || want.Spikes.Spikes == 0 {
		t.Fatalf("KL %v and %v spikes at T=4: nothing was coded", want.KL, want.Spikes.Spikes)
	}
	for name, change := range map[string]func(*measurement){
		"again":        func(*measurement) {},
		"two workers":  func(m *measurement) { m.workers = 2 },
		"more workers": func(m *measurement) { m.workers = 9 },
		"blocks of 7":  func(m *measurement) { m.block = 7 },
		"popcount":     func(m *measurement) { m.kernel = simd.PopcountKernel },
		"dot":          func(m *measurement) { m.kernel = simd.DotKernel },
	} {
		t.Run(name, func(t *testing.T) {
			m := tinyMeasurement(t)
			change(&m)
			got := measure(t, m)
			// How often weights are read depends on blocks and kernel, and on nothing else.
			got.WeightBytes, got.Block = want.WeightBytes, want.Block
			if !reflect.DeepEqual(got, want) {
				t.Errorf("result %+v, want %+v", got, want)
			}
		})
	}
}

func TestFloatIsItsOwnReference(t *testing.T) {
	m := tinyMeasurement(t)
	m.coding.Steps = 0
	r := measure(t, m)
	if r.KL != 0 || r.Top1 != 1 {
		t.Errorf("KL %v and top-1 %v, want 0 and 1", r.KL, r.Top1)
	}
	if r.Spikes.Active != 0 || r.Spikes.SynapticOperations != 0 {
		t.Errorf("%v active neurons and %v synaptic operations, want none", r.Spikes.Active,
			r.Spikes.SynapticOperations)
	}
	if r.Tokens != 64+48+37 || r.Windows != 3 {
		t.Errorf("%d tokens in %d windows, want 149 in 3", r.Tokens, r.Windows)
	}
}

// The perplexity is taken again one token at a time, straight from the definition.
func TestPerplexity(t *testing.T) {
	m := tinyMeasurement(t)
	m.coding.Steps = 0
	sum, n := 0.0, 0
	for _, w := range m.windows {
		s, err := core.NewState(m.model, corpus.WindowTokens, 1)
		if err != nil {
			t.Fatal(err)
		}
		for i, id := range w.IDs[:len(w.IDs)-1] {
			if err := s.Forward([]int32{id}, false); err != nil {
				t.Fatal(err)
			}
			total := 0.0
			for _, v := range s.Logits(0) {
				total += math.Exp(float64(v))
			}
			sum -= math.Log(math.Exp(float64(s.Logits(0)[w.IDs[i+1]])) / total)
			n++
		}
	}
	want := math.Exp(sum / float64(n))
	if got := measure(t, m).Perplexity; math.Abs(got-want) > 1e-9*want {
		t.Errorf("perplexity %v, want %v", got, want)
	}
}

func TestOutputStepsAlone(t *testing.T) {
	m := tinyMeasurement(t)
	m.coding = coding.Coding{OutputSteps: 1}
	r := measure(t, m)
	if !(r.KL > 0) || r.OutputSteps != 1 || r.Spikes.Spikes != 0 {
		t.Errorf("KL %v, output of %d steps, %v spikes in the layers; want some, 1, 0", r.KL,
			r.OutputSteps, r.Spikes.Spikes)
	}
}

func TestSpikeFigures(t *testing.T) {
	m := tinyMeasurement(t)
	four := measure(t, m)
	m.coding.Steps = 1
	one := measure(t, m)
	if one.Spikes.Strong != 0 {
		t.Errorf("%v neurons are beyond 15 levels with one step of 15", one.Spikes.Strong)
	}
	if !(one.KL > four.KL) {
		t.Errorf("KL %v at T=1 and %v at T=4, want less with more steps", one.KL, four.KL)
	}
	for _, r := range []*result{one, four} {
		sum := 0.0
		for name, a := range r.Spikes.Populations {
			sum += a.SynapticOperations
			for _, share := range []float64{a.ActiveShare, a.StrongShare} {
				if share < 0 || share > 1 {
					t.Errorf("%s: share %v", name, share)
				}
			}
			// An active neuron has at least one spike and at least one level to each.
			if !(a.Active <= a.Spikes && a.Spikes <= a.Levels && a.Strong <= a.Active) {
				t.Errorf("%s: %v strong, %v active, %v spikes, %v levels", name, a.Strong, a.Active,
					a.Spikes, a.Levels)
			}
			if want := a.Spikes *
				float64(a.Synapses/a.Neurons); math.Abs(a.SynapticOperations-want) > 1e-9*want {
				t.Errorf("%s: %v synaptic operations, want %v", name, a.SynapticOperations, want)
			}
		}
		if math.Abs(sum-r.Spikes.SynapticOperations) > 1e-9*sum {
			t.Errorf("%v synaptic operations, the populations have %v", r.Spikes.SynapticOperations,
				sum)
		}
	}
}

func TestMeasureRefuses(t *testing.T) {
	m := tinyMeasurement(t)
	m.windows = []corpus.Window{{IDs: []int32{1}}}
	if _, err := m.run(); err == nil {
		t.Error("measured windows of one token")
	}
	m.windows = tinyWindows(t)
	m.windows[1].IDs = make([]int32, m.model.Config.Context+1)
	if _, err := m.run(); !errors.Is(err, core.ErrBadRequest) {
		t.Errorf("window longer than the model's context: %v, want %v", err, core.ErrBadRequest)
	}
}

func TestRealModel(t *testing.T) {
	windows, err := builtIn(realModel(t).Tokenizer, false)
	if err != nil {
		t.Fatal(err)
	}
	windows[0].IDs = windows[0].IDs[:128]
	m := tinyMeasurement(t)
	m.model, m.windows, m.block = realModel(t), windows[:1], 64
	r := measure(t, m)
	t.Logf("perplexity %.3f, KL %.4f, top-1 %.3f, %.1f %% of the neurons active, %.1f %% strong",
		r.Perplexity, r.KL, r.Top1,
		100*r.Spikes.ActiveShare, 100*r.Spikes.StrongShare)
	if r.Perplexity < 10 || r.Perplexity > 100 {
		t.Errorf("perplexity %v, want 10 to 100", r.Perplexity)
	}
	if !(r.KL > 0.002 && r.KL < 0.05) || r.Top1 < 0.8 {
		t.Errorf("KL %v and top-1 %v, want 0.002 to 0.05 and at least 0.8", r.KL, r.Top1)
	}
}
