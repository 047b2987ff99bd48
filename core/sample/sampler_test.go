package sample

import (
	"errors"
	"fmt"
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/spikechat/spikechat/core/internal/request"
	"github.com/spikechat/spikechat/core/simd"
)

// simpleSampler is the definition of Sampler: everything sorted, nothing selected.
type simpleSampler struct {
	s     Options
	state uint64
}

func (r *simpleSampler) sample(logits []float32, history []int32) int32 {
	logits = slices.Clone(logits)
	if r.s.RepetitionPenalty > 1 {
		once := map[int32]bool{}
		for _, id := range history {
			if !once[id] {
				if logits[id] > 0 {
					logits[id] /= r.s.RepetitionPenalty
				} else {
					logits[id] *= r.s.RepetitionPenalty
				}
			}
			once[id] = true
		}
	}
	order := make([]int, len(logits))
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(a, b int) bool { return logits[order[a]] > logits[order[b]] })
	best := order[0]
	if r.s.Temperature == 0 {
		return int32(best)
	}
	r.state += 0x9E3779B97F4A7C15
	z := r.state
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	z ^= z >> 31
	if math.IsInf(float64(logits[best]), -1) {
		return int32(best)
	}
	if k := r.s.TopK; k > 0 {
		order = order[:min(k, len(order))]
	}
	weights := make(map[int]uint64)
	total := uint64(0)
	for _, id := range order {
		if e := (logits[id] - logits[best]) / r.s.Temperature; e >= -28 {
			weights[id] = uint64(float64(simd.Exp32(e)) * (1 << 40))
		}
		total += weights[id]
	}
	if p := r.s.TopP; p > 0 && p < 1 {
		// The share of total, rounded up: total * (p * 2^32) / 2^32, in integers of 128 bits.
		high, low := bits.Mul64(total, uint64(float64(p)*(1<<32)))
		want, rest := bits.Div64(high, low, 1<<32)
		if rest > 0 {
			want++
		}
		n, sum := 0, uint64(0)
		for n == 0 || sum < want {
			sum += weights[order[n]]
			n++
		}
		order = order[:n]
	}
	least := uint64(float64(r.s.MinP) * (1 << 40))
	order = slices.DeleteFunc(slices.Clone(order),
		func(id int) bool { return weights[id] < least || weights[id] == 0 })
	slices.Sort(order)
	total = 0
	for _, id := range order {
		total += weights[id]
	}
	left, _ := bits.Mul64(z, total)
	for _, id := range order {
		if left < weights[id] {
			return int32(id)
		}
		left -= weights[id]
	}
	panic("no token")
}

// randomLogits makes logits of several kinds, ties and extremes among them.
func randomLogits(random *rand.Rand, n int) []float32 {
	logits := make([]float32, n)
	kind := random.IntN(7)
	for i := range logits {
		x := float32(random.NormFloat64())
		switch kind {
		case 0:
			x *= 4
		case 1:
			x = float32(int(x * 2)) // ties
		case 2:
			x = 1 // nothing but ties
		case 3:
			if x *= 5; random.IntN(3) > 0 {
				x = float32(math.Inf(-1))
			}
		case 4:
			x = []float32{math.MaxFloat32, -math.MaxFloat32, 0, float32(math.Copysign(0, -1)),
				math.SmallestNonzeroFloat32,
				float32(math.Inf(-1))}[random.IntN(6)]
		case 5:
			x *= 1e-3
		case 6:
			x = float32(math.Inf(-1))
		}
		logits[i] = x
	}
	return logits
}

func randomOptions(random *rand.Rand, vocab int) Options {
	s := Options{Seed: random.Uint64()}
	pick := func(values ...float32) float32 { return values[random.IntN(len(values))] }
	s.Temperature = pick(0, 0.2, 0.7, 1, 1, 1.5, 100, 1e-30)
	s.TopP = pick(0, 0, 1, 0.9, 0.5, 0.1, 0.999, 1e-12, 0.99999994)
	s.MinP = pick(0, 0, 0.05, 0.5, 1, 1e-9)
	s.RepetitionPenalty = pick(0, 0, 1, 1.1, 100)
	switch random.IntN(3) {
	case 0:
		s.TopK = 1 + random.IntN(vocab+3)
	case 1:
		s.TopK = 1 + random.IntN(3)
	}
	return s
}

func TestSamplerEqualsDefinition(t *testing.T) {
	random := rand.New(rand.NewPCG(9, 10))
	for range 6000 {
		vocab := 1 + random.IntN(200)
		checkSampler(t, random, vocab, 3)
	}
}

func TestSamplerEqualsDefinitionLargeVocabulary(t *testing.T) {
	random := rand.New(rand.NewPCG(11, 12))
	for range 15 {
		checkSampler(t, random, 49152, 1)
	}
}

func checkSampler(t *testing.T, random *rand.Rand, vocab, tokens int) {
	t.Helper()
	options := randomOptions(random, vocab)
	s, err := NewSampler(vocab, options)
	if err != nil {
		t.Fatal(err)
	}
	want := simpleSampler{options, options.Seed}
	var history []int32
	for range random.IntN(20) {
		history = append(history, int32(random.IntN(vocab)))
	}
	for range tokens {
		logits := randomLogits(random, vocab)
		wantID := want.sample(logits, history)
		if got := s.Sample(logits, history); got != wantID {
			t.Fatalf("%+v, %d tokens: drew %d, want %d", options, vocab, got, wantID)
		}
		history = append(history, wantID)
	}
}

func TestSamplerGreedy(t *testing.T) {
	s, err := NewSampler(5, Options{})
	if err != nil {
		t.Fatal(err)
	}
	inf := float32(math.Inf(-1))
	for _, c := range []struct {
		logits []float32
		want   int32
	}{
		{[]float32{1, 3, 2, 3, 0}, 1},
		{[]float32{-5, -4, -3, -2, -1}, 4},
		{[]float32{inf, inf, inf, -9, inf}, 3},
		{[]float32{inf, inf, inf, inf, inf}, 0},
		{[]float32{-1, float32(math.Copysign(0, -1)), 0, 0, -2}, 1},
	} {
		if got := s.Sample(c.logits, nil); got != c.want {
			t.Errorf("%v: drew %d, want %d", c.logits, got, c.want)
		}
	}
}

// The share of each token over many draws against its probability in float64.
func TestSamplerFrequencies(t *testing.T) {
	logits := []float32{2, 1, 0, -1, 1, -20}
	const draws = 50000
	for _, c := range []struct {
		name    string
		options Options
		kept    []int
	}{
		{"temperature 1", Options{Temperature: 1}, []int{0, 1, 2, 3, 4, 5}},
		{"temperature 0.5", Options{Temperature: 0.5}, []int{0, 1, 2, 3, 4, 5}},
		{"top-k", Options{Temperature: 1, TopK: 2}, []int{0, 1}},
		{"top-p", Options{Temperature: 1, TopP: 0.6}, []int{0, 1}}, // 0.51, 0.19, 0.19, 0.07, 0.03
		{"min-p", Options{Temperature: 1, MinP: 0.3}, []int{0, 1, 4}},
	} {
		s, err := NewSampler(len(logits), c.options)
		if err != nil {
			t.Fatal(err)
		}
		counts := make([]int, len(logits))
		for range draws {
			counts[s.Sample(logits, nil)]++
		}
		sum := 0.0
		for _, id := range c.kept {
			sum += math.Exp(float64(logits[id] / c.options.Temperature))
		}
		for id, n := range counts {
			p := 0.0
			if slices.Contains(c.kept, id) {
				p = math.Exp(float64(logits[id]/c.options.Temperature)) / sum
			}
			// Five standard deviations; the seed is fixed, so this either holds for good or never.
			if diff := math.Abs(float64(n)/draws - p); diff > 5*math.Sqrt(p*(1-p)/draws) {
				t.Errorf("%s: token %d came %d times of %d, want a share of %.4f", c.name, id, n,
					draws, p)
			}
		}
	}
}

// The first draws of a seed are part of the interface: they must be the same in every build and
// version. The values come from a program that draws with exact integers in another language.
func TestSamplerSeed(t *testing.T) {
	logits := make([]float32, 1000)
	for i := range logits {
		logits[i] = float32(i%37) / 8
	}
	s, err := NewSampler(len(logits), Options{Temperature: 0.8, TopP: 0.95, Seed: 42})
	if err != nil {
		t.Fatal(err)
	}
	draw := func() (ids []int32) {
		for range 8 {
			ids = append(ids, s.Sample(logits, nil))
		}
		return ids
	}
	first := draw()
	if want := []int32{739, 178, 292, 362, 57, 882, 221, 810}; !slices.Equal(first, want) {
		t.Errorf("seed 42 draws %v, want %v", first, want)
	}
	if slices.Equal(draw(), first) {
		t.Error("the generator stands still")
	}
	if err := s.Reset(Options{Temperature: 0.8, TopP: 0.95, Seed: 42}); err != nil {
		t.Fatal(err)
	}
	if again := draw(); !slices.Equal(again, first) {
		t.Errorf("after Reset %v, want %v", again, first)
	}
	if err := s.Reset(Options{Temperature: 0.8, TopP: 0.95, Seed: 43}); err != nil {
		t.Fatal(err)
	}
	if other := draw(); slices.Equal(other, first) {
		t.Errorf("seeds 42 and 43 both draw %v", other)
	}
}

func TestSamplingValidate(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	for _, c := range []struct {
		options Options
		name    string
	}{
		{Options{Temperature: -1}, "temperature"},
		{Options{Temperature: nan}, "temperature"},
		{Options{Temperature: inf}, "temperature"},
		{Options{TopP: 1.5}, "top_p"},
		{Options{TopP: nan}, "top_p"},
		{Options{MinP: -0.5}, "min_p"},
		{Options{RepetitionPenalty: 0.5}, "repetition_penalty"},
		{Options{RepetitionPenalty: nan}, "repetition_penalty"},
		{Options{TopK: -1}, "top_k"},
	} {
		err := c.options.Validate()
		if !errors.Is(err, request.ErrBad) || !strings.Contains(fmt.Sprint(err), c.name) {
			t.Errorf("%+v: %v, want ErrBadRequest that names %s", c.options, err, c.name)
		}
		if s, err := NewSampler(3, c.options); s != nil || !errors.Is(err, request.ErrBad) {
			t.Errorf("%+v: NewSampler gave %v", c.options, err)
		}
	}
	if err := (Options{}).Validate(); err != nil {
		t.Errorf("zero value: %v", err)
	}
	for _, vocab := range []int{0, -1, maxVocab + 1} {
		if s, err := NewSampler(vocab, Options{}); s != nil || !errors.Is(err, request.ErrBad) {
			t.Errorf("vocabulary of %d: %v", vocab, err)
		}
	}
}

func TestSamplerResetKeepsOldAfterError(t *testing.T) {
	s, err := NewSampler(2, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Reset(Options{Temperature: -1}); err == nil {
		t.Error("Reset took a negative temperature")
	}
	if got := s.Sample([]float32{0, 1}, nil); got != 1 {
		t.Errorf("drew %d, want 1", got)
	}
}

// samplingCases are what an answer may ask for, for allocations and times.
var samplingCases = []struct {
	name    string
	options Options
}{
	{"greedy", Options{}},
	{"penalty", Options{RepetitionPenalty: 1.1}},
	{"temperature", Options{Temperature: 1}},
	{"topk", Options{Temperature: 1, TopK: 40}},
	{"topp", Options{Temperature: 1, TopP: 0.9}},
	{"all", Options{Temperature: 0.7, TopK: 1000, TopP: 0.9, MinP: 0.05, RepetitionPenalty: 1.1}},
}

func TestSamplerDoesNotAllocate(t *testing.T) {
	random := rand.New(rand.NewPCG(13, 14))
	logits := randomLogits(random, 5000)
	history := []int32{1, 2, 3, 2, 1}
	for _, c := range samplingCases {
		s, err := NewSampler(len(logits), c.options)
		if err != nil {
			t.Fatal(err)
		}
		if n := testing.AllocsPerRun(10, func() { s.Sample(logits, history) }); n != 0 {
			t.Errorf("%s: %v allocations", c.name, n)
		}
	}
}

func BenchmarkSampler(b *testing.B) {
	random := rand.New(rand.NewPCG(15, 16))
	logits := make([]float32, 49152)
	for i := range logits {
		logits[i] = float32(random.NormFloat64() * 4)
	}
	for _, c := range samplingCases {
		b.Run(fmt.Sprintf("case=%s/n=%d", c.name, len(logits)), func(b *testing.B) {
			s, err := NewSampler(len(logits), c.options)
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				s.Sample(logits, nil)
			}
		})
	}
}
