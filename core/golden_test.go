package core

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"github.com/spikechat/spikechat/core/coding"
	"github.com/spikechat/spikechat/core/simd"
)

// goldenDir is the folder of reference values from an independent implementation: SPIKECHAT_GOLDEN,
// else testdata.
func goldenDir() string {
	if dir := os.Getenv("SPIKECHAT_GOLDEN"); dir != "" {
		return dir
	}
	return filepath.Join("testdata", "golden")
}

func readGolden(tb testing.TB, name string, into any) {
	tb.Helper()
	text, err := os.ReadFile(filepath.Join(goldenDir(), name))
	if err != nil {
		tb.Fatal(err)
	}
	if err := json.Unmarshal(text, into); err != nil {
		tb.Fatalf("%s: %v", name, err)
	}
}

// realFolder is the packed SmolLM2-135M-Instruct: SPIKECHAT_MODEL, else where make model puts it.
func realFolder() fs.FS {
	dir := os.Getenv("SPIKECHAT_MODEL")
	if dir == "" {
		dir = filepath.Join("..", "dist", "models", "smollm2-135m-instruct")
	}
	return os.DirFS(dir)
}

var openReal = sync.OnceValues(func() (*Model, error) { return Open(realFolder()) })

// realModel opens the real model once for all tests.
func realModel(tb testing.TB) *Model {
	tb.Helper()
	m, err := openReal()
	if err != nil {
		tb.Fatalf("the packed model cannot be read, run \"make model\" first: %v", err)
	}
	return m
}

type goldenPrompt struct {
	Text        string       `json:"text"`
	IDs         []int32      `json:"ids"`
	FloatGreedy []int32      `json:"float_greedy"`
	FloatMargin []float64    `json:"float_margin"`
	FloatTop20  [][2]float64 `json:"float_top20"`
	FloatLogSum float64      `json:"float_logsumexp"`
}

func goldenPrompts(tb testing.TB) []goldenPrompt {
	var prompts []goldenPrompt
	readGolden(tb, "greedy.json", &prompts)
	if len(prompts) == 0 {
		tb.Fatal("greedy.json has no prompts")
	}
	return prompts
}

func goldenLogits(tb testing.TB, prompt int, mode string) []float32 {
	tb.Helper()
	data, err := os.ReadFile(filepath.Join(goldenDir(),
		fmt.Sprintf("prompt%d.%s.logits.f32", prompt, mode)))
	if err != nil {
		tb.Fatal(err)
	}
	logits := make([]float32, len(data)/4)
	for i := range logits {
		logits[i] = math.Float32frombits(binary.LittleEndian.Uint32(data[4*i:]))
	}
	return logits
}

// newState makes a State for 256 tokens, with the lookup kernel unless another is named.
func newState(tb testing.TB, m *Model, batch int, c coding.Coding, k ...simd.Kernel) *State {
	tb.Helper()
	s, err := NewState(m, 256, batch)
	if err != nil {
		tb.Fatal(err)
	}
	setCoding(tb, s, c, k...)
	return s
}

func setCoding(tb testing.TB, s *State, c coding.Coding, k ...simd.Kernel) {
	tb.Helper()
	kernel := append(k, simd.LookupKernel)[0]
	s.model.Prepare(kernel)
	if err := s.SetCoding(c, kernel); err != nil {
		tb.Fatal(err)
	}
}

func forward(tb testing.TB, s *State, tokens []int32) []float32 {
	tb.Helper()
	if err := s.Forward(tokens, false); err != nil {
		tb.Fatal(err)
	}
	return s.Logits(0)
}

func argmax(logits []float32) int32 {
	best := 0
	for i, v := range logits {
		if v > logits[best] {
			best = i
		}
	}
	return int32(best)
}

// TestGoldenFloat compares logits and greedy tokens. The tokens are run as one text, each after the
// ones that the reference sampled: the same as sampling them one by one, since batches change no
// bit, and many times faster.
func TestGoldenFloat(t *testing.T) {
	t.Parallel()
	m := realModel(t)
	for i, p := range goldenPrompts(t) {
		s := newState(t, m, len(p.IDs), coding.Coding{})
		logits, want := forward(t, s, p.IDs), goldenLogits(t, i, "float")
		worst := 0.0
		for j := range want {
			worst = max(worst, math.Abs(float64(logits[j]-want[j])))
		}
		t.Logf("prompt %d: largest difference of a logit %.4g", i, worst)
		if worst > 0.02 {
			t.Errorf("prompt %d: a logit differs by %v, want at most 0.02", i, worst)
		}
		sure := slices.IndexFunc(p.FloatMargin, func(margin float64) bool { return margin < 0.05 })
		if sure < 0 {
			sure = len(p.FloatGreedy)
		}
		t.Logf("prompt %d: %d of %d tokens before a near tie", i, sure, len(p.FloatGreedy))
		got := []int32{argmax(logits)}
		for rest := p.FloatGreedy[:max(sure, 1)-1]; len(rest) > 0; {
			n := min(len(rest), len(p.IDs))
			if err := s.Forward(rest[:n], true); err != nil {
				t.Fatal(err)
			}
			for j := range n {
				got = append(got, argmax(s.Logits(j)))
			}
			rest = rest[n:]
		}
		if !slices.Equal(got[:sure], p.FloatGreedy[:sure]) {
			t.Errorf("prompt %d: tokens %v, want %v (margins %v)", i, got, p.FloatGreedy[:sure],
				p.FloatMargin[:sure])
		}
	}
}

// divergence is KL(want || got) of the two distributions.
func divergence(want, got []float32) float64 {
	a, b := logSoftmax(want), logSoftmax(got)
	sum := 0.0
	for i := range a {
		sum += math.Exp(a[i]) * (a[i] - b[i])
	}
	return sum
}

func logSoftmax(logits []float32) []float64 {
	highest, sum := float64(logits[argmax(logits)]), 0.0
	for _, v := range logits {
		sum += math.Exp(float64(v) - highest)
	}
	out := make([]float64, len(logits))
	for i, v := range logits {
		out[i] = float64(v) - highest - math.Log(sum)
	}
	return out
}

func TestGoldenSpikesDivergence(t *testing.T) {
	t.Parallel()
	m, mean := realModel(t), 0.0
	prompts := goldenPrompts(t)
	for i, p := range prompts {
		s := newState(t, m, len(p.IDs), coding.Coding{Steps: 4})
		kl := divergence(goldenLogits(t, i, "gif_t4"), forward(t, s, p.IDs))
		t.Logf("prompt %d: KL at T=4 is %.4f", i, kl)
		if !(kl <= 0.25) {
			t.Errorf("prompt %d: KL %v, want at most 0.25", i, kl)
		}
		mean += kl / float64(len(prompts))
	}
	if !(mean <= 0.1) {
		t.Errorf("mean KL %v, want at most 0.1", mean)
	}
}

func TestGoldenGIF(t *testing.T) {
	var golden map[string]json.RawMessage
	readGolden(t, "gif.json", &golden)
	decode := func(key string, into any) {
		if err := json.Unmarshal(golden[key], into); err != nil {
			t.Fatalf("gif.json, %s: %v", key, err)
		}
	}
	var x []float32
	decode("x", &x)
	m := realModel(t)
	for steps := 1; steps <= coding.MaxSteps; steps++ {
		key := fmt.Sprintf("T%d", steps)
		if golden[key] == nil {
			continue
		}
		var want struct {
			Threshold []float64 `json:"threshold"`
			Zero      []uint8   `json:"zero"`
			Code      []int     `json:"code"`
			Rows      []float64 `json:"q_proj_rows_0_31"`
		}
		decode(key, &want)
		for _, kernel := range []simd.Kernel{simd.LookupKernel, simd.PopcountKernel} {
			m.Prepare(kernel)
			tokens, err := newNeurons(len(x), 1).fire([][]float32{x},
				&simd.StepPlan{Group: uniform(len(x)/32, steps)}, kernel)
			if err != nil {
				t.Fatal(err)
			}
			spikes := tokens[0]
			for g := range want.Threshold {
				threshold := float64(spikes.Threshold[g])
				if math.Abs(threshold-want.Threshold[g]) > 1e-6*want.Threshold[g] ||
					spikes.Rest[g] != want.Zero[g] {
					t.Errorf("%s group %d: threshold %v, rest %d; want %v, %d", key, g,
						spikes.Threshold[g], spikes.Rest[g], want.Threshold[g], want.Zero[g])
				}
			}
			for j := range want.Code {
				if int(spikes.Code[j]) != want.Code[j] {
					t.Errorf("%s: code %d is %d, want %d", key, j, spikes.Code[j], want.Code[j])
				}
			}
			y := make([]float32, m.layers[0].wq.Rows)
			kernel.Product([][]float32{y}, m.layers[0].wq, tokens)
			for r, v := range want.Rows {
				if math.Abs(float64(y[r])-v) > 1e-4 {
					t.Errorf("%s: row %d of q_proj is %v, want %v", key, r, y[r], v)
				}
			}
		}
	}
}
