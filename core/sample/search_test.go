package sample

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// storedTiles has all logits, and makes tiles known as a model would: at once, or in two stages, of
// which the first may only lower the bound.
type storedTiles struct {
	l      *Logits
	all    []float32
	random *rand.Rand
}

func (s *storedTiles) Promising() int { return s.random.IntN(len(s.l.Bounds)) }

func (s *storedTiles) Compute(tile int, floor float32) {
	first, end := s.l.tile(tile)
	if s.l.known(tile) {
		panic("a tile is computed twice")
	}
	if highest := slices.Max(s.all[first:end]); highest < floor && s.random.IntN(2) == 0 {
		s.l.Bounds[tile] = highest
		return
	}
	copy(s.l.Values[first:end], s.all[first:end])
	s.l.Bounds[tile] = minusInfinity
}

// TestSearchEqualsSample: whatever the logits, their bounds and the options, Search draws what
// Sample draws, and reads no value that is not known.
func TestSearchEqualsSample(t *testing.T) {
	random := rand.New(rand.NewPCG(21, 22))
	known, tiles := 0, 0
	for range 4000 {
		vocab := 1 + random.IntN(600)
		all := randomLogits(random, vocab)
		for i, x := range all {
			if math.IsInf(float64(x), -1) {
				all[i] = -3 // a model's logits are finite
			}
		}
		o := randomOptions(random, vocab)
		var history []int32
		for range random.IntN(20) {
			history = append(history, int32(random.IntN(vocab)))
		}
		want, err := NewSampler(vocab, o)
		if err != nil {
			t.Fatal(err)
		}
		wantID := want.Sample(slices.Clone(all), history)

		l := &Logits{Values: slices.Repeat([]float32{float32(math.NaN())}, vocab)}
		l.Bounds = make([]float32, l.tiles())
		for tile := range l.Bounds {
			first, end := l.tile(tile)
			slack := float32(random.ExpFloat64() * float64(random.IntN(3)))
			l.Bounds[tile] = slices.Max(all[first:end]) + slack
		}
		l.Tiles = &storedTiles{l, all, random}
		got, _ := NewSampler(vocab, o)
		if id := got.Search(l, history); id != wantID {
			t.Fatalf("%+v, %d tokens: the search draws %d, want %d", o, vocab, id, wantID)
		}
		if slices.ContainsFunc(got.seen, func(marks uint64) bool { return marks != 0 }) {
			t.Fatalf("%+v: marks are left", o)
		}
		for tile := range l.Bounds {
			tiles++
			if l.known(tile) {
				known++
			}
		}
	}
	if known*10 > tiles*9 {
		t.Errorf("%d of %d tiles are computed: the test is not about a search", known, tiles)
	}
}
