package simd

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"testing"

	"github.com/spikechat/spikechat/core/tile"
)

// decode reads one weight's code, scale and offset by the layout's definition: planes from the most
// significant down, in each of them four vectors of 16 bytes, in these the even bytes for rows 0-7
// and the odd ones for rows 8-15.
func decode(w *Weights, row, col int) (code int, d, n float32) {
	size := w.Planes*64 + 32
	if w.OffsetBy == 0 {
		size += 32
	}
	block := w.Data[(row/16*(w.Cols/32)+col/32)*size:][:size]
	row, col = row%16, col%32
	for p := range w.Planes {
		b := block[p*64+col/8*16+[16]int{0, 2, 4, 6, 8, 10, 12, 14, 1, 3, 5, 7, 9, 11, 13, 15}[row]]
		code = code*2 + int(b>>(col%8)&1)
	}
	scales := block[w.Planes*64:]
	d = tile.Half(binary.LittleEndian.Uint16(scales[2*row:]))
	if w.OffsetBy != 0 {
		return code, d, float32(w.OffsetBy * d)
	}
	return code, d, tile.Half(binary.LittleEndian.Uint16(scales[32+2*row:]))
}

// eachShape calls f for matrices of every number of planes, offset and kind of scale.
func eachShape(t *testing.T, f func(t *testing.T, r *rand.Rand, w *Weights)) {
	for planes := 1; planes <= 8; planes++ {
		for _, offsetBy := range []float32{0, 8, 16, 128} {
			for _, kind := range scaleKinds {
				t.Run(fmt.Sprintf("planes=%d/offset=%v/scales=%s", planes, offsetBy, kind.name),
					func(t *testing.T) {
						r := rand.New(rand.NewPCG(uint64(planes), uint64(offsetBy)))
						for _, pattern := range patterns {
							f(t, r, randomWeights(r, 1+r.IntN(40), groupCols*(1+r.IntN(3)), planes, offsetBy, kind,
								pattern))
						}
					})
			}
		}
	}
}

func TestDequantizeRowEqualsTheLayout(t *testing.T) {
	eachShape(t, func(t *testing.T, _ *rand.Rand, w *Weights) {
		got := make([]float32, w.Cols+1)
		for row := range w.Rows {
			got[w.Cols] = 12345
			w.DequantizeRow(got[:w.Cols:w.Cols], row)
			for col := range w.Cols {
				code, d, n := decode(w, row, col)
				if want := float32(d*float32(code)) - n; math.Float32bits(got[col]) != math.Float32bits(want) {
					t.Fatalf("row %d, column %d: %v, want %v", row, col, got[col], want)
				}
			}
			if got[w.Cols] != 12345 {
				t.Fatal("wrote past the row")
			}
		}
	})
}

func TestSumsOfCodesEqualTheLayout(t *testing.T) {
	eachShape(t, func(t *testing.T, _ *rand.Rand, w *Weights) {
		w.Prepare(PopcountKernel)
		for row := range w.Rows {
			for g := range w.Groups() {
				want := 0
				for col := range groupCols {
					code, _, _ := decode(w, row, g*groupCols+col)
					want += code
				}
				got := (*w.codeSums.Load())[(row/tileRows*w.Groups()+g)*tileRows+row%tileRows]
				if int(got) != want {
					t.Fatalf("row %d, group %d: %d, want %d", row, g, got, want)
				}
			}
		}
		before := w.codeSums.Load()
		if w.Prepare(PopcountKernel); w.codeSums.Load() != before {
			t.Fatal("counted a second time")
		}
	})
}

// TestPrepareBesideProducts prepares one matrix from several goroutines for every kernel, while
// others multiply with it: each product is right or refused, and what was made is made once.
func TestPrepareBesideProducts(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 14))
	w := NewWeights(randomWeights(r, 80, 96, outputPlanes, 128, scaleKinds[1], patterns[0]).Matrix)
	want := make([]float32, w.Rows)
	Unrolled(want, w, randomSpikes(t, rand.New(rand.NewPCG(1, 2)), w.Cols, 1, 1))
	var group sync.WaitGroup
	for range 4 {
		s, y := randomSpikes(t, rand.New(rand.NewPCG(1, 2)), w.Cols, 1, 1), make([]float32, w.Rows)
		group.Go(func() {
			for range 20 {
				for k, ready := range [...]bool{true, w.codeSums.Load() != nil, w.unpacked.Load() != nil} {
					if ready {
						if Kernel(k).Product([][]float32{y}, w, []*Spikes{s}); !sameBits(y, want) {
							t.Errorf("kernel %d: another product beside a preparation", k)
						}
					}
				}
				w.ResidualBounded(s)
				runtime.Gosched()
			}
		})
	}
	var made [4]*rowDistances
	for i := range made {
		group.Go(func() {
			for k := range BatchDotKernel + 1 {
				w.Prepare(k)
			}
			w.PrepareBounds()
			made[i] = w.rows.Load()
		})
	}
	group.Wait()
	for _, m := range made {
		if m == nil || m != made[0] {
			t.Fatal("not made once")
		}
	}
}

// TestProductsOfBatches: a batch of any number of tokens, of equal and mixed T, gives each token
// what it gives alone.
func TestProductsOfBatches(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	for _, shape := range []struct {
		rows, cols, planes int
		offsetBy           float32
		kind               scaleKind
	}{
		{48, 96, 4, 0, scaleKinds[1]}, {17, 64, 4, 0, scaleKinds[0]}, {33, 32, 8, 128, scaleKinds[2]},
		{15, 64, 5, 16, scaleKinds[2]},
	} {
		w := randomWeights(r, shape.rows, shape.cols, shape.planes, shape.offsetBy, shape.kind,
			patterns[0])
		for _, steps := range []int{0, 1, 2, 4} {
			for n := 1; n <= 37; n += 1 + n/6 {
				ss, want, got := make([]*Spikes, n), make([][]float32, n), make([][]float32, n)
				for i := range ss {
					scale := 1.0
					if i%11 == 10 {
						scale = 1e6 // wide
					}
					ss[i] = randomSpikes(t, r, shape.cols, steps, scale)
					want[i], got[i] = make([]float32, shape.rows),
						slices.Repeat([]float32{12345}, shape.rows+tileRows)
					Unrolled(want[i], w, ss[i])
				}
				for _, k := range []Kernel{LookupKernel, PopcountKernel, DotKernel, BatchDotKernel} {
					ys := make([][]float32, n)
					for i := range ys {
						ys[i] = got[i][:shape.rows:shape.rows]
					}
					k.Product(ys, w, ss)
					for i := range ys {
						if !sameBits(ys[i], want[i]) {
							t.Fatalf("kernel %d, %d x %d, T=%d, token %d of %d differs from time-unrolled spikes", k,
								shape.rows, shape.cols, steps, i, n)
						}
						for _, v := range got[i][shape.rows:] {
							if v != 12345 {
								t.Fatalf("kernel %d, token %d of %d: wrote past the destination", k, i, n)
							}
						}
					}
				}
			}
		}
	}
}
