package calibrate

import (
	"errors"
	"fmt"
	"hash/fnv"
	"reflect"
	"testing"

	"github.com/spikechat/spikechat/core"
	"github.com/spikechat/spikechat/core/coding"
	"github.com/spikechat/spikechat/core/simd"
)

// codings are all that a model's activity is counted in, with the tiny model's rankings.
func codings() []coding.Coding {
	list := []coding.Coding{
		{Steps: 1, CacheSteps: 1}, {Steps: 2, CacheSteps: 2}, {Steps: 3, CacheSteps: 4},
		{Steps: 4, CacheSteps: 4},
	}
	for _, p := range coding.Presets() {
		list = append(list, p.Coding)
	}
	return list
}

// What is counted is what a chat would show: the counts of each token by itself, with another
// kernel, added up.
func TestActivityIsTheSumOverTokens(t *testing.T) {
	m := tinyModel(t)
	m.Prepare(simd.LookupKernel)
	m.Prepare(simd.DotKernel)
	texts := [][]int32{randomTokens(31, 20), randomTokens(32, 1), randomTokens(33, 9)}
	got, err := Activity(m, texts, codings(), 2, func(int, int) {})
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range codings() {
		inputs := make([]int, m.Config.Layers*coding.Populations)
		cache := make([]int, m.Config.Layers*2)
		for _, text := range texts {
			s, err := core.NewState(m, 20, 1)
			if err == nil {
				err = s.SetCoding(c, simd.DotKernel)
			}
			if err != nil {
				t.Fatal(err)
			}
			for _, id := range text {
				if err := s.Forward([]int32{id}, false); err != nil {
					t.Fatal(err)
				}
				for j, counts := range s.Counts() {
					inputs[j] += int(counts.Spikes)
				}
				for j, counts := range s.CacheCounts() {
					cache[j] += int(counts.Spikes)
				}
			}
		}
		if !reflect.DeepEqual(got[i], Spikes{inputs, cache}) {
			t.Errorf("%+v: got %v, want %v and %v", c, got[i], inputs, cache)
		}
		if inputs[0] == 0 || cache[0] == 0 {
			t.Errorf("%+v: nothing fires", c)
		}
	}
}

// Workers change nothing, and the hash, made once, holds natively and as wasm, with vector code and
// without.
func TestActivityIsTheSameEverywhere(t *testing.T) {
	m := tinyModel(t)
	m.Prepare(simd.LookupKernel)
	texts := [][]int32{randomTokens(22, 40), randomTokens(23, 17), randomTokens(24, 1)}
	calls, last, total := 0, 0, 0
	one, err := Activity(m, texts, codings(), 1, func(ran, of int) {
		calls, last, total = calls+1, ran, of
	})
	// The preset best has layers of T = 4, and is not run again.
	if err != nil || calls != 19 || last != 18 || total != 18 {
		t.Fatalf("%d calls, %d of %d ran, %v", calls, last, total, err)
	}
	five, err := Activity(m, texts, codings(), 5, func(int, int) {})
	if err != nil || !reflect.DeepEqual(five, one) {
		t.Errorf("five workers count otherwise than one: %v", err)
	}
	h := fnv.New64a()
	fmt.Fprint(h, one)
	const want = 0xc94df7bc08469132
	if got := h.Sum64(); got != want {
		t.Errorf("hash of the counts %#x, want %#x", got, uint64(want))
	}
}

func TestActivityRefuses(t *testing.T) {
	m := tinyModel(t)
	m.Prepare(simd.LookupKernel)
	for _, texts := range [][][]int32{{nil}, {randomTokens(1, 3), make([]int32, core.MaxBatch+1)}} {
		_, err := Activity(m, texts, codings(), 1, func(int, int) {})
		if !errors.Is(err, core.ErrBadRequest) {
			t.Errorf("texts of %d: %v, want ErrBadRequest", len(texts), err)
		}
	}
	large := spoiledModel(t, "blk.0.attn_norm.weight", func(values []float32) {
		for i := range values {
			values[i] *= 1e30
		}
	})
	large.Prepare(simd.LookupKernel)
	_, err := Activity(large, [][]int32{{1, 2}}, codings(), 1, func(int, int) {})
	if !errors.Is(err, core.ErrNotFinite) {
		t.Errorf("activations that overflow: %v, want ErrNotFinite", err)
	}
}
