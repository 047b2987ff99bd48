package simd

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/spikechat/spikechat/core/tile"
)

// The shapes of SmolLM2-135M's layers.
var shapes = [][2]int{{576, 576}, {1536, 576}, {576, 1536}}

func BenchmarkProduct(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	for _, shape := range shapes {
		w := randomWeights(r, shape[0], shape[1], 4, 0, scaleKinds[1], patterns[0])
		s := randomSpikes(b, r, shape[1], 4, 1)
		y := make([]float32, w.Rows)
		for _, p := range products {
			b.Run(fmt.Sprintf("impl=%s/rows=%d/cols=%d", p.name, shape[0], shape[1]), func(b *testing.B) {
				b.SetBytes(int64(len(w.Data)))
				for b.Loop() {
					p.run(y, w, s)
				}
				b.ReportMetric(float64(w.Rows*w.Cols)*float64(b.N)/float64(b.Elapsed().Nanoseconds()), "GMAC/s")
			})
		}
	}
}

func BenchmarkEncode(b *testing.B) {
	x, s := randomFloats(rand.New(rand.NewPCG(1, 1)), 576, 1), NewSpikes(576)
	steps := make([]uint8, 18)
	for i := range steps {
		steps[i] = 4
	}
	for b.Loop() {
		s.Encode(x, steps)
		s.Prepare(LookupKernel)
	}
}

// BenchmarkAttend lets three heads look back over 2,000 positions, as one of the 90 key and value
// heads of SmolLM2-135M does for a token; about 40 % of the values count.
func BenchmarkAttend(b *testing.B) { benchmarkAttend(b, 3, 64, 2000) }

// BenchmarkAttendTwo is the same of two heads at 256 positions, as one of the 224 key and value
// heads of Qwen3-0.6B has them; others have one, four or seven.
func BenchmarkAttendTwo(b *testing.B) {
	for _, heads := range []int{1, 2, 4, 7} {
		b.Run(fmt.Sprintf("heads=%d", heads), func(b *testing.B) {
			benchmarkAttend(b, heads, 128, 256)
		})
	}
}

func benchmarkAttend(b *testing.B, heads, dim, positions int) {
	r := rand.New(rand.NewPCG(1, 1))
	a := NewAttention(heads, dim, positions)
	keys, thresholds := kept(r, positions, dim)
	q, out, scores := randomFloats(r, heads*dim, 1), make([]float32, heads*dim),
		make([]float32, len(a.scores))
	for i := range scores[:heads*positions] {
		scores[i] = float32(3.05 * r.NormFloat64())
	}
	b.Run("part=scores", func(b *testing.B) {
		for b.Loop() {
			a.Score(q, [][]int8{keys}, thresholds, positions, 0.125)
		}
	})
	b.Run("part=values", func(b *testing.B) {
		n := 0
		for b.Loop() {
			copy(a.scores, scores)
			listed, _ := a.Values(out, [][]int8{keys}, thresholds, positions)
			n = len(listed)
		}
		b.ReportMetric(float64(n)/float64(positions), "listed")
	})
}

// BenchmarkOutput is the output: 49,152 rows of 8 planes with derived offsets. LookupTile computes
// all of it tile by tile, as a search computes some of it.
func BenchmarkOutput(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	w, s := randomWeights(r, 49152, 576, 8, 128, scaleKinds[1], patterns[0]), usualSpikes(b, r, 576)
	w.PrepareBounds()
	second := randomSpikes(b, r, 576, 1, 1)
	y, bounds, above := make([]float32, w.Rows), make([]float32, w.Tiles()),
		make([]float32, BoundTiles(w.Rows))
	for _, c := range []struct {
		name string
		run  func()
	}{
		{"Lookup", func() { Lookup(y, w, s) }},
		{"LookupTile", func() {
			for tile := range w.Tiles() {
				LookupTile(y[tile*tileRows:][:tileRows], w, s, tile)
			}
		}},
		{"UpperBounds", func() { UpperBounds(bounds, w, s) }},
		{"ResidualBounds", func() { ResidualBounds(above, w, second) }},
		{"measureRows", func() { w.measureRows() }},
		{"Popcount", func() { Popcount(y, w, s) }},
		{"DotCodes", func() { DotCodes(y, w, s) }},
	} {
		b.Run("impl="+c.name, func(b *testing.B) {
			for b.Loop() {
				c.run()
			}
		})
	}
}

// usualSpikes are like the output's input in a chat: T=4, and the lookups of 8 columns fit a byte.
func usualSpikes(b *testing.B, r *rand.Rand, cols int) *Spikes {
	for {
		if s := randomSpikes(b, r, cols, 4, 1); s.lookup.together == 2 {
			return s
		}
	}
}

// BenchmarkBody walks the weights of a whole SmolLM2-135M body, as one token does: 106 million
// weights, 66 MB.
func BenchmarkBody(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	layers := bodyWeights(r)
	y := make([]float32, 3072)
	for steps := 1; steps <= MaxSteps; steps *= 2 {
		inputs := map[int]*Spikes{576: randomSpikes(b, r, 576, steps, 1),
			1536: randomSpikes(b, r, 1536, steps, 1)}
		for _, p := range products[len(products)-3:] {
			b.Run(fmt.Sprintf("impl=%s/steps=%d", p.name, steps), func(b *testing.B) {
				for b.Loop() {
					for _, w := range layers {
						p.run(y[:w.Rows], w, inputs[w.Cols])
					}
				}
			})
		}
	}
}

// BenchmarkTypes is a matrix of the layers in types that files have.
func BenchmarkTypes(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	const rows, cols = 2560, 960
	s, y := usualSpikes(b, r, cols), make([]float32, rows)
	for _, t := range []struct {
		name     string
		planes   int
		offsetBy float32
		kind     scaleKind
	}{
		{"Q4_1", 4, 0, scaleKinds[1]}, {"Q4_0", 4, 8, scaleKinds[2]},
		{"Q5_0", 5, 16, scaleKinds[2]}, {"Q8_0", 8, 128, scaleKinds[1]},
	} {
		w := randomWeights(r, rows, cols, t.planes, t.offsetBy, t.kind, patterns[0])
		b.Run("type="+t.name, func(b *testing.B) {
			for b.Loop() {
				Lookup(y, w, s)
			}
			b.ReportMetric(rows*cols*float64(b.N)/float64(b.Elapsed().Nanoseconds()), "GMAC/s")
		})
	}
}

// BenchmarkTernaryBody is BenchmarkBody at T=4 with layers of ternary spikes, beside Q4_1's.
func BenchmarkTernaryBody(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	y := make([]float32, 3072)
	inputs := map[int]*Spikes{576: usualSpikes(b, r, 576), 1536: usualSpikes(b, r, 1536)}
	for _, steps := range []int{0, 1, 2, 7} {
		planes, weights := 4, "Q4_1"
		if steps > 0 {
			planes, weights = tile.TernaryPlanes(steps), fmt.Sprint("T", steps)
		}
		var layers []*Weights
		bytes := 0
		for _, w := range bodyWeights(r) {
			w = randomWeights(r, w.Rows, w.Cols, planes, float32(steps), scaleKinds[1], patterns[0])
			layers, bytes = append(layers, w), bytes+len(w.Data)
		}
		for _, p := range products[len(products)-3 : len(products)-1] {
			b.Run(fmt.Sprintf("impl=%s/weights=%s", p.name, weights), func(b *testing.B) {
				b.SetBytes(int64(bytes))
				for b.Loop() {
					for _, w := range layers {
						p.run(y[:w.Rows], w, inputs[w.Cols])
					}
				}
			})
		}
	}
}

// BenchmarkBatch is the body for a batch of tokens: what a prompt takes for each.
func BenchmarkBatch(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	layers := bodyWeights(r)
	for _, n := range []int{2, PromptBatch, DotBatch} {
		inputs, ys := map[int][]*Spikes{}, make([][]float32, n)
		for t := range ys {
			ys[t] = make([]float32, 3072)
			inputs[576] = append(inputs[576], usualSpikes(b, r, 576))
			inputs[1536] = append(inputs[1536], usualSpikes(b, r, 1536))
		}
		for _, k := range []Kernel{LookupKernel, BatchDotKernel} {
			b.Run(fmt.Sprintf("kernel=%d/tokens=%d", k, n), func(b *testing.B) {
				outs := make([][]float32, n)
				for b.Loop() {
					for _, w := range layers {
						for t := range outs {
							outs[t] = ys[t][:w.Rows]
						}
						k.Product(outs, w, inputs[w.Cols])
					}
				}
				b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*n)/1000, "ms/token")
			})
		}
	}
}

// bodyWeights are those of a whole SmolLM2-135M body.
func bodyWeights(r *rand.Rand) (layers []*Weights) {
	for range 30 {
		for _, shape := range [][2]int{{960, 576}, {576, 576}, {3072, 576}, {576, 1536}} {
			layers = append(layers, randomWeights(r, shape[0], shape[1], 4, 0, scaleKinds[1], patterns[0]))
		}
	}
	return layers
}
