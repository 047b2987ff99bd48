package ternary

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/spikechat/spikechat/core/simd"
	"github.com/spikechat/spikechat/core/tile"
)

var allSteps = []int{1, 2, 3, 4, 7}

// randomMatrix draws codes, all of them, the middle for silent rows, and scales of all sizes.
func randomMatrix(r *rand.Rand, rows, cols, steps int) *Matrix {
	m := NewMatrix(rows, cols, steps)
	for i := range m.Codes {
		m.Codes[i] = uint8(r.IntN(Levels(steps)))
	}
	for i := range m.Scales {
		switch r.IntN(8) {
		case 0:
			m.Scales[i] = 0
		default:
			m.Scales[i] = uint16(leastNormal + r.IntN(0x4400-leastNormal))
		}
	}
	return m
}

// Every level comes of its steps, in which no spike is larger than one and none follows a silent
// step.
func TestFire(t *testing.T) {
	for _, steps := range allSteps {
		for level := -steps; level <= steps; level++ {
			sum, left, silent := 0, level, false
			for range steps {
				var spike int
				spike, left = Fire(left)
				if spike < -1 || spike > 1 || silent && spike != 0 {
					t.Fatalf("T=%d, level %d: spike %d", steps, level, spike)
				}
				silent = spike == 0
				sum += spike
			}
			if sum != level || left != 0 {
				t.Errorf("T=%d, level %d: spikes sum to %d, potential %d left", steps, level, sum, left)
			}
		}
	}
}

// Unrolled steps, both merged kernels and plain integers give the same bits, for every T of weights
// and of activations.
func TestUnrolledEqualsMergedAndIntegers(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, steps := range allSteps {
		for spikes := 1; spikes <= simd.MaxSteps; spikes++ {
			for range 20 {
				rows, groups := 1+r.IntN(40), 1+r.IntN(5)
				m := randomMatrix(r, rows, groups*tile.GroupCols, steps)
				s := randomSpikes(r, m.Cols, spikes)
				want := make([]float32, rows)
				w := simd.NewWeights(m.Tile())
				simd.UnrolledTernary(want, w, s)
				for name, k := range map[string]simd.Kernel{"lookup": simd.LookupKernel,
					"popcount": simd.PopcountKernel, "dot": simd.DotKernel} {
					w.Prepare(k)
					s.Prepare(k)
					got := make([]float32, rows)
					k.Product([][]float32{got}, w, []*simd.Spikes{s})
					compare(t, fmt.Sprintf("T=%d, %s", steps, name), got, want)
				}
				compare(t, fmt.Sprintf("T=%d, integers", steps), integers(m, s), want)
			}
		}
	}
}

func randomSpikes(r *rand.Rand, cols, steps int) *simd.Spikes {
	s, x := simd.NewSpikes(cols), make([]float32, cols)
	plan := &simd.StepPlan{Group: make([]uint8, cols/tile.GroupCols)}
	for g := range plan.Group {
		plan.Group[g] = uint8(steps)
	}
	for i := range x {
		x[i] = float32(r.NormFloat64() * math.Exp(r.NormFloat64()))
	}
	if !s.EncodeAs(x, plan) {
		panic("not finite")
	}
	return s
}

// integers multiplies codes, as a quantised product is written down.
func integers(m *Matrix, s *simd.Spikes) []float32 {
	y := make([]float32, m.Rows)
	for r := range y {
		for g := range m.Groups() {
			i := int32(0)
			for j := g * tile.GroupCols; j < (g+1)*tile.GroupCols; j++ {
				i += int32(m.Codes[r*m.Cols+j]) * (int32(s.Code[j]) - int32(s.Rest[g]))
			}
			d := tile.Half(m.Scales[r*m.Groups()+g])
			y[r] += float32(float32(float32(i)*d) * s.Threshold[g])
			y[r] -= float32(float32(float32(m.Steps)*d) * s.GroupSum[g])
		}
	}
	return y
}

func compare(t *testing.T, name string, got, want []float32) {
	t.Helper()
	for i := range want {
		if math.Float32bits(got[i]) != math.Float32bits(want[i]) {
			t.Fatalf("%s: row %d is %v, want %v", name, i, got[i], want[i])
		}
	}
}

// The tile form has the same weights, and gives the codes back.
func TestTileKeepsTheWeights(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for _, steps := range allSteps {
		m := randomMatrix(r, 1+r.IntN(40), 64, steps)
		w := simd.NewWeights(m.Tile())
		if !w.NormalScales {
			t.Errorf("T=%d: the scales are not kept as normal", steps)
		}
		row, want := make([]float32, m.Cols), make([]float64, m.Cols)
		for i := range m.Rows {
			w.DequantizeRow(row, i)
			m.Row(want, i)
			for c := range want {
				if float64(row[c]) != want[c] {
					t.Fatalf("T=%d: weight %d,%d is %v, want %v", steps, i, c, row[c], want[c])
				}
			}
		}
		back, err := FromTile(w.Matrix)
		if err != nil {
			t.Fatal(err)
		}
		if fmt.Sprint(back) != fmt.Sprint(m) {
			t.Errorf("T=%d: other codes came back", steps)
		}
	}
	for _, bad := range []*tile.Matrix{tile.NewMatrix(16, 32, 4, 0), tile.NewMatrix(16, 32, 4, 8),
		tile.NewMatrix(16, 32, 4, 2), tile.NewMatrix(16, 32, 3, 2.5)} {
		if _, err := FromTile(bad); err == nil {
			t.Errorf("%d planes with an offset of %v scales were taken", bad.Planes, bad.OffsetBy)
		}
	}
	beyond := tile.NewMatrix(16, 32, 3, 2)
	beyond.SetGroup(3, 0, &[tile.GroupCols]uint8{5}, 0x3c00, 0)
	if _, err := FromTile(beyond); err == nil {
		t.Error("a code beyond the levels was taken")
	}
}

// The chosen scale is near the best of a fine search, and never worse than none.
func TestBestScale(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for _, steps := range allSteps {
		worst := 0.0
		for range 200 {
			w, h := make([]float64, tile.GroupCols), make([]float64, tile.GroupCols)
			for j := range w {
				w[j], h[j] = r.NormFloat64(), math.Exp(r.NormFloat64())
			}
			got := Error(w, h, BestScale(w, h, steps), steps)
			fine := math.Inf(1)
			for bits := uint16(0x2400); bits < 0x4600; bits += 2 {
				fine = min(fine, Error(w, h, bits, steps))
			}
			worst = max(worst, got/fine)
			if zero := Error(w, h, 0, steps); got > zero {
				t.Fatalf("T=%d: an error of %v, with all weights 0 %v", steps, got, zero)
			}
		}
		if worst > 1.1 {
			t.Errorf("T=%d: an error %v times that of a fine search", steps, worst)
		}
	}
	if d := BestScale(make([]float64, tile.GroupCols), nil, 3); d != 0 {
		t.Errorf("weights of zero: scale %#x", d)
	}
	for _, v := range []float64{1e-30, 1e30} {
		w := make([]float64, tile.GroupCols)
		w[3] = v
		if d := BestScale(w, nil, 1); d != 0 && d < leastNormal || d >= 0x7c00 {
			t.Errorf("a weight of %v: scale %#x, want 0 or a normal float16", v, d)
		}
	}
}
