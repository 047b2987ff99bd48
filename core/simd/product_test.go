package simd

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/spikechat/spikechat/core/tile"
)

// scaleKind is a population of float16 scales.
type scaleKind struct {
	name   string
	normal bool
	half   func(r *rand.Rand) uint16
}

var scaleKinds = []scaleKind{
	{"normal", true, func(r *rand.Rand) uint16 {
		if r.IntN(16) == 0 {
			return 0
		}
		return uint16(r.IntN(0x7c00-0x400) + 0x400)
	}},
	{"usual", true, func(r *rand.Rand) uint16 { return uint16(0x2000 + r.IntN(0x800)) }},
	{"signed", false, func(r *rand.Rand) uint16 { return uint16(r.IntN(0x7c00) | r.IntN(2)<<15) }},
	{"subnormal", false, func(r *rand.Rand) uint16 { return uint16(r.IntN(0x400) | r.IntN(2)<<15) }},
}

// randomWeights fills a matrix with planes of the given byte pattern and scales of a kind.
func randomWeights(r *rand.Rand, rows, cols, planes int, offsetBy float32, kind scaleKind,
	pattern func(*rand.Rand) byte) *Weights {
	m := tile.NewMatrix(rows, cols, planes, offsetBy)
	m.NormalScales = kind.normal
	w := NewWeights(m)
	for at := 0; at < len(w.Data); at += w.BlockBytes() {
		block := w.Data[at:][:w.BlockBytes()]
		for i := range planes * planeBytes {
			block[i] = pattern(r)
		}
		for i := planes * planeBytes; i < len(block); i += 2 {
			binary.LittleEndian.PutUint16(block[i:], kind.half(r))
		}
	}
	w.Prepare(PopcountKernel)
	w.Prepare(DotKernel)
	return w
}

var patterns = []func(*rand.Rand) byte{
	func(r *rand.Rand) byte { return byte(r.Uint32()) },
	func(*rand.Rand) byte { return 0 },
	func(*rand.Rand) byte { return 0xff },
	func(r *rand.Rand) byte { return 1 << r.IntN(8) },
}

// randomSpikes encodes activations of the given scale; steps 0 draws T for each group.
func randomSpikes(t testing.TB, r *rand.Rand, cols, steps int, scale float64) *Spikes {
	s := NewSpikes(cols)
	x, ts := make([]float32, cols), make([]uint8, cols/groupCols)
	for i := range x {
		x[i] = float32(r.NormFloat64() * scale)
		if r.IntN(64) == 0 {
			x[i] *= 30
		}
	}
	// Inputs of one sign and sparse ones reach the kernels that sum no lookups, or all, in a byte.
	switch r.IntN(4) {
	case 0:
		for i := range x {
			x[i] = float32(math.Abs(float64(x[i]))) + float32(3*scale)
		}
	case 1:
		for i := range x {
			if i%groupCols > 3 {
				x[i] = 0
			}
		}
	}
	for g := range ts {
		ts[g] = uint8(steps)
		if steps == 0 {
			ts[g] = uint8(1 + r.IntN(MaxSteps))
		}
		if r.IntN(20) == 0 {
			clear(x[g*groupCols:][:groupCols])
		}
	}
	if !s.Encode(x, ts) {
		t.Fatal("finite activations were refused")
	}
	s.Prepare(LookupKernel)
	s.Prepare(PopcountKernel)
	s.Prepare(DotKernel)
	s.Prepare(BatchDotKernel)
	return s
}

// products are all ways to compute y = W x; every one must give the bits of the first.
var products = []struct {
	name string
	run  func(y []float32, w *Weights, s *Spikes)
}{
	{"Unrolled", Unrolled},
	{"Rest", Rest},
	{"lookupGeneric", func(y []float32, w *Weights, s *Spikes) { lookupGeneric(y, w.Matrix, s, 0) }},
	{"popcountGeneric", func(y []float32, w *Weights,
		s *Spikes) {
		popcountGeneric(y, w.Matrix, w.codeSums.Load(), s, 0)
	}},
	{"dotCodesGeneric", func(y []float32, w *Weights,
		s *Spikes) {
		dotCodesGeneric(y, w.Matrix, w.unpacked.Load(), s, 0)
	}},
	{"batchDotGeneric", func(y []float32, w *Weights, s *Spikes) {
		batchDotGeneric(y, w.Matrix, s, 0)
	}},
	{"BatchDotKernel", func(y []float32, w *Weights, s *Spikes) {
		BatchDotKernel.Product([][]float32{y}, w, []*Spikes{s})
	}},
	{"Lookup", Lookup},
	{"Popcount", Popcount},
	{"DotCodes", DotCodes},
}

func compareProducts(t *testing.T, w *Weights, s *Spikes) {
	t.Helper()
	const canary = 12345
	want := make([]float32, w.Rows)
	products[0].run(want, w, s)
	for _, p := range products[1:] {
		got := make([]float32, w.Rows+tileRows)
		for i := range got {
			got[i] = canary
		}
		p.run(got[:w.Rows:w.Rows], w, s)
		for r := range want {
			if math.Float32bits(got[r]) != math.Float32bits(want[r]) {
				t.Fatalf("%s: %dx%d P=%d offset %v normal scales %v wide %v: row %d is %v, "+
					"time-unrolled spikes give %v", p.name, w.Rows, w.Cols, w.Planes, w.OffsetBy,
					w.NormalScales, s.wide, r, got[r], want[r])
			}
		}
		for r := w.Rows; r < len(got); r++ {
			if got[r] != canary {
				t.Fatalf("%s wrote past the destination at %d", p.name, r)
			}
		}
	}
}

// TestProductsEqual is SpikeLLM's claim as a property: time-unrolled spikes, spikes from rest alone
// and both merged kernels, reference and vector code, compute the same product bit for bit.
func TestProductsEqual(t *testing.T) {
	for planes := 1; planes <= 8; planes++ {
		for _, offsetBy := range []float32{0, 0.5, 1, 2, 3, 4, 7, 8, 128} {
			for _, kind := range scaleKinds {
				t.Run(fmt.Sprintf("planes=%d/offset=%v/scales=%s", planes, offsetBy, kind.name),
					func(t *testing.T) {
						r := rand.New(rand.NewPCG(uint64(planes), uint64(offsetBy)))
						for _, pattern := range patterns {
							for _, rows := range []int{1, 15, 16, 17, 32, 33, 48, 65, 112} {
								cols := groupCols * (1 + r.IntN(4))
								w := randomWeights(r, rows, cols, planes, offsetBy, kind, pattern)
								for _, scale := range []float64{1, 1e-12, 3e4} {
									compareProducts(t, w, randomSpikes(t, r, cols, r.IntN(MaxSteps+1), scale))
								}
							}
						}
					})
			}
		}
	}
}

// TestTernaryProducts: weights whose steps are run one by one, as those of the input are, give the
// bits of every product of their merged codes.
func TestTernaryProducts(t *testing.T) {
	r := rand.New(rand.NewPCG(21, 22))
	for steps := 1; steps <= tile.MaxTernarySteps; steps++ {
		for _, rows := range []int{1, 16, 47, 48, 65} {
			cols := groupCols * (1 + r.IntN(3))
			m := tile.NewMatrix(rows, cols, tile.TernaryPlanes(steps), float32(steps))
			m.NormalScales = true
			for row := range rows {
				for g := range m.Groups() {
					var codes [groupCols]uint8
					for i := range codes {
						codes[i] = uint8(r.IntN(2*steps + 1))
					}
					m.SetGroup(row, g, &codes, scaleKinds[row%2].half(r), 0)
				}
			}
			w := NewWeights(m)
			w.Prepare(PopcountKernel)
			w.Prepare(DotKernel)
			for _, scale := range []float64{1, 3e4} {
				s := randomSpikes(t, r, cols, r.IntN(MaxSteps+1), scale)
				want, got := make([]float32, rows), make([]float32, rows)
				UnrolledTernary(want, w, s)
				Unrolled(got, w, s)
				if !sameBits(got, want) {
					t.Fatalf("T=%d, %d rows: %v, steps of weights give %v", steps, rows, got, want)
				}
				compareProducts(t, w, s)
			}
		}
	}
}

// TestInputsReachEveryKernel makes sure that the random inputs of this file lead to every way of
// summing lookups.
func TestInputsReachEveryKernel(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	seen, fired := map[int]int{}, map[int]int{}
	for range 200 {
		s := randomSpikes(t, r, 64, 4, 1)
		seen[s.lookup.together]++
		fired[randomSpikes(t, r, 64, 0, 1).popcount.fired]++
	}
	for n := 4; n <= codePlanes; n++ {
		if fired[n] == 0 {
			t.Errorf("no input has %d spike planes: %v", n, fired)
		}
	}
	for _, n := range []int{1, 2, 4, 8} {
		if seen[n] == 0 {
			t.Errorf("no input lets %d lookups be summed in a byte: %v", n, seen)
		}
	}
}

// TestProductsAtTheirLimits drives every sum to its largest size: all codes at the top or the
// bottom of their range.
func TestProductsAtTheirLimits(t *testing.T) {
	r := rand.New(rand.NewPCG(15, 16))
	for planes := 1; planes <= 8; planes++ {
		for _, kind := range scaleKinds[1:3] {
			w := randomWeights(r, 64, groupCols, planes, 0, kind, patterns[2])
			for steps := uint8(1); steps <= MaxSteps; steps++ {
				for _, v := range []float32{1, -1, 0} {
					s := NewSpikes(groupCols)
					x := slices.Repeat([]float32{v}, groupCols)
					x[7] = -v
					if !s.Encode(x, []uint8{steps}) {
						t.Fatal("finite activations were refused")
					}
					for k := range BatchDotKernel + 1 {
						s.Prepare(k)
					}
					compareProducts(t, w, s)
					x[7] = v
					s.Encode(x, []uint8{steps})
					for k := range BatchDotKernel + 1 {
						s.Prepare(k)
					}
					compareProducts(t, w, s)
				}
			}
		}
	}
}

// TestBatchesEqualSingleTokens compares the product of a batch of tokens with that of each token
// alone.
func TestBatchesEqualSingleTokens(t *testing.T) {
	const canary = 12345
	r := rand.New(rand.NewPCG(13, 14))
	for _, shape := range []struct {
		planes   int
		offsetBy float32
	}{{4, 0}, {8, 0}, {2, 1}, {3, 2}, {3, 3}, {4, 7}, {3, 0.5}, {1, 1}, {5, 3}} {
		planes := shape.planes
		for _, kind := range scaleKinds {
			for tokens := 1; tokens <= 35; tokens += 1 + tokens/6 {
				rows, cols := 1+r.IntN(60), groupCols*(1+r.IntN(3))
				w := randomWeights(r, rows, cols, planes, shape.offsetBy, kind, patterns[0])
				steps := r.IntN(MaxSteps + 1)
				ss, ys := make([]*Spikes, tokens), make([][]float32, tokens)
				for i := range ss {
					// After each output is something that no kernel may touch.
					ss[i], ys[i] = randomSpikes(t, r, cols, steps, 1),
						slices.Repeat([]float32{canary}, rows+tileRows)[:rows]
				}
				for kernel := range BatchDotKernel + 1 {
					kernel.Product(ys, w, ss)
					want := make([]float32, rows)
					for i, s := range ss {
						Unrolled(want, w, s)
						if !sameBits(ys[i], want) {
							t.Fatalf("kernel %d, P=%d, %s scales: token %d of %d differs", kernel, planes, kind.name,
								i, tokens)
						}
						for _, v := range ys[i][rows : rows+tileRows] {
							if v != canary {
								t.Fatalf("kernel %d: token %d of %d wrote after its output", kernel, i, tokens)
							}
						}
					}
				}
			}
		}
	}
}

// TestProductsExact holds the products against a float64 sum of the dequantised weights and the
// coded activations.
func TestProductsExact(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	w := randomWeights(r, 32, 96, 4, 0, scaleKinds[1], patterns[0])
	s := randomSpikes(t, r, 96, 4, 1)
	y, row := make([]float32, w.Rows), make([]float32, w.Cols)
	Lookup(y, w, s)
	for i := range y {
		w.DequantizeRow(row, i)
		want, size := 0.0, 0.0
		for j, v := range row {
			g := j / groupCols
			term := float64(v) * float64(s.Threshold[g]) * float64(int(s.Code[j])-int(s.Rest[g]))
			want += term
			size += math.Abs(term)
		}
		if math.Abs(float64(y[i])-want) > 1e-5*size {
			t.Errorf("row %d: %v, want %v", i, y[i], want)
		}
	}
}

func TestFireSumsToThePotential(t *testing.T) {
	for steps := 1; steps <= MaxSteps; steps++ {
		for q := 0; q <= StepLevels*steps; q++ {
			sum, v := 0, uint8(q)
			for range steps {
				var spike uint8
				spike, v = Fire(v)
				sum += int(spike)
			}
			if sum != q || v != 0 {
				t.Errorf("T=%d: potential %d fires %d in all and keeps %d", steps, q, sum, v)
			}
		}
	}
}

func TestEncodeEqualsReference(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for i := range 20000 {
		steps := 1 + i%MaxSteps
		x := make([]float32, groupCols)
		scale := math.Pow(10, float64(r.IntN(60)-30))
		for j := range x {
			switch r.IntN(8) {
			case 0:
				x[j] = 0
			case 1:
				x[j] = float32(math.Copysign(0, -1))
			case 2:
				x[j] = float32(r.IntN(64)-32) * float32(scale)
			default:
				x[j] = float32(r.NormFloat64() * scale)
			}
		}
		got, want := NewSpikes(groupCols), NewSpikes(groupCols)
		if a, b := encode(got, x, 0, steps), encodeGeneric(want, x, 0, steps); a != b {
			t.Fatalf("finite: %v, reference %v for %v", a, b, x)
		}
		if a, b := tables(got, 0), tablesGeneric(want, 0); a != b ||
			got.lookup.excess[0] != want.lookup.excess[0] {
			t.Fatalf("%d lookups fit a byte, excess %d; reference %d and %d for %v", a,
				got.lookup.excess[0], b, want.lookup.excess[0], x)
		}
		if !bytes.Equal(got.Code, want.Code) || got.Rest[0] != want.Rest[0] ||
			got.Threshold[0] != want.Threshold[0] ||
			got.GroupSum[0] != want.GroupSum[0] || !bytes.Equal(got.lookup.sums, want.lookup.sums) {
			t.Fatalf("codes differ for %v:\n got %v\nwant %v", x, got, want)
		}
	}
}

func TestEncodeRefusesWhatIsNotFinite(t *testing.T) {
	inf, nan := float32(math.Inf(1)), float32(math.NaN())
	for _, bad := range [][2]float32{{inf, 0}, {-inf, 0}, {nan, 0},
		{math.MaxFloat32, -math.MaxFloat32}} {
		for at := range groupCols {
			x := make([]float32, groupCols)
			x[at], x[(at+5)%groupCols] = bad[0], bad[1]
			s := NewSpikes(groupCols)
			if encode(s, x, 0, 4) || encodeGeneric(s, x, 0, 4) {
				t.Fatalf("%v at %d was coded", bad, at)
			}
		}
	}
}

// TestStreams: every tile is computed, and no two streams are at the same one in a step.
func TestStreams(t *testing.T) {
	for tiles := streamed; tiles < 200; tiles++ {
		steps, second, third := streams(tiles)
		done := make([]bool, tiles)
		for tile := range steps {
			for _, first := range []int{0, second, third} {
				done[first+tile] = true
			}
		}
		if second == 0 || second == third || slices.Contains(done, false) || 3*steps > tiles+2 {
			t.Fatalf("%d tiles: %d steps from 0, %d and %d", tiles, steps, second, third)
		}
	}
}
