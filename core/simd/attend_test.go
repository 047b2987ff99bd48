package simd

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// remembered gives random codes with thresholds, extremes among them.
func remembered(r *rand.Rand, positions, dim int) (codes []int16, thresholds []float32) {
	codes, thresholds = make([]int16, positions*dim), randomFloats(r, positions, 1e-4)
	for i := range codes {
		codes[i] = int16(r.IntN(2*RememberLevels+1) - RememberLevels)
	}
	codes[0], codes[len(codes)-1] = RememberLevels, -RememberLevels
	thresholds[r.IntN(positions)] = 0
	return codes, thresholds
}

// TestAttendEqualsReference compares both walks over the cache with the plain reference, for every number of heads that
// takes another way through them, and looks at what stands behind the destination.
func TestAttendEqualsReference(t *testing.T) {
	const canary = 12345
	r := rand.New(rand.NewPCG(15, 16))
	for _, dim := range []int{16, 32, 64, 96} {
		for heads := 1; heads <= 7; heads++ {
			for positions := 1; positions < 22; positions++ {
				stride := positions + r.IntN(5)
				q := randomFloats(r, heads*dim, 1)
				keys, thresholds := remembered(r, stride, dim)
				scores := slices.Repeat([]float32{canary}, heads*stride)
				want := slices.Clone(scores)
				AttendScores(scores, stride, q, keys, thresholds, dim, positions, 0.125)
				for h := range heads {
					row := want[h*stride:][:positions]
					attendScoresGeneric(row, q[h*dim:][:dim], keys)
					for j := range row {
						row[j] = float32(row[j]*thresholds[j]) * 0.125
					}
				}
				if !sameBits(scores, want) {
					t.Fatalf("scores of %d heads of %d over %d positions: %v, want %v", heads, dim, positions, scores, want)
				}
				out := slices.Repeat([]float32{canary}, heads*dim+1)
				sum := slices.Clone(out)
				weights := slices.Clone(scores)
				AttendValues(out[:heads*dim], scores, stride, keys, thresholds, dim, positions)
				for h := range heads {
					row := weights[h*stride:][:positions]
					for j := range row {
						row[j] *= thresholds[j]
					}
					attendValuesGeneric(sum[h*dim:][:dim], row, keys)
				}
				if !sameBits(out, sum) {
					t.Fatalf("values of %d heads of %d over %d positions: %v, want %v", heads, dim, positions, out, sum)
				}
			}
		}
	}
}

func TestRemember(t *testing.T) {
	r := rand.New(rand.NewPCG(17, 18))
	for _, scale := range []float64{1e-29, 1e-6, 1, 3e4, 1e30} {
		for n := 1; n <= 70; n++ {
			x, codes := randomFloats(r, n, scale), make([]int16, n)
			threshold, finite := Remember(codes, x)
			if !finite {
				t.Fatalf("%v is not finite?", x)
			}
			for i, v := range x {
				if got := float64(threshold) * float64(codes[i]); math.Abs(got-float64(v)) > 0.503*float64(threshold) {
					t.Fatalf("entry %d of %d: %v is remembered as %v, threshold %v", i, n, v, got, threshold)
				}
			}
		}
	}
	inf, nan := float32(math.Inf(1)), float32(math.NaN())
	for _, bad := range []float32{inf, -inf, nan} {
		for at := range 5 {
			x := []float32{1, -2, 3, -4, 5}
			x[at] = bad
			if _, finite := Remember(make([]int16, 5), x); finite {
				t.Errorf("%v was remembered", x)
			}
		}
	}
	for _, tiny := range []float32{0, float32(math.Copysign(0, -1)), 1e-31, -1e-40} {
		codes := []int16{7, 7}
		if threshold, finite := Remember(codes, []float32{tiny, 0}); !finite || threshold != 0 || codes[0] != 0 || codes[1] != 0 {
			t.Errorf("%v is remembered as %v of %v", tiny, codes, threshold)
		}
	}
}
