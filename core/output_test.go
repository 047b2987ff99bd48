package core

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"

	"github.com/spikechat/spikechat/core/coding"
	"github.com/spikechat/spikechat/core/sample"
	"github.com/spikechat/spikechat/core/simd"
	"github.com/spikechat/spikechat/core/text"
	"github.com/spikechat/spikechat/core/tile"
)

// searchedSamplings are what an answer asks for when its logits are searched; the second is the
// page's default.
var searchedSamplings = []struct {
	name     string
	sampling sample.Options
}{
	{"greedy", sample.Options{}},
	{"temperature=0.2,top_p=0.9", sample.Options{Temperature: 0.2, TopP: 0.9}},
	{"temperature=0.8,top_k=40", sample.Options{Temperature: 0.8, TopK: 40}},
	{"temperature=1,min_p=0.05", sample.Options{Temperature: 1, MinP: 0.05}},
	{"penalty=1.1,temperature=0.3,top_k=20,top_p=0.95",
		sample.Options{RepetitionPenalty: 1.1, Temperature: 0.3, TopK: 20, TopP: 0.95}},
}

// windowsOfText are the windows of WikiText-2 that tools/eval carries.
func windowsOfText(tb testing.TB, m *Model) (windows [][]int32) {
	tb.Helper()
	text, err := os.ReadFile(filepath.Join("..", "tools", "eval", "testdata", "wikitext2.json"))
	if err != nil {
		tb.Fatal(err)
	}
	var stored []struct{ Text string }
	if err := json.Unmarshal(text, &stored); err != nil {
		tb.Fatal(err)
	}
	for _, w := range stored {
		windows = append(windows, m.Tokenizer.Encode(nil, w.Text))
	}
	return windows
}

// eachPosition runs windows through the layers and calls f with the output's input of a number of
// positions in place.
func eachPosition(tb testing.TB, m *Model, windows [][]int32, positions int,
	f func(s *State, history []int32)) {
	tb.Helper()
	for _, ids := range windows {
		s, err := NewState(m, len(ids), 64)
		if err != nil {
			tb.Fatal(err)
		}
		setCoding(tb, s, coding.Coding{Steps: 4, OutputSteps: 4, OutputResidual: true})
		for at := 0; at < len(ids); at += 64 {
			batch := ids[at:min(at+64, len(ids))]
			if err := s.Extend(batch); err != nil {
				tb.Fatal(err)
			}
			for t := range batch {
				if err := s.predict(t, t+1); err != nil {
					tb.Fatal(err)
				}
				f(s, ids[:at+t+1])
				if positions--; positions == 0 {
					return
				}
			}
		}
	}
	tb.Fatalf("the text has %d positions too few", positions)
}

// allLogits computes the logits of the last pass in another way than State does.
func allLogits(m *Model, s *State) []float32 {
	all, second := make([]float32, m.output.Rows), make([]float32, m.output.Rows)
	simd.Lookup(all, m.output, s.output.first.spikes[0])
	if s.coding.OutputResidual {
		simd.Lookup(second, m.output, s.output.second.spikes[0])
		simd.Axpy(all, 1, second)
	}
	return all
}

// checkBounds fails where a logit is above what bounds its tile.
func checkBounds(t *testing.T, bounds, logits []float32) {
	t.Helper()
	for i, bound := range bounds {
		first := i * tile.Rows
		end := min(first+tile.Rows, len(logits))
		if highest := slices.Max(logits[first:end]); !(highest <= bound) {
			t.Fatalf("tile %d has a logit of %v above its bound of %v", i, highest, bound)
		}
	}
}

// spoil makes sure that what is not computed is not read.
func spoil(logits []float32) {
	for i := range logits {
		logits[i] = float32(math.NaN())
	}
}

// TestSearchOfTheRealOutput: on real text the search draws the token that all logits give, at every
// position.
func TestSearchOfTheRealOutput(t *testing.T) {
	m, positions := realModel(t), 2048
	switch {
	case !simd.Available():
		positions = 4 // the reference takes half a second for an output
	case runtime.GOARCH == "wasm":
		positions = 256
	}
	random := rand.New(rand.NewPCG(1, 1))
	sampler, err := sample.NewSampler(m.Config.Vocab, sample.Options{})
	if err != nil {
		t.Fatal(err)
	}
	tiles, sums := make([][]int, len(searchedSamplings)), make([]int, len(searchedSamplings))
	var bounds, residual, logits []float32
	eachPosition(t, m, windowsOfText(t, m), positions, func(s *State, history []int32) {
		if !s.output.pending {
			t.Fatal("the logits of a usual position cannot be searched")
		}
		o := &s.output
		l := o.bound()
		bounds, residual = append(bounds[:0], o.bounds...),
			append(residual[:0], o.residualBounds...)
		all := allLogits(m, s)
		checkBounds(t, bounds, all)
		for i, c := range searchedSamplings {
			c.sampling.Seed = random.Uint64()
			if err := sampler.Reset(c.sampling); err != nil {
				t.Fatal(err)
			}
			if !sampler.Selective() {
				t.Fatalf("%s is not searched", c.name)
			}
			logits = append(logits[:0], all...)
			want := sampler.Sample(logits, history)
			if err := sampler.Reset(c.sampling); err != nil {
				t.Fatal(err)
			}
			spoil(l.Values)
			copy(o.bounds, bounds)
			copy(o.residualBounds, residual)
			if got := sampler.Search(&l, history); got != want {
				t.Errorf("%s, after %d tokens: %d, want %d", c.name, len(history), got, want)
			}
			computed := (o.searchedBytes() - m.output.UpperBoundBytes()) / m.output.TileBytes()
			tiles[i] = append(tiles[i], computed)
			for _, bound := range o.bounds {
				if bound == minusInfinity {
					sums[i]++ // known
				}
			}
		}
	})
	for i, c := range searchedSamplings {
		slices.Sort(tiles[i])
		sum, n := 0, len(tiles[i])
		for _, v := range tiles[i] {
			sum += v
		}
		t.Logf("%s: %d positions, products of tiles of %d: mean %.1f, median %d, 90 %% %d, "+
			"99 %% %d, most %d; tiles known: mean %.1f", c.name, n,
			m.output.Tiles(), float64(sum)/float64(n), tiles[i][n/2], tiles[i][n*90/100],
			tiles[i][n*99/100], tiles[i][n-1], float64(sums[i])/float64(n))
	}
}

// randomHead makes a matrix of the given shape whose float16 scales and plane bytes come from two
// functions.
func randomOutput(rows, cols, planes int, offsetBy float32, tame bool, scale func() uint16,
	plane func() byte) *simd.Weights {
	m := tile.NewMatrix(rows, cols, planes, offsetBy)
	m.NormalScales = tame
	for at := range m.Blocks() {
		block := m.Data[at*m.BlockBytes():][:m.BlockBytes()]
		planes, scales := block[:planes*tile.PlaneBytes], block[planes*tile.PlaneBytes:]
		for i := range planes {
			planes[i] = plane()
		}
		for ; len(scales) > 0; scales = scales[2:] {
			binary.LittleEndian.PutUint16(scales, scale())
		}
	}
	return simd.NewWeights(m)
}

// outputs are those of few tokens that a search can be wrong about: ties, rows that are all alike,
// zeros, one huge scale, and every number of planes and kind of scale, most of which cannot be
// searched.
func outputs(r *rand.Rand, rows, cols int) map[string]*simd.Weights {
	usual := func() uint16 { return uint16(0x1400 + r.IntN(0x800)) }
	small := func() uint16 { return uint16(0x0400 + r.IntN(0x400)) }
	bits := func() byte { return byte(r.Uint32()) }
	all := map[string]*simd.Weights{
		"usual": randomOutput(rows, cols, 8, 128, true, usual, bits),
		"near":  randomOutput(rows, cols, 8, 128, true, small, bits),
		"all equal": randomOutput(rows, cols, 8, 128, true, func() uint16 { return 0x1c00 },
			func() byte { return 0x55 }),
		"zero": randomOutput(rows, cols, 8, 128, true, func() uint16 { return 0 }, bits),
		"some zero": randomOutput(rows, cols, 8, 128, true,
			func() uint16 { return usual() * uint16(r.IntN(2)) }, bits),
		"huge scale": randomOutput(rows, cols, 8, 128, true,
			func() uint16 { return usual() | uint16(r.IntN(200)/199)*0x7800 }, bits),
		"sparse": randomOutput(rows, cols, 8, 128, true, usual,
			func() byte { return 1 << r.IntN(8) }),
		"signed": randomOutput(rows, cols, 8, 128, false,
			func() uint16 { return usual() | uint16(r.IntN(2))<<15 }, bits),
	}
	for planes := 1; planes <= 8; planes++ {
		all[fmt.Sprintf("%d planes", planes)] = randomOutput(rows, cols, planes, 0, true, usual,
			bits)
		all[fmt.Sprintf("%d planes, derived", planes)] = randomOutput(rows, cols, planes,
			float32(int(1)<<(planes-1)), true, usual, bits)
	}
	// Tiles that are copies of each other: the first of equal tokens must win, wherever its tile
	// comes in the search.
	twice := *all["usual"].Matrix
	twice.Data = slices.Clone(twice.Data)
	size := len(twice.Data) / twice.Tiles()
	for tile := range twice.Tiles() {
		copy(twice.Data[tile*size:][:size], twice.Data[tile%3*size:][:size])
	}
	all["copies"] = simd.NewWeights(&twice)
	// Row 5 is the same in every tile. Row 9 has its top planes, other low ones and scales a little
	// larger: its bound decides which tile comes first, and often row 5 is the best, so that its
	// first copy is found after another.
	rivals := randomOutput(rows, cols, 8, 128, true, small, bits)
	size = len(rivals.Data) / rivals.Tiles() / rivals.Groups()
	for tile := range rivals.Tiles() {
		for g := range rivals.Groups() {
			first, block := rivals.Data[g*size:], rivals.Data[(tile*rivals.Groups()+g)*size:]
			for at := 0; at < 8*64; at += 16 { // the rows' bytes are in the order 0, 8, 1, 9, ...
				block[at+10] = first[at+10]
				if at < 6*64 {
					block[at+3] = first[at+10]
				}
			}
			copy(block[8*64+2*5:], []byte{0x00, 0x1c})
			copy(block[8*64+2*9:], []byte{byte(r.IntN(12)), 0x1c})
		}
	}
	all["rivals"] = rivals
	return all
}

// TestSampleEqualsAllLogits: whatever the output and the sampling, a State draws what a Sampler
// draws from all logits.
func TestSampleEqualsAllLogits(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 3))
	m := ownTinyModel(t)
	rounds := 60
	if !simd.Available() {
		rounds = 20
	}
	var searched [simd.DotKernel]int // by kernel
	for name, output := range outputs(random, m.Config.Vocab, m.Config.Hidden) {
		m.output = output
		output.PrepareBounds() // as Model.Prepare does
		output.Prepare(simd.PopcountKernel)
		s, full := newState(t, m, 1, coding.Coding{Steps: 4, OutputSteps: 4}),
			newState(t, m, 1, coding.Coding{Steps: 4, OutputSteps: 4})
		for round := range rounds {
			if round%40 == 0 {
				s.Truncate(0)
				full.Truncate(0)
			}
			c := coding.Coding{Steps: 4, OutputSteps: 1 + round%4, OutputResidual: round/4%4 > 0}
			setCoding(t, s, c, []simd.Kernel{simd.LookupKernel, simd.PopcountKernel}[round/2%2])
			setCoding(t, full, c)
			one := randomTokens(uint64(round), 1)
			all := slices.Clone(forward(t, full, one))
			unused := randomUnused(random, m.Config.Vocab, round%3)
			s.output.unused = unused
			logits := slices.Clone(all)
			for _, id := range unused {
				logits[id] = minusInfinity
			}
			if err := s.Forward(one, false); err != nil {
				t.Fatal(err)
			}
			history := randomTokens(uint64(round+1000), random.IntN(30))
			for range 8 {
				sampling := randomOptions(random, m.Config.Vocab)
				a, err := sample.NewSampler(m.Config.Vocab, sampling)
				if err != nil {
					t.Fatal(err)
				}
				b, _ := sample.NewSampler(m.Config.Vocab, sampling)
				want := a.Sample(slices.Clone(logits), history)
				if s.output.pending {
					// Also where Sample would not search.
					searched[s.kernel]++
					l := s.output.bound()
					if s.kernel == simd.LookupKernel { // the other has the first stage there
						spoil(l.Values)
					}
					checkBounds(t, l.Bounds, logits)
					if got := b.Search(&l, history); got != want {
						t.Fatalf("%s, %+v: the search draws %d, want %d", name, sampling, got, want)
					}
					b, _ = sample.NewSampler(m.Config.Vocab, sampling)
				}
				if got := s.Sample(b, history); got != want {
					t.Fatalf("%s, %+v: %d, want %d", name, sampling, got, want)
				}
				if !s.output.pending {
					// Sample has altered the logits: compute them again.
					s.Truncate(s.Position() - 1)
					if err := s.Forward(one, false); err != nil {
						t.Fatal(err)
					}
				}
			}
			// A search leaves all logits to be had.
			if got := s.Logits(0); !sameBits(got, all) {
				t.Fatalf("%s: other logits after a search", name)
			}
		}
	}
	if slices.Min(searched[:]) < 400 {
		t.Errorf("%v searches: the test is not about them", searched)
	}
}

// randomUnused gives no token, some and whole tiles, or all but a few.
func randomUnused(random *rand.Rand, vocab, kind int) (unused []int32) {
	tile0 := random.IntN(vocab / tile.Rows)
	for id := range vocab {
		if kind == 1 && (random.IntN(20) == 0 || id/tile.Rows == tile0) ||
			kind == 2 && random.IntN(20) != 0 && id != vocab/2 {
			unused = append(unused, int32(id))
		}
	}
	return unused
}

// An unused token is not drawn in any way, however high its logit is.
func TestUnusedTokensAreNotDrawn(t *testing.T) {
	m := tinyModel(t)
	request := Request{Messages: []text.Message{{Role: text.RoleUser, Content: "Hello"}},
		Coding: coding.Coding{Steps: 4, OutputSteps: 4}, MaxTokens: 1}
	answer := func(unused []int32, logprobs bool, sampling sample.Options) int32 {
		s, err := NewSession(m, 128)
		if err != nil {
			t.Fatal(err)
		}
		s.state.output.unused = unused
		r := request
		r.Logprobs, r.Sampling = logprobs, sampling
		if logprobs {
			r.TopLogprobs = 20
		}
		if _, err := s.Begin(r); err != nil {
			t.Fatal(err)
		}
		for left := 1; left > 0; {
			if left, err = s.Prefill(); err != nil {
				t.Fatal(err)
			}
		}
		var token Token
		if err := s.Next(&token); err != nil {
			t.Fatal(err)
		}
		for _, one := range token.Logprobs {
			for _, top := range one.Top {
				if slices.Contains(unused, top.ID) {
					t.Errorf("unused token %d is among the likeliest", top.ID)
				}
			}
		}
		return token.ID
	}
	var unused []int32
	for range 8 {
		first := answer(unused, false, sample.Options{})
		if slices.Contains(unused, first) || first != answer(unused, true, sample.Options{}) {
			t.Fatalf("token %d of all but %v", first, unused)
		}
		for seed := range uint64(20) {
			for _, o := range []sample.Options{{Temperature: 1}, {Temperature: 100},
				{Temperature: 1, TopK: 5}, {Temperature: 0.2, TopP: 0.9}} {
				o.Seed = seed
				if id := answer(unused, false, o); slices.Contains(unused, id) {
					t.Errorf("%+v draws token %d", o, id)
				}
			}
		}
		unused = append(unused, first)
		slices.Sort(unused)
	}
}

// TestSearchedAnswers: a session that nobody asks for logits gives the answers of one that computes
// all of them.
func TestSearchedAnswers(t *testing.T) {
	m := tinyModel(t)
	for _, c := range searchedSamplings {
		for _, kernel := range kernels {
			r := ask("Hello! How are you?")
			r.MaxTokens, r.Sampling, r.Kernel = 40, c.sampling, kernel
			r.Sampling.Seed = 5
			want := complete(t, newSession(t, m, 256), r, 0)
			s := newSession(t, m, 256)
			begin(t, s, r)
			prefill(t, s)
			var ids []int32
			for token := (Token{}); token.Finish == Running; ids = append(ids, token.ID) {
				if s.state.output.pending != (kernel != simd.DotKernel) {
					t.Fatalf("%s, kernel %d: pending is %v", c.name, kernel,
						s.state.output.pending)
				}
				if err := s.Next(&token); err != nil {
					t.Fatal(err)
				}
			}
			if !slices.Equal(ids, want.ids) {
				t.Errorf("%s, kernel %d: %v, want %v", c.name, kernel, ids, want.ids)
			}
		}
	}
}

// TestExtendIsForwardWithoutLogits: the same cache and counts, and an error at the same places.
func TestExtendIsForwardWithoutLogits(t *testing.T) {
	m, tokens := tinyModel(t), randomTokens(11, 24)
	for _, c := range settings() {
		want, got := newState(t, m, 24, c.Coding, c.kernel), newState(t, m, 24, c.Coding, c.kernel)
		forward(t, want, tokens)
		if err := got.Extend(tokens); err != nil {
			t.Fatal(err)
		}
		if got.Position() != want.Position() || !sameCache(&got.cache, &want.cache) ||
			!slices.Equal(got.Counts(), want.Counts()) {
			t.Errorf("%+v: Extend leaves another state than Forward", c)
		}
		if one := randomTokens(12, 1); !sameBits(forward(t, got, one), forward(t, want, one)) {
			t.Errorf("%+v: other logits after Extend", c)
		}
		if err := got.Extend(make([]int32, 24)); err != nil {
			t.Fatal(err)
		}
	}
	full := newState(t, m, 256, coding.Coding{})
	if err := full.Extend(make([]int32, 256)); err != nil {
		t.Fatal(err)
	}
	if err := full.Extend(tokens[:1]); !errors.Is(err, ErrContextFull) || full.Position() != 256 {
		t.Errorf("a full context: %v at %d", err, full.Position())
	}
}

// TestPromptComputesOneOutput: only the last batch of a prompt is followed by logits.
func TestPromptComputesOneOutput(t *testing.T) {
	s := newSession(t, tinyModel(t), 256)
	r := ask("Hello! How are you?")
	r.Coding.OutputSteps, r.Coding.OutputResidual = 0, false // computed at once
	begin(t, s, r)
	for i := range s.state.output.logits[0] {
		s.state.output.logits[0][i] = 12345
	}
	for batches := 1; ; batches++ {
		left, err := s.Prefill()
		if err != nil {
			t.Fatal(err)
		}
		if computed := s.state.output.logits[0][0] != 12345; computed != (left == 0) {
			t.Fatalf("%d tokens left, logits computed: %v", left, computed)
		}
		if left == 0 && batches < 2 {
			t.Fatal("the prompt was to take several batches")
		}
		if left == 0 {
			break
		}
	}
}

func TestSearchAllocatesNothing(t *testing.T) {
	m := tinyModel(t)
	s := newState(t, m, 1, coding.Coding{Steps: 4, OutputSteps: 4, OutputResidual: true})
	s.output.unused = []int32{0, 17, 18, 200, 324}
	history := randomTokens(13, 20)
	for i, c := range searchedSamplings {
		setCoding(t, s, s.coding, []simd.Kernel{simd.LookupKernel, simd.PopcountKernel}[i%2])
		sampler, err := sample.NewSampler(m.Config.Vocab, c.sampling)
		if err != nil {
			t.Fatal(err)
		}
		forward(t, s, []int32{7})
		s.Truncate(0)
		if err := s.Forward([]int32{7}, false); err != nil || !s.output.pending {
			t.Fatalf("pending %v, %v", s.output.pending, err)
		}
		if n := testing.AllocsPerRun(10, func() { s.Sample(sampler, history) }); n != 0 ||
			!s.output.pending {
			t.Errorf("%s: %v allocations, pending %v", c.name, n, s.output.pending)
		}
		s.Truncate(0)
	}
}

func randomOptions(random *rand.Rand, vocab int) sample.Options {
	s := sample.Options{Seed: random.Uint64()}
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
