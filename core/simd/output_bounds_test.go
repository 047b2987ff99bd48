package simd

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// boundedCase draws weights and spikes that UpperBounds can bound.
func boundedCase(t testing.TB, r *rand.Rand, offsetBy float32, kind scaleKind,
	pattern func(*rand.Rand) byte) (*Weights, *Spikes) {
	t.Helper()
	for {
		cols := groupCols * (1 + r.IntN(20))
		w := randomWeights(r, 1+r.IntN(70), cols, outputPlanes, offsetBy, kind, pattern)
		s := randomSpikes(t, r, cols, r.IntN(MaxSteps+1), []float64{1, 1e-12, 30}[r.IntN(3)])
		if w.Bounded(s) {
			return w, s
		}
	}
}

// eachBounded calls f for weights of every kind of normal scales and several offsets.
func eachBounded(t *testing.T, f func(t *testing.T, w *Weights, s *Spikes)) {
	for _, offsetBy := range []float32{1, 128, 255} {
		for _, kind := range scaleKinds[:2] {
			t.Run(fmt.Sprintf("offset=%v/scales=%s", offsetBy, kind.name), func(t *testing.T) {
				r := rand.New(rand.NewPCG(7, uint64(offsetBy)))
				for _, pattern := range patterns {
					for range 12 {
						w, s := boundedCase(t, r, offsetBy, kind, pattern)
						f(t, w, s)
					}
				}
			})
		}
	}
}

// upperBoundsOf calls UpperBounds with room after the last one.
func upperBoundsOf(t *testing.T, w *Weights, s *Spikes) []float32 {
	t.Helper()
	all := slices.Repeat([]float32{12345}, w.Tiles()+1)
	UpperBounds(all[:w.Tiles():w.Tiles()], w, s)
	if all[w.Tiles()] != 12345 {
		t.Fatal("wrote past the bounds")
	}
	return all[:w.Tiles()]
}

func TestCeilingsEqualReference(t *testing.T) {
	eachBounded(t, func(t *testing.T, w *Weights, s *Spikes) {
		got, want := upperBoundsOf(t, w, s), make([]float32, w.Tiles())
		upperBoundsGeneric(want, w.Matrix, s, 0)
		if !sameBits(got, want) {
			t.Fatalf("%d x %d: %v, want %v", w.Rows, w.Cols, got, want)
		}
	})
}

// fillLowPlanes sets the planes below the top ones so that each row is as large as its top planes
// allow: all ones where a neuron is above rest, all zeros where it is below.
func fillLowPlanes(w *Weights, s *Spikes) {
	for tile := range w.Tiles() {
		for g := range w.Groups() {
			block := w.Block(tile, g)
			for i, q := range s.Code[g*groupCols:][:groupCols] {
				for p := topPlanes; p < outputPlanes; p++ {
					for r := range tileRows {
						at := &block[p*planeBytes+i/8*16+lane(r)]
						*at &^= 1 << (i % 8)
						if q > s.Rest[g] {
							*at |= 1 << (i % 8)
						}
					}
				}
			}
		}
	}
}

// TestUpperBoundsHold: no product is above its tile's bound, as Lookup rounds it. Where the low
// planes make a product as large as they can, nothing but the slack keeps it below, and the bound
// is above it by little more than the slack.
func TestUpperBoundsHold(t *testing.T) {
	eachBounded(t, func(t *testing.T, w *Weights, s *Spikes) {
		y := make([]float32, w.Rows)
		check := func(tight bool) {
			t.Helper()
			Lookup(y, w, s)
			for tile, c := range upperBoundsOf(t, w, s) {
				highest := slices.Max(y[tile*tileRows : min((tile+1)*tileRows, w.Rows)])
				if !(highest <= c) {
					t.Fatalf("tile %d of %d x %d has %v above its bound of %v", tile, w.Rows, w.Cols, highest, c)
				}
				// Rows that fill up the last tile are 0.
				if room := 2 * slackOf(w, s, tile); tight && tile < w.Rows/tileRows &&
					float64(c)-float64(highest) > room {
					t.Fatalf("tile %d of %d x %d reaches %v, its bound is %v: more than %v above", tile, w.Rows,
						w.Cols, highest, c, room)
				}
			}
		}
		check(false)
		fillLowPlanes(w, s)
		check(true)
	})
}

// slackOf is the slack in the bound of a tile, for its row of the largest scales.
func slackOf(w *Weights, s *Spikes, tile int) float64 {
	largest := 0.0
	for row := range tileRows {
		sum := 0.0
		for g := range w.Groups() {
			d, _ := w.Scales(w.Block(tile, g), row)
			size := 0
			for _, q := range s.Code[g*groupCols:][:groupCols] {
				size += max(int(q)-int(s.Rest[g]), int(s.Rest[g])-int(q))
			}
			sum += float64(d) * float64(s.Threshold[g]) * float64(size) * (256 + float64(w.OffsetBy))
		}
		largest = max(largest, sum)
	}
	return largest * 2 * float64(3*w.Groups()+8) * 0x1p-24
}

// TestUpperBoundsOfNothing: where no neuron fires, or no scale is above 0, every product and bound
// is 0.
func TestUpperBoundsOfNothing(t *testing.T) {
	r := rand.New(rand.NewPCG(21, 22))
	rest := NewSpikes(64)
	rest.Encode(make([]float32, 64), []uint8{4, 1})
	rest.Prepare(LookupKernel)
	zero := scaleKind{"zero", true, func(*rand.Rand) uint16 { return 0 }}
	for _, c := range []struct {
		w *Weights
		s *Spikes
	}{
		{randomWeights(r, 40, 64, 8, 128, scaleKinds[0], patterns[0]), rest},
		{randomWeights(r, 40, 64, 8, 128, zero, patterns[0]), randomSpikes(t, r, 64, 2, 1)},
	} {
		if got := upperBoundsOf(t, c.w, c.s); !slices.Equal(got, []float32{0, 0, 0}) {
			t.Errorf("bounds %v, want 0", got)
		}
	}
}

func TestBoundedRefuses(t *testing.T) {
	r := rand.New(rand.NewPCG(23, 24))
	usual := scaleKinds[1]
	s, wide := randomSpikes(t, r, 64, 1, 1), randomSpikes(t, r, 64, 1, 1e7)
	// 32 neurons of 60 levels: no two lookups fit a byte.
	full := NewSpikes(64)
	full.Encode(slices.Repeat([]float32{1}, 64), []uint8{4, 4})
	full.Prepare(LookupKernel)
	for _, c := range []struct {
		name string
		w    *Weights
		s    *Spikes
		want bool
	}{
		{"8 planes", randomWeights(r, 16, 64, 8, 128, usual, patterns[0]), s, true},
		{"7 planes", randomWeights(r, 16, 64, 7, 64, usual, patterns[0]), s, false},
		{"stored offsets", randomWeights(r, 16, 64, 8, 0, usual, patterns[0]), s, false},
		{"signed scales", randomWeights(r, 16, 64, 8, 128, scaleKinds[2], patterns[0]), s, false},
		{"wide", randomWeights(r, 16, 64, 8, 128, usual, patterns[0]), wide, false},
		{"no two lookups in a byte", randomWeights(r, 16, 64, 8, 128, usual, patterns[0]), full, false},
	} {
		if got := c.w.Bounded(c.s); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
		func() {
			defer func() {
				if p := recover(); (p == nil) != c.want {
					t.Errorf("%s: UpperBounds panics with %v", c.name, p)
				}
			}()
			UpperBounds(make([]float32, 1), c.w, c.s)
		}()
	}
}

func TestTilesEqualLookup(t *testing.T) {
	eachShape(t, func(t *testing.T, r *rand.Rand, w *Weights) {
		s := randomSpikes(t, r, w.Cols, 0, 1)
		want, got := make([]float32, w.Rows), slices.Repeat([]float32{12345}, w.Rows+1)
		Lookup(want, w, s)
		for _, tile := range r.Perm(w.Tiles()) {
			LookupTile(got[tile*tileRows:min((tile+1)*tileRows, w.Rows)], w, s, tile)
		}
		if !sameBits(got[:w.Rows], want) || got[w.Rows] != 12345 {
			t.Fatalf("tile by tile %v, want %v", got, want)
		}
		clear(got[:w.Rows])
		for _, tile := range r.Perm(w.Tiles()) {
			PopcountTile(got[tile*tileRows:min((tile+1)*tileRows, w.Rows)], w, s, tile)
		}
		if !sameBits(got[:w.Rows], want) || got[w.Rows] != 12345 {
			t.Fatalf("counted tile by tile %v, want %v", got, want)
		}
	})
}

func TestOutputAllocatesNothing(t *testing.T) {
	r := rand.New(rand.NewPCG(25, 26))
	for _, rows := range []int{48, 7} {
		w, s := randomWeights(r, rows, 96, 8, 128, scaleKinds[1], patterns[0]),
			randomSpikes(t, r, 96, 2, 1)
		y, c := make([]float32, rows), make([]float32, w.Tiles())
		if n := testing.AllocsPerRun(10, func() {
			UpperBounds(c, w, s)
			LookupTile(y[:min(rows, tileRows)], w, s, 0)
			PopcountTile(y[:min(rows, tileRows)], w, s, 0)
		}); n != 0 {
			t.Errorf("%d rows: %v allocations", rows, n)
		}
	}
}
