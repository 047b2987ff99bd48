package simd

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/spikechat/spikechat/core/tile"
)

// TestProductsOfUpperPlanesEqual: with planes that are not read, every way to compute a product
// gives the bits of the time-unrolled one, whose weights are those of FORMAT.md, "Fewer planes".
func TestProductsOfUpperPlanesEqual(t *testing.T) {
	for planes := 2; planes <= 8; planes++ {
		for _, offsetBy := range []float32{0, 8} {
			for _, kind := range scaleKinds {
				t.Run(fmt.Sprintf("planes=%d/offset=%v/scales=%s", planes, offsetBy, kind.name),
					func(t *testing.T) {
						r := rand.New(rand.NewPCG(uint64(planes), uint64(offsetBy)+9))
						for upper := 1; upper < planes; upper++ {
							rows, cols := []int{1, 17, 32, 65}[r.IntN(4)], groupCols*(1+r.IntN(3))
							whole := randomWeights(r, rows, cols, planes, offsetBy, kind, patterns[0])
							w := NewWeights(whole.Upper(upper))
							w.Prepare(PopcountKernel)
							w.Prepare(DotKernel)
							for _, scale := range []float64{1, 3e4} {
								compareProducts(t, w, randomSpikes(t, r, cols, r.IntN(MaxSteps+1), scale))
							}
							compareUpper(t, w, whole.Matrix)
							if w.Upper(1).Missing != planes-1 {
								t.Fatal("fewer planes of fewer planes are miscounted")
							}
						}
					})
			}
		}
	}
}

// compareUpper compares single weights with the formula, in float64.
func compareUpper(t *testing.T, w *Weights, whole *tile.Matrix) {
	t.Helper()
	row := make([]float32, w.Cols)
	for r := range w.Rows {
		w.DequantizeRow(row, r)
		for g := range w.Groups() {
			var codes [groupCols]uint8
			whole.Group(r, g, &codes)
			d, n := whole.Scales(whole.Block(r/tileRows, g), r%tileRows)
			for j, c := range codes {
				levels := float64(int(1) << w.Missing)
				code := float64(int(c)>>w.Missing)*levels + (levels-1)/2
				want := float64(d)*code - float64(n)
				got := float64(row[g*groupCols+j])
				// Three roundings of parts no larger than these.
				if size := math.Abs(float64(d)*256) + math.Abs(float64(n)); !(math.Abs(got-want) <=
					size*0x1p-22) {
					t.Fatalf("upper %d of %d planes: weight %v, want %v", w.Planes,
						whole.Planes, got, want)
				}
			}
		}
	}
}

// TestBatchesOfUpperPlanes: tokens together give the bits that each gives alone.
func TestBatchesOfUpperPlanes(t *testing.T) {
	r := rand.New(rand.NewPCG(31, 32))
	w := NewWeights(randomWeights(r, 48, 64, 4, 0, scaleKinds[1], patterns[0]).Upper(3))
	var spikes []*Spikes
	var ys [][]float32
	for range PromptBatch {
		spikes = append(spikes, randomSpikes(t, r, 64, 4, 1))
		ys = append(ys, make([]float32, 48))
	}
	LookupKernel.Product(ys, w, spikes)
	for i, s := range spikes {
		want := make([]float32, 48)
		Unrolled(want, w, s)
		if !sameBits(ys[i], want) {
			t.Fatalf("token %d of a batch: %v, want %v", i, ys[i], want)
		}
	}
}
