package core

import (
	"errors"
	"fmt"
	"math"
	"math/bits"
	"slices"
	"strings"
	"testing"

	"github.com/spikechat/spikechat/core/coding"
	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/core/simd"
)

func sameBits(a, b []float32) bool {
	return slices.EqualFunc(a, b,
		func(x, y float32) bool { return math.Float32bits(x) == math.Float32bits(y) })
}

// setting is a coding and the kernel that it runs with.
type setting struct {
	coding.Coding
	kernel simd.Kernel
}

// settings are the ways to run an answer that the tests compare.
func settings() (all []setting) {
	all = append(all, setting{})
	for _, k := range kernels {
		for _, c := range []coding.Coding{
			{Steps: 4, CacheSteps: 4, OutputSteps: 4},
			{Steps: 1},
			{Steps: 2, CacheSteps: 1, OutputSteps: 3},
			{Steps: 2, CacheSteps: 1, OutputSteps: 3, OutputResidual: true},
		} {
			all = append(all, setting{c, k})
		}
	}
	return all
}

// runBatches runs tokens in passes of the given sizes, the last size again and again.
func runBatches(t *testing.T, s *State, tokens []int32, sizes ...int) {
	t.Helper()
	for len(tokens) > 0 {
		n := min(sizes[0], len(tokens))
		if len(sizes) > 1 {
			sizes = sizes[1:]
		}
		forward(t, s, tokens[:n])
		tokens = tokens[n:]
	}
}

// TestBatchesChangeNoBit: logits, cache and counts are the same however a prompt is cut, and with
// either kernel.
func TestBatchesChangeNoBit(t *testing.T) {
	m, tokens := tinyModel(t), randomTokens(3, 53)
	type outputKey struct {
		steps, output int
		residual      bool
	}
	want := map[outputKey]*State{} // of the first kernel
	for _, c := range settings() {
		all := newState(t, m, 64, c.Coding, c.kernel)
		all.Counting = CountAll
		if err := all.Forward(tokens, true); err != nil {
			t.Fatal(err)
		}
		key := outputKey{c.Steps, c.OutputSteps, c.OutputResidual}
		if want[key] == nil {
			want[key] = newState(t, m, 64, c.Coding, c.kernel)
			forward(t, want[key], tokens)
		}
		first := want[key]
		if !sameBits(all.Logits(len(tokens)-1), first.Logits(0)) {
			t.Errorf("%+v: logits of all positions differ from those of the last", c)
		}
		for _, sizes := range [][]int{{64}, {1}, {3}, {16}, {7, 1, 13, 2, 5}, {52, 1}, {1, 52}} {
			s := newState(t, m, 64, c.Coding, c.kernel)
			runBatches(t, s, tokens, sizes...)
			if !sameBits(s.Logits(0), first.Logits(0)) || !sameCache(&s.cache, &first.cache) {
				t.Errorf("%+v in batches of %v: logits or cache differ from the first kernel's "+
					"with one batch", c, sizes)
			}
			if !slices.Equal(s.CacheCounts(), first.CacheCounts()) ||
				s.LookBack() != first.LookBack() {
				t.Errorf("%+v in batches of %v: looking back takes %+v, want %+v", c, sizes,
					s.LookBack(), first.LookBack())
			}
			if !slices.Equal(s.Counts(), first.Counts()) {
				t.Errorf("%+v in batches of %v: counts %v, want %v", c, sizes, s.Counts()[0],
					first.Counts()[0])
			}
		}
		sum := make([]Counts, len(all.Counts()))
		s := newState(t, m, 1, c.Coding, c.kernel)
		for p, id := range tokens {
			if !sameBits(forward(t, s, []int32{id}), all.Logits(p)) {
				t.Errorf("%+v: position %d differs in a pass of its own", c, p)
			}
			for i, n := range s.Counts() {
				sum[i].Add(&n)
			}
		}
		if !slices.Equal(all.Counts(), sum) {
			t.Errorf("%+v: CountAll does not give the sum over tokens", c)
		}
		if c.Steps > 0 == (sum[0] == Counts{}) {
			t.Errorf("%+v: %+v counted", c, sum[0])
		}
	}
}

func sameCache(a, b *kvCache) bool {
	return sameHalf(&a.keys, &b.keys) && sameHalf(&a.values, &b.values)
}

func sameHalf(a, b *cacheHalf) bool {
	return slices.EqualFunc(a.codes, b.codes, slices.Equal) && sameBits(a.thresholds, b.thresholds) &&
		slices.Equal(a.spikes, b.spikes) && slices.EqualFunc(a.exact, b.exact, sameBits)
}

// TestLookBack counts the spikes of the cache once more, code by code.
func TestLookBack(t *testing.T) {
	m, tokens := tinyModel(t), randomTokens(8, 40)
	c := &m.Config
	for _, steps := range []int{1, 2, 4} {
		s := newState(t, m, 40, coding.Coding{Steps: 4, CacheSteps: steps})
		var all LookBack
		for position, id := range tokens {
			forward(t, s, []int32{id})
			got := s.LookBack()
			all.Add(got)
			want := LookBack{Dense: uint64(2 * c.Heads * c.HeadDim * (position + 1) * c.Layers)}
			most := uint64(0)
			for h := range c.Layers * c.KVHeads {
				for i, kept := range []*cacheHalf{&s.cache.keys, &s.cache.values} {
					blocks, _, _ := kept.head(h)
					codes := blocks[0]
					for j := range position + 1 {
						spikes := 0
						for d := range c.HeadDim {
							k := codes[j*c.HeadDim+d]
							if i == 0 {
								span := j / simd.KeySpan * simd.KeySpan
								k = codes[span*c.HeadDim+d/2*2*simd.KeySpan+j%simd.KeySpan*2+d%2]
							}
							// |k| run through steps of 15.
							for v := max(int(k), -int(k)); v > 0; v -= min(v, 15) {
								spikes += bits.OnesCount(uint(min(v, 15)))
							}
						}
						if j == position {
							want.Spikes += uint64(spikes)
						}
						if i == 0 {
							want.Operations += uint64(spikes * c.Heads / c.KVHeads)
						} else {
							most += uint64(spikes * c.Heads / c.KVHeads)
						}
					}
				}
			}
			if got.Spikes != want.Spikes || got.Dense != want.Dense {
				t.Fatalf("T=%d, position %d: %+v, want %+v", steps, position, got, want)
			}
			// How many values are listed depends on the weights: at least one position of each
			// head.
			if got.Operations <= want.Operations || got.Operations > want.Operations+most {
				t.Fatalf("T=%d, position %d: %d operations, want more than %d and at most %d",
					steps, position, got.Operations, want.Operations, want.Operations+most)
			}
		}
		whole := newState(t, m, 40, coding.Coding{Steps: 4, CacheSteps: steps})
		whole.Counting = CountAll
		forward(t, whole, tokens)
		if whole.LookBack() != all {
			t.Errorf("T=%d: in one pass %+v, token by token %+v", steps, whole.LookBack(), all)
		}
	}
}

func TestTruncateAndRunAgain(t *testing.T) {
	m, tokens := tinyModel(t), randomTokens(4, 30)
	for _, c := range settings() {
		want := newState(t, m, 32, c.Coding, c.kernel)
		forward(t, want, tokens)
		s := newState(t, m, 32, c.Coding, c.kernel)
		for _, n := range []int{0, 1, 17, 29} {
			forward(t, s, append(slices.Clone(tokens[:n]), randomTokens(5, 30-n)...))
			s.Truncate(n)
			if s.Position() != n {
				t.Fatalf("position %d after truncation to %d", s.Position(), n)
			}
			if got := forward(t, s, tokens[n:]); !sameBits(got, want.Logits(0)) {
				t.Errorf("%+v: other logits after truncation to %d", c, n)
			}
			s.Truncate(0)
		}
	}
}

func cloneAll[T any](blocks [][]T) (clones [][]T) {
	for _, block := range blocks {
		clones = append(clones, slices.Clone(block))
	}
	return clones
}

func TestContextFull(t *testing.T) {
	m, tokens := tinyModel(t), randomTokens(6, 12)
	small, err := NewState(m, 8, 8)
	if err != nil {
		t.Fatal(err)
	}
	large := newState(t, m, 8, coding.Coding{Steps: 4})
	setCoding(t, small, coding.Coding{Steps: 4})
	logits := slices.Clone(forward(t, small, tokens[:5]))
	counts := slices.Clone(small.Counts())
	clone := func(c *cacheHalf) cacheHalf {
		return cacheHalf{
			codes: cloneAll(c.codes), thresholds: slices.Clone(c.thresholds),
			spikes: slices.Clone(c.spikes), exact: cloneAll(c.exact),
		}
	}
	cache := kvCache{clone(&small.cache.keys), clone(&small.cache.values)}
	if err := small.Forward(tokens[5:9], false); !errors.Is(err, ErrContextFull) ||
		!strings.Contains(err.Error(), "5 tokens and 4 more, room for 8") {
		t.Fatalf("%v, want ErrContextFull", err)
	}
	if small.Position() != 5 || !sameBits(small.Logits(0), logits) ||
		!slices.Equal(small.Counts(), counts) || !sameCache(&small.cache, &cache) {
		t.Error("the refused pass changed something")
	}
	forward(t, large, tokens[:8])
	if !sameBits(forward(t, small, tokens[5:8]), large.Logits(0)) {
		t.Error("the last free positions give other logits than a larger context")
	}
	if err := small.Forward(tokens[8:9], false); !errors.Is(err, ErrContextFull) {
		t.Errorf("a ninth token of 8: %v", err)
	}
}

func TestNewStateRefuses(t *testing.T) {
	m := tinyModel(t)
	huge := &Model{Config: m.Config}
	huge.Config.Layers, huge.Config.KVHeads, huge.Config.HeadDim, huge.Config.Context = 256, 1024,
		64, planes.MaxContext
	for _, c := range []struct {
		m              *Model
		context, batch int
		text           string
	}{
		{m, 0, 1, "context of 0"}, {m, -1, 1, "context of -1"},
		{m, m.Config.Context + 1, 1, "context of 2049"},
		{m, 8, 0, "batches of 0"}, {m, 8, MaxBatch + 1, "batches of 1025"},
		{huge, 2048, 16, "bytes of cache"}, {huge, planes.MaxContext, 16, "bytes of cache"},
	} {
		if s, err := NewState(c.m, c.context, c.batch); s != nil ||
			!errors.Is(err, ErrBadRequest) || !strings.Contains(fmt.Sprint(err), c.text) {
			t.Errorf("context %d, batch %d: %v, want ErrBadRequest with %q", c.context, c.batch,
				err, c.text)
		}
	}
	if s, err := NewState(m, m.Config.Context, MaxBatch); err != nil ||
		s.Context() != m.Config.Context {
		t.Errorf("the largest that is allowed: %v", err)
	}
}

func TestSetCodingRefuses(t *testing.T) {
	s := newState(t, tinyModel(t), 1, coding.Coding{Steps: 2})
	for _, c := range []coding.Coding{{Steps: -1}, {Steps: 5}, {OutputSteps: -1}, {OutputSteps: 5},
		{OutputResidual: true}} {
		if err := s.SetCoding(c, simd.LookupKernel); !errors.Is(err, ErrBadRequest) {
			t.Errorf("%+v: %v, want ErrBadRequest", c, err)
		}
	}
	if s.coding != (coding.Coding{Steps: 2}) {
		t.Errorf("coding is %+v after refusals", s.coding)
	}
}

func TestForwardPanicsOnWrongCalls(t *testing.T) {
	for name, call := range map[string]func(*State){
		"core: forward of 0 tokens": func(s *State) { _ = s.Forward(nil, false) },
		"core: forward of 3 tokens": func(s *State) { _ = s.Forward(make([]int32, 3), false) },
		"core: truncate 0 tokens":   func(s *State) { s.Truncate(1) },
		"to -1":                     func(s *State) { s.Truncate(-1) },
	} {
		func() {
			defer func() {
				if p := recover(); !strings.Contains(fmt.Sprint(p), name) {
					t.Errorf("panic %v, want %q", p, name)
				}
			}()
			call(newState(t, tinyModel(t), 2, coding.Coding{}))
		}()
	}
}

// TestNotFinite: weights that no training made end the pass with an error, and the conversation can
// go on without them.
func TestNotFinite(t *testing.T) {
	for _, c := range []struct {
		name   string
		coding coding.Coding
		spoil  func(*Model)
		text   string
	}{
		{"first layer", coding.Coding{Steps: 4},
			func(m *Model) { m.layers[0].attentionNorm[3] = math.MaxFloat32 }, "layer 0, qkv"},
		{"feed-forward", coding.Coding{Steps: 4},
			func(m *Model) {
				copy(m.layers[2].mlpNorm, []float32{math.MaxFloat32, -math.MaxFloat32})
			}, "layer 2, "},
		{"a residual stream whose squares overflow", coding.Coding{Steps: 4, CacheSteps: 4},
			func(m *Model) {
				for i := range m.layers[0].attentionNorm {
					m.layers[0].attentionNorm[i] = 1e30
				}
			}, "layer 0, "},
		{"float scores", coding.Coding{Steps: 4}, func(m *Model) {
			for i := range m.layers[1].attentionNorm {
				m.layers[1].attentionNorm[i] = 1e33
			}
		}, "layer 1, scores"},
		{"scores", coding.Coding{Steps: 4, CacheSteps: 4}, func(m *Model) {
			for i := range m.layers[1].attentionNorm {
				m.layers[1].attentionNorm[i] = 1e33
			}
		}, "layer 1, scores"},
		{"output coded", coding.Coding{Steps: 4, OutputSteps: 4}, func(m *Model) {
			for i := range m.norm {
				m.norm[i] = math.MaxFloat32
			}
		}, "output"},
		{"output float", coding.Coding{Steps: 4}, func(m *Model) {
			for i := range m.norm {
				m.norm[i] = math.MaxFloat32
			}
		}, "logits"},
		{"float mode", coding.Coding{}, func(m *Model) {
			for i := range m.norm {
				m.norm[i] = math.MaxFloat32
			}
		}, "logits"},
	} {
		m, tokens := ownTinyModel(t), randomTokens(7, 9)
		want := newState(t, m, 16, c.coding)
		forward(t, want, tokens)
		s := newState(t, m, 16, c.coding)
		forward(t, s, tokens[:4])
		c.spoil(m)
		if err := s.Forward(tokens[4:], false); !errors.Is(err, ErrNotFinite) ||
			!strings.Contains(err.Error(), c.text) {
			t.Errorf("%s: %v, want ErrNotFinite in %q", c.name, err, c.text)
		}
		if s.Position() != 4 {
			t.Errorf("%s: position %d after the error, want 4", c.name, s.Position())
		}
		s.model = ownTinyModel(t)
		if !sameBits(forward(t, s, tokens[4:]), want.Logits(0)) {
			t.Errorf("%s: the refused pass left something in the cache", c.name)
		}
	}
}

func encode(tb testing.TB, x []float32, steps int) *simd.Spikes {
	tb.Helper()
	spikes := simd.NewSpikes(len(x))
	if !spikes.Encode(x, slices.Repeat([]uint8{uint8(steps)}, spikes.Groups())) {
		tb.Fatal("finite activations were refused")
	}
	return spikes
}

// TestCountsBelongToTheirPopulation: the input of the first layer is known without running it.
func TestCountsBelongToTheirPopulation(t *testing.T) {
	m := tinyModel(t)
	s := newState(t, m, 4, coding.Coding{Steps: 4})
	forward(t, s, []int32{50, 60, 70})
	x := make([]float32, m.Config.Hidden)
	m.embedding.DequantizeRow(x, 70)
	simd.RMSNorm(x, x, m.layers[0].attentionNorm, m.Config.RMSEpsilon)
	spikes := encode(t, x, 4)
	var want Counts
	spikes.Count(&want)
	if got := s.Counts()[coding.QKV]; got != want {
		t.Errorf("first population %+v, want %+v", got, want)
	}
	for i, c := range s.Counts() {
		neurons := uint32(m.Config.Neurons(coding.Population(i % coding.Populations)))
		if c.Graded[0] == 0 || c.Graded[0] > neurons || c.Graded[1] > c.Graded[0] ||
			c.Spikes < c.Graded[0] || c.Levels < c.Spikes || c.Executed > 6*neurons {
			t.Errorf("layer %d, %v: %+v of %d neurons", i/coding.Populations,
				coding.Population(i%coding.Populations), c, neurons)
		}
	}
	if len(s.Counts()) != m.Config.Layers*coding.Populations {
		t.Errorf("%d counts", len(s.Counts()))
	}
}

// TestForwardAllocatesNothing, for a token at a time is what a browser runs for minutes; nor do
// batches.
func TestForwardAllocatesNothing(t *testing.T) {
	for _, c := range settings() {
		s := newState(t, tinyModel(t), 16, c.Coding, c.kernel)
		forward(t, s, randomTokens(9, 16))
		one := []int32{77}
		if n := testing.AllocsPerRun(20, func() {
			if err := s.Forward(one, false); err != nil {
				t.Error(err)
			}
		}); n != 0 {
			t.Errorf("%+v: %v allocations a token", c, n)
		}
		batch := randomTokens(10, 5)
		for _, s.MultiplyBatches = range []bool{false, true} {
			if n := testing.AllocsPerRun(5, func() {
				s.Truncate(0)
				if err := s.Forward(batch, false); err != nil {
					t.Error(err)
				}
			}); n != 0 {
				t.Errorf("%+v, multiplied %v: %v allocations a batch", c, s.MultiplyBatches, n)
			}
		}
	}
}

// TestStepTables runs the manifest's own number of steps for some inputs.
func TestStepTables(t *testing.T) {
	m, tokens := ownTinyModel(t), randomTokens(10, 20)
	plain := newState(t, m, 32, coding.Coding{Steps: 2})
	forward(t, plain, tokens)
	table := func(steps ...uint8) *State {
		m.stepTables = map[int][]uint8{coding.Populations + int(coding.GateUp): steps}
		s := newState(t, m, 32, coding.Coding{Steps: 2})
		forward(t, s, tokens)
		return s
	}
	if s := table(2, 2, 2); !sameBits(s.Logits(0), plain.Logits(0)) {
		t.Error("a table of the answer's own steps changes the logits")
	}
	s := table(4, 1, 4)
	if sameBits(s.Logits(0), plain.Logits(0)) ||
		s.Counts()[coding.QKV] != plain.Counts()[coding.QKV] {
		t.Error("a table of layer 1 changes nothing, or the layer before")
	}
	if got, before := s.Counts()[coding.Populations+int(coding.GateUp)],
		plain.Counts()[coding.Populations+int(coding.GateUp)]; got == before {
		t.Errorf("the table's population counts %+v as before", got)
	}
}
