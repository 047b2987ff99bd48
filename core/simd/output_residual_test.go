package simd

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// residualCase draws weights and spikes that ResidualBounds can bound, the rows near a common one
// where near is set.
func residualCase(t testing.TB, r *rand.Rand, kind scaleKind, pattern func(*rand.Rand) byte,
	near bool) (*Weights, *Spikes) {
	t.Helper()
	for {
		cols := groupCols * (1 + r.IntN(20))
		w := randomWeights(r, 1+r.IntN(150), cols, outputPlanes, 128, kind, pattern)
		if near {
			for at := w.BlockBytes() * w.Groups(); at < len(w.Data); at++ {
				if r.IntN(4) > 0 {
					w.Data[at] = w.Data[at%(w.BlockBytes()*w.Groups())]
				}
			}
		}
		w.PrepareBounds()
		s := randomSpikes(t, r, cols, r.IntN(MaxSteps+1), []float64{1, 1e-12, 30}[r.IntN(3)])
		if w.ResidualBounded(s) {
			return w, s
		}
	}
}

// eachResidual calls f for weights of every kind of normal scales.
func eachResidual(t *testing.T, f func(t *testing.T, r *rand.Rand, w *Weights, s *Spikes)) {
	for _, kind := range scaleKinds[:2] {
		t.Run("scales="+kind.name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(31, 32))
			for _, pattern := range patterns {
				for i := range 24 {
					w, s := residualCase(t, r, kind, pattern, i%2 == 1)
					f(t, r, w, s)
				}
			}
		})
	}
}

func TestDistanceEqualsReference(t *testing.T) {
	eachResidual(t, func(t *testing.T, r *rand.Rand, w *Weights, _ *Spikes) {
		centre := w.rows.Load().centre
		for b := range w.Tiles() * w.Groups() {
			g, square := b%w.Groups(), r.Float32()
			signed := centre.signed[8*groupCols*g:][:8*groupCols]
			var d, dWant [8]uint16
			got := distance(w.Block(b/w.Groups(), g), signed, centre.Threshold[g], square, &d)
			want := distanceGeneric(w.Block(b/w.Groups(), g), signed, centre.Threshold[g], square, &dWant)
			if math.Float32bits(got) != math.Float32bits(want) || d != dWant {
				t.Fatalf("block %d of %d x %d: %v and %v, want %v and %v", b, w.Rows, w.Cols, got, d, want,
					dWant)
			}
		}
	})
}

// TestDistancesHold: every row lies within its tile's distance of the centre, and the largest d is
// none too small.
func TestDistancesHold(t *testing.T) {
	eachResidual(t, func(t *testing.T, _ *rand.Rand, w *Weights, _ *Spikes) {
		row, centre := make([]float32, w.Cols), w.rows.Load().centre
		for i := range w.Rows {
			w.DequantizeRow(row, i)
			for g := range w.Groups() {
				sum, size := 0.0, 0.0
				for j, k := range centre.fromRest(g) {
					mean := float64(centre.Threshold[g]) * float64(k)
					sum += (float64(row[g*groupCols+j]) - mean) * (float64(row[g*groupCols+j]) - mean)
					size += mean * mean
				}
				d, _ := w.Scales(w.Block(i/tileRows, g), i%tileRows)
				if d > w.rows.Load().largestScale[g] {
					t.Fatalf("row %d, group %d: d is %v, the largest %v", i, g, d, w.rows.Load().largestScale[g])
				}
				far := float64(w.rows.Load().distances[g*BoundTiles(w.Rows)+i/tileRows])
				if !(math.Sqrt(sum) <= far) {
					t.Fatalf("row %d of %d, group %d lies %v from the centre, its tile up to %v", i, w.Rows, g,
						math.Sqrt(sum), far)
				}
			}
		}
	})
}

// TestResidualBoundsHold: no product is above its tile's bound, as Lookup rounds it; also for
// spikes that are a multiple of what a row is beyond the centre, where Cauchy and Schwarz leave no
// room.
func TestResidualBoundsHold(t *testing.T) {
	eachResidual(t, func(t *testing.T, r *rand.Rand, w *Weights, s *Spikes) {
		y, row := make([]float32, w.Rows), make([]float32, w.Cols)
		check := func(s *Spikes) {
			t.Helper()
			above := slices.Repeat([]float32{12345}, BoundTiles(w.Rows)+1)
			ResidualBounds(above[:BoundTiles(w.Rows):BoundTiles(w.Rows)], w, s)
			if above[BoundTiles(w.Rows)] != 12345 {
				t.Fatal("wrote past the bounds")
			}
			Lookup(y, w, s)
			for i, v := range y {
				if !(v <= above[i/tileRows]) {
					t.Fatalf("row %d of %d x %d is %v, its tile's bound %v", i, w.Rows, w.Cols, v,
						above[i/tileRows])
				}
			}
		}
		check(s)
		centre := w.rows.Load().centre
		w.DequantizeRow(row, r.IntN(w.Rows))
		for g := range w.Groups() {
			for j, k := range centre.fromRest(g) {
				row[g*groupCols+j] -= centre.Threshold[g] * float32(k)
			}
		}
		along, steps := NewSpikes(w.Cols), slices.Repeat([]uint8{uint8(1 + r.IntN(MaxSteps))}, w.Groups())
		if along.Encode(row, steps); along.wide {
			return
		}
		if along.Prepare(LookupKernel); w.ResidualBounded(along) {
			check(along)
		}
	})
}

// TestResidualBoundsAreTight: where all rows are alike, they differ from the centre by its coding
// alone, and the bound is not far above their product.
func TestResidualBoundsAreTight(t *testing.T) {
	r := rand.New(rand.NewPCG(33, 34))
	w := randomWeights(r, 64, 96, outputPlanes, 128,
		scaleKind{"one", true, func(*rand.Rand) uint16 { return 0x2400 }}, patterns[0])
	for at := 0; at < len(w.Data); at += w.BlockBytes() {
		for i := range outputPlanes * planeBytes { // every row of a block is its first
			w.Data[at+i] = w.Data[at%(w.BlockBytes()*w.Groups())+i/16*16]
		}
	}
	w.PrepareBounds()
	s := randomSpikes(t, r, 96, 1, 1)
	y, above := make([]float32, w.Rows), make([]float32, BoundTiles(w.Rows))
	Lookup(y, w, s)
	ResidualBounds(above, w, s)
	size := 0.0
	for g, x := range s.Threshold {
		sum := 0.0
		for _, k := range s.fromRest(g) {
			sum += float64(k * k)
		}
		size += float64(x) * math.Sqrt(sum)
	}
	// A weight lies at most a level from its code, and on both sides.
	step := 0.0
	for _, x := range w.rows.Load().centre.Threshold {
		step = max(step, float64(x))
	}
	if room := size * math.Sqrt(groupCols) * 2 * step; !(float64(above[0]-y[0]) <= room) {
		t.Errorf("a bound of %v over a product of %v: more than %v above", above[0], y[0], room)
	}
}

func TestResidualBoundsRefuse(t *testing.T) {
	r := rand.New(rand.NewPCG(35, 36))
	usual := scaleKinds[1]
	s, wide := randomSpikes(t, r, 64, 1, 1), randomSpikes(t, r, 64, 1, 1e7)
	for _, c := range []struct {
		name string
		w    *Weights
		s    *Spikes
		want bool
	}{
		{"8 planes", randomWeights(r, 16, 64, 8, 128, usual, patterns[0]), s, true},
		{"7 planes", randomWeights(r, 16, 64, 7, 64, usual, patterns[0]), s, false},
		{"another offset", randomWeights(r, 16, 64, 8, 127, usual, patterns[0]), s, false},
		{"stored offsets", randomWeights(r, 16, 64, 8, 0, usual, patterns[0]), s, false},
		{"signed scales", randomWeights(r, 16, 64, 8, 128, scaleKinds[2], patterns[0]), s, false},
		{"wide", randomWeights(r, 16, 64, 8, 128, usual, patterns[0]), wide, false},
	} {
		if c.w.ResidualBounded(c.s) {
			t.Errorf("%s: bounded before PrepareBounds", c.name)
		}
		if c.w.PrepareBounds(); c.w.ResidualBounded(c.s) != c.want {
			t.Errorf("%s: %v", c.name, !c.want)
		}
		func() {
			defer func() {
				if p := recover(); (p == nil) != c.want {
					t.Errorf("%s: ResidualBounds panics with %v", c.name, p)
				}
			}()
			ResidualBounds(make([]float32, BoundTiles(c.w.Rows)), c.w, c.s)
		}()
	}
}

// TestResidual holds what the codes leave over to its definition, in place too, and within half a
// level inside the range.
func TestResidual(t *testing.T) {
	r := rand.New(rand.NewPCG(37, 38))
	for range 200 {
		s, x := NewSpikes(96), randomFloats(r, 96, 3)
		if !s.Encode(x, []uint8{1, 4, uint8(1 + r.IntN(4))}) {
			t.Fatal("finite activations were refused")
		}
		left := make([]float32, 96)
		s.Residual(left, x)
		for j, v := range x {
			g := j / groupCols
			k := float32(int(s.Code[j]) - int(s.Rest[g]))
			if want := v - float32(s.Threshold[g]*k); math.Float32bits(left[j]) != math.Float32bits(want) {
				t.Fatalf("value %d: %v, want %v", j, left[j], want)
			}
			if math.Abs(float64(left[j])) > float64(s.Threshold[g])*1.001 {
				t.Fatalf("value %d: %v is left of a level of %v", j, left[j], s.Threshold[g])
			}
		}
		s.Residual(x, x)
		if !sameBits(x, left) {
			t.Fatal("in place it differs")
		}
	}
}

func TestResidualBoundsAllocateNothing(t *testing.T) {
	r := rand.New(rand.NewPCG(39, 40))
	w, s := randomWeights(r, 70, 96, 8, 128, scaleKinds[1], patterns[0]), randomSpikes(t, r, 96, 1, 1)
	w.PrepareBounds()
	above, x := make([]float32, BoundTiles(w.Rows)), make([]float32, 96)
	if n := testing.AllocsPerRun(10, func() {
		s.Residual(x, x)
		ResidualBounds(above, w,
			s)
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
