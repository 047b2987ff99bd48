package gptq

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"github.com/spikechat/spikechat/core"
	"github.com/spikechat/spikechat/core/coding"
	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/core/simd"
	"github.com/spikechat/spikechat/core/tile"
)

func openTiny(tb testing.TB) (*planes.Manifest, *planes.Reader) {
	tb.Helper()
	m, r, err := planes.Open(os.DirFS(filepath.Join("..", "..", "..", "models", "tiny")))
	if err != nil {
		tb.Fatal(err)
	}
	return m, r
}

// tinyTexts are some of different lengths.
func tinyTexts() (texts [][]int32) {
	for i, n := range []int{96, 41, 70} {
		text := make([]int32, n)
		for j := range text {
			text[j] = int32((j*j*7 + i*31 + j) % 325)
		}
		texts = append(texts, text)
	}
	return texts
}

// TestModelIsQuantisedWithWhatRuns walks the tiny model with a method that looks at what it is
// given: the Hessian of a layer must be that of its input in a model whose earlier layers, but no
// others, are the quantised ones.
func TestModelIsQuantisedWithWhatRuns(t *testing.T) {
	manifest, reader := openTiny(t)
	texts := tinyTexts()
	chat, err := core.ReadChat(manifest, reader)
	if err != nil {
		t.Fatal(err)
	}
	before := map[string]*tile.Matrix{}
	var names []string
	steps := Recipe{Steps: 2}.Method()
	method := func(l *Linear) (*tile.Matrix, error) {
		names = append(names, l.Name)
		model, err := core.NewModelWith(manifest, Replaced{reader, before}, chat, nil)
		if err != nil {
			t.Fatal(err)
		}
		layer, population := (len(names)-1)/7, []coding.Population{coding.QKV, coding.QKV,
			coding.QKV, coding.AttnOut, coding.GateUp, coding.GateUp, coding.Down}[(len(names)-1)%7]
		want := inputHessian(t, model, texts, layer, population)
		for i := range want {
			for j := i; j < len(want); j++ {
				got := l.Hessian.At(i, j)
				if math.Abs(got-want[i][j]) > 1e-4*math.Sqrt(want[i][i]*want[j][j])+1e-12 {
					t.Fatalf("%s: Hessian %d,%d is %v, want %v", l.Name, i, j, got, want[i][j])
				}
			}
		}
		m, err := steps(l)
		if err == nil {
			before[l.Name] = m
		}
		return m, err
	}
	o := Options{Texts: texts, Damping: 0.01, Workers: 2, Done: func(string, int, int) {}}
	got, err := Model(manifest, reader, method, o)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(names, Names(manifest.Config.Layers)) || len(got) != len(names) {
		t.Errorf("quantised %v", names)
	}
	o.Workers = 1
	again, err := Model(manifest, reader, steps, o)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, again) {
		t.Error("one worker makes other matrices than two")
	}
}

// inputHessian runs texts whole, and sums what the spikes of an input stand for.
func inputHessian(
	t *testing.T, model *core.Model, texts [][]int32, layer int, p coding.Population,
) [][]float64 {
	t.Helper()
	cols := model.Config.Neurons(p)
	sum, tokens := make([][]float64, cols), 0
	for i := range sum {
		sum[i] = make([]float64, cols)
	}
	model.Prepare(simd.LookupKernel)
	for _, text := range texts {
		s, err := core.NewState(model, len(text), 16)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.SetCoding(coding.Coding{Steps: 4, CacheSteps: 4}, simd.LookupKernel); err != nil {
			t.Fatal(err)
		}
		spikes, plan := simd.NewSpikes(cols), &simd.StepPlan{Group: slices.Repeat([]uint8{4},
			cols/tile.GroupCols)}
		s.Probe = &core.Probe{Input: func(l int, of coding.Population, xs [][]float32) {
			if l != layer || of != p {
				return
			}
			for _, x := range xs {
				spikes.EncodeAs(x, plan)
				k := make([]float64, cols)
				for j, q := range spikes.Code {
					g := j / tile.GroupCols
					k[j] = float64(spikes.Threshold[g]) * (float64(q) - float64(spikes.Rest[g]))
				}
				for i := range k {
					for j := range k {
						sum[i][j] += k[i] * k[j]
					}
				}
				tokens++
			}
		}}
		for at := 0; at < len(text); at += 16 {
			if err := s.Extend(text[at:min(at+16, len(text))]); err != nil {
				t.Fatal(err)
			}
		}
	}
	for i := range sum {
		for j := range sum {
			sum[i][j] *= 2 / float64(tokens)
		}
	}
	return sum
}

func TestModelFails(t *testing.T) {
	manifest, reader := openTiny(t)
	o := Options{Damping: 0.01, Workers: 1, Done: func(string, int, int) {}}
	if _, err := Model(manifest, reader, Recipe{Steps: 2}.Method(), o); err == nil {
		t.Error("without a text")
	}
	o.Texts = tinyTexts()
	refused := errors.New("refused")
	_, err := Model(manifest, reader, func(l *Linear) (*tile.Matrix, error) {
		if l.Name == "blk.1.ffn_up.weight" {
			return nil, refused
		}
		return Recipe{Steps: 2, Nearest: true}.Method()(l)
	}, o)
	if !errors.Is(err, refused) {
		t.Errorf("a method that fails: %v", err)
	}
}

func TestRecipes(t *testing.T) {
	for _, bad := range []Recipe{{}, {Steps: 8}, {Steps: 2, Nearest: true, Ordered: true},
		{Steps: 2, Share: 2, More: 3}, {Steps: 2, Share: 0.5}, {Steps: 2, Share: 0.5, More: 2},
		{Steps: 2, More: 3}, {Steps: 2, Share: math.NaN(), More: 3},
		{Steps: 2, Nearest: true, Share: 0.5, More: 3}} {
		if bad.Validate() == nil {
			t.Errorf("%+v was taken", bad)
		}
	}
	good := Recipe{Steps: 2, Share: 0.25, More: 4, By: AtRandom, Seed: 9}
	if err := good.Validate(); err != nil {
		t.Error(err)
	}
	if s := good.String(); s != "gptq T=2 T=4 for 0.25 by random 9" {
		t.Errorf("%q", s)
	}
	// 5 and 9 levels, the entropy of a quarter for each group, a float16 for each.
	want := 0.75*math.Log2(5) + 0.25*math.Log2(9) + 0.8112781/32 + 0.5
	if math.Abs(good.Bits()-want) > 1e-6 {
		t.Errorf("%v bits, want %v", good.Bits(), want)
	}
	steps := selected([]float64{3, 9, 9, 1}, 0.5, 1, 7)
	if !slices.Equal(steps, []uint8{1, 7, 7, 1}) {
		t.Errorf("selected %v", steps)
	}
}
