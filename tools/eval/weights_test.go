package main

import (
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/spikechat/spikechat/core/simd"
	"github.com/spikechat/spikechat/core/tile"
	"github.com/spikechat/spikechat/tools/internal/quantised"
	"github.com/spikechat/spikechat/tools/pack/gptq"
	"github.com/spikechat/spikechat/tools/pack/packer"
	"github.com/spikechat/spikechat/tools/pack/ternary"
)

// randomLinear draws weights and an input whose columns differ.
func randomLinear(r *rand.Rand, rows, cols int) *gptq.Linear {
	w, x := make([][]float64, rows), make([][]float32, 2*cols)
	for i := range w {
		w[i] = make([]float64, cols)
		for j := range w[i] {
			w[i][j] = 0.05 * r.NormFloat64()
		}
	}
	for t := range x {
		x[t] = make([]float32, cols)
		for c := range x[t] {
			x[t][c] = float32(r.NormFloat64() * float64(1+c%7))
		}
	}
	h := gptq.Hessian(x, 1)
	f, err := gptq.Factor(h, 0.01, nil)
	return &gptq.Linear{W: w, Hessian: h, Workers: 1,
		Factor: func([]int) (*gptq.Factored, error) { return f, err }}
}

// dequantised gives a matrix's weights.
func dequantised(m *tile.Matrix) [][]float64 { return gptq.Weights(m) }

// In PB-LLM a tenth of the weights is salient, and the others of a group have one magnitude.
func TestPBLLM(t *testing.T) {
	l := randomLinear(rand.New(rand.NewPCG(1, 1)), 24, 96)
	f, _ := l.Factor(nil)
	salient := salientWeights(l.W, f.Inverse, salientShare)
	m, err := pbLLM().Method(l)
	if err != nil {
		t.Fatal(err)
	}
	marked := 0
	for r, row := range dequantised(m) {
		for g := range 3 {
			magnitude := 0.0
			for c := 32 * g; c < 32*g+32; c++ {
				if salient[r][c] {
					marked++
					continue
				}
				if magnitude == 0 {
					magnitude = math.Abs(row[c])
				}
				if math.Abs(row[c]) != magnitude || magnitude == 0 {
					t.Fatalf("row %d, group %d: magnitudes %v and %v", r, g, magnitude, math.Abs(row[c]))
				}
			}
		}
	}
	if share := float64(marked) / (24 * 96); math.Abs(share-salientShare) > 0.001 {
		t.Errorf("%v of the weights are salient", share)
	}
	checkBetter(t, "PB-LLM", l, m, 1)
}

// In BiLLM a row has at most four magnitudes for each block of 128 columns.
func TestBiLLM(t *testing.T) {
	l := randomLinear(rand.New(rand.NewPCG(2, 2)), 20, 160)
	m, err := biLLM().Method(l)
	if err != nil {
		t.Fatal(err)
	}
	for r, row := range dequantised(m) {
		for first := 0; first < len(row); first += billmBlock {
			magnitudes := map[string]bool{}
			for _, v := range row[first:min(first+billmBlock, len(row))] {
				magnitudes[fmt.Sprintf("%.3g", math.Abs(v))] = true
			}
			if len(magnitudes) > 4 {
				t.Errorf("row %d, block from %d: magnitudes %v", r, first, magnitudes)
			}
		}
	}
	checkBetter(t, "BiLLM", l, m, 1)
}

// checkBetter wants what a method made of weights, which it overwrote, to have a smaller loss than
// T steps rounded to nearest have.
func checkBetter(t *testing.T, name string, l *gptq.Linear, m *tile.Matrix, steps int) {
	t.Helper()
	// The seed's weights again: Quantise has overwritten them.
	seed := map[string]uint64{"PB-LLM": 1, "BiLLM": 2}[name]
	w := randomLinear(rand.New(rand.NewPCG(seed, seed)), len(l.W), len(l.W[0])).W
	loss := func(q [][]float64) (sum float64) {
		for r := range w {
			e := make([]float64, len(w[r]))
			for c := range e {
				e[c] = w[r][c] - q[r][c]
			}
			sum += gptq.Loss(e, l.Hessian)
		}
		return sum
	}
	got, nearest := loss(dequantised(m)), loss(dequantised(ternary.Nearest(w, steps).Tile()))
	if got >= nearest {
		t.Errorf("%s: a loss of %v, T=%d to nearest has %v", name, got, steps, nearest)
	}
}

// The best border of two parts is that of a search over all.
func TestBiLLMSplit(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	for range 50 {
		v := make([]float64, 2+r.IntN(30))
		for i := range v {
			v[i] = math.Abs(r.NormFloat64())
		}
		var b blockScales
		b.split(v)
		least := math.Inf(1)
		for i := 0; i < len(v); i++ { // sorted now
			e := 0.0
			for j, x := range v {
				d := x - mean(v[:i])
				if j >= i {
					d = x - mean(v[i:])
				}
				e += d * d
			}
			least = min(least, e)
		}
		e := 0.0
		for _, x := range v {
			d := x - b.small
			if x >= b.border {
				d = x - b.large
			}
			e += d * d
		}
		if e > least+1e-12 {
			t.Errorf("%d values: an error of %v, the least is %v", len(v), e, least)
		}
	}
}

// TestTernaryOperations compares with additions and subtractions that are run one by one.
func TestTernaryOperations(t *testing.T) {
	source, err := quantised.Open(tinyFolder)
	if err != nil {
		t.Fatal(err)
	}
	made, err := source.Make(quantised.Job{Folder: t.TempDir(), Workers: 1, Progress: io.Discard},
		wayOf(gptq.Recipe{Steps: 3, Nearest: true}))
	if err != nil {
		t.Fatal(err)
	}
	m := tinyMeasurement(t)
	if m.model, err = source.Model(made); err != nil {
		t.Fatal(err)
	}
	m.model.Prepare(m.kernel)
	m.other, m.workers = true, 2
	m.ternary = &ternaryTally{steps: 4}
	result := measure(t, m)
	got, err := m.ternary.operations(&m.model.Config, made.Matrices, result.Tokens)
	if err != nil {
		t.Fatal(err)
	}
	// Every weight as its spikes, every neuron as its spikes: of the same inputs.
	var want operations
	again := m
	again.workers, again.ternary = 1, &ternaryTally{steps: 4}
	measure(t, again)
	for l := range m.model.Config.Layers {
		for p, names := range gptq.Linears() {
			for _, name := range names {
				matrix, err := ternary.FromTile(made.Matrices[fmt.Sprintf("blk.%d.%s", l, name)])
				if err != nil {
					t.Fatal(err)
				}
				c := again.ternary.counters[0]
				for i, q := range matrix.Codes {
					v, j := int(q)-matrix.Steps, i%matrix.Cols
					for range matrix.Steps {
						var spike int
						spike, v = ternary.Fire(v)
						above, below := float64(c.above[l*4+p][j]), float64(c.below[l*4+p][j])
						switch spike {
						case 1:
							want.Adds, want.Subtracts = want.Adds+above, want.Subtracts+below
						case -1:
							want.Adds, want.Subtracts = want.Adds+below, want.Subtracts+above
						}
						want.WeightSpikes += math.Abs(float64(spike))
					}
				}
			}
		}
	}
	want.Adds /= float64(result.Tokens)
	want.Subtracts /= float64(result.Tokens)
	if got != want || got.Adds == 0 || got.Subtracts == 0 {
		t.Errorf("%+v, one by one %+v", got, want)
	}
	// The neurons' spikes are those that the engine counts.
	spikes := 0.0
	for _, c := range m.ternary.counters {
		for i := range c.above {
			for j := range c.above[i] {
				spikes += float64(c.above[i][j] + c.below[i][j])
			}
		}
	}
	if spikes/float64(result.Tokens) != result.Spikes.Spikes {
		t.Errorf("%v spikes a token, the engine has %v", spikes/float64(result.Tokens),
			result.Spikes.Spikes)
	}
}

func wayOf(r gptq.Recipe) quantised.Way {
	return quantised.Way{Name: r.String(), Bits: r.Bits(), Method: r.Method(),
		Calibrated: !r.Nearest}
}

// TestWeightRows: every row has a way of its own, and its recipe makes sense.
func TestWeightRows(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range weightRows() {
		if seen[r.wayName()] {
			t.Errorf("%s stands twice", r.wayName())
		}
		seen[r.wayName()] = true
		if r.way != nil && !(r.way.Bits > 1 && r.way.Bits < 5) {
			t.Errorf("%s: %v bits", r.wayName(), r.way.Bits)
		}
	}
}

// TestWeightTableGoesOn makes a table in one run, and another in two.
func TestWeightTableGoesOn(t *testing.T) {
	source, err := quantised.Open(tinyFolder)
	if err != nil {
		t.Fatal(err)
	}
	var rows []weightRow
	for _, r := range weightRows() {
		switch r.wayName() {
		case "exact", "gptq T=2", "gptq T=2 T=7 for 0.05 by saliency", pbLLM().Name, "billm":
			rows = append(rows, r)
		}
	}
	if len(rows) != 5 {
		t.Fatalf("%d rows", len(rows))
	}
	make := func(s settings) *weightTable {
		t.Helper()
		s.model = tinyFolder
		got, complete, err := runWeightTable(s, source, packer.CalibrationText[:2000],
			tinyMeasurement(t), rows, io.Discard)
		if err != nil || !complete {
			t.Fatal(complete, err)
		}
		for i := range got.Weights {
			for _, r := range []*result{got.Weights[i].Coded, got.Weights[i].Float} {
				if r != nil {
					r.Seconds = 0
				}
			}
		}
		return got
	}
	want := make(settings{table: filepath.Join(t.TempDir(), "t.json")})
	parts := filepath.Join(t.TempDir(), "t.json")
	first := make(settings{table: parts, match: "gptq T=2 T=7.*, T=4"})
	if first.Weights[0].Coded != nil || first.Weights[2].Coded == nil ||
		first.Weights[2].Float != nil {
		t.Errorf("one row was asked for: %+v", first.Weights)
	}
	if got := make(settings{table: parts}); !reflect.DeepEqual(got, want) {
		t.Errorf("in two runs %+v, in one %+v", got, want)
	}
	for i, l := range want.Weights {
		if exact := i == 0; exact != (l.Float.KL == 0) || l.Coded.KL <= 0 {
			t.Errorf("%s: KL %v of float activations, %v of coded ones", l.Way, l.Float.KL, l.Coded.KL)
		}
	}
	var text strings.Builder
	if err := want.writeMarkdown(&text); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(text.String(), "\n| "); n != len(rows)+2*4 {
		t.Errorf("%d lines of tables:\n%s", n, text.String())
	}
	if err := isTable(parts); err == nil {
		t.Error("a table of weights is taken for one of codings")
	}
}

// The spikes of a potential are those of its steps.
func TestBinarySpikes(t *testing.T) {
	for v := 0; v <= simd.MaxSteps*simd.StepLevels; v++ {
		want, left := int64(0), uint8(v)
		for range simd.MaxSteps {
			var graded uint8
			graded, left = simd.Fire(left)
			for ; graded > 0; graded &= graded - 1 {
				want++
			}
		}
		if got := binarySpikes(v); got != want {
			t.Errorf("a potential of %d: %d spikes, want %d", v, got, want)
		}
	}
}
