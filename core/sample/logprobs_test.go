package sample

import (
	"cmp"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/spikechat/spikechat/core/internal/request"
)

// plainLogSoftmax is the definition, in float64.
func plainLogSoftmax(logits []float32) []float64 {
	highest, sum := float64(slices.Max(logits)), 0.0
	for _, x := range logits {
		sum += math.Exp(float64(x) - highest)
	}
	all := make([]float64, len(logits))
	for i, x := range logits {
		all[i] = float64(x) - highest - math.Log(sum)
	}
	return all
}

// closeTo reports whether a value is as exact as NewLogSoftmax says, with room for the rounding to
// float32.
func closeTo(got float32, want float64) bool {
	want = max(want, -math.MaxFloat32)
	return math.Abs(float64(got)-want) <= 6e-7+1e-7*math.Abs(want)
}

func TestLogSoftmaxEqualsDefinition(t *testing.T) {
	random := rand.New(rand.NewPCG(31, 32))
	for range 500 {
		vocab := 1 + random.IntN(2000)
		logits := randomLogits(random, vocab)
		for i, x := range logits {
			if math.IsInf(float64(x), -1) {
				logits[i] = -3 // a model's logits are finite
			}
		}
		l, want := NewLogSoftmax(logits), plainLogSoftmax(logits)
		for id, x := range logits {
			if got := l.Of(x); !closeTo(got, want[id]) || got > 0 {
				t.Fatalf("token %d of %d: %v, want %v", id, vocab, got, want[id])
			}
		}
		order := make([]int32, vocab)
		for id := range order {
			order[id] = int32(id)
		}
		slices.SortStableFunc(order, func(a, b int32) int {
			return cmp.Compare(logits[b], logits[a])
		})
		for _, k := range []int{0, 1, 5, MaxTopLogprobs} {
			before := slices.Clone(logits)
			top := l.Top(make([]Logprob, k), logits)
			if len(top) != min(k, vocab) || !slices.Equal(before, logits) {
				t.Fatalf("%d of the %d asked for, of %d tokens", len(top), k, vocab)
			}
			for i, one := range top {
				if one.ID != order[i] || one.Value != l.Of(logits[one.ID]) {
					t.Fatalf("place %d: %+v, want token %d", i, one, order[i])
				}
			}
		}
	}
}

func TestLogSoftmaxAtTheEnds(t *testing.T) {
	for _, c := range []struct {
		name   string
		logits []float32
		want   []float32
	}{
		{"one token", []float32{-5}, []float32{0}},
		{"two alike", []float32{3, 3}, []float32{-math.Ln2, -math.Ln2}},
		{"certain", []float32{0, -1000}, []float32{0, -1000}},
		{"further apart than float32", []float32{math.MaxFloat32, -math.MaxFloat32},
			[]float32{0, -math.MaxFloat32}},
		{"both zeros", []float32{float32(math.Copysign(0, -1)), 0},
			[]float32{-math.Ln2, -math.Ln2}},
	} {
		l := NewLogSoftmax(c.logits)
		for i, x := range c.logits {
			if got := l.Of(x); got != c.want[i] {
				t.Errorf("%s: %v, want %v", c.name, got, c.want[i])
			}
		}
	}
	// As many tokens as there may be, all alike: the sum must not overflow.
	if got := NewLogSoftmax(make([]float32, maxVocab)).Of(0); got != -20*math.Ln2 {
		t.Errorf("of 2^20 tokens: %v, want %v", got, -20*math.Ln2)
	}
}

// TestLogWeight: one bit more than 1 is told, as the rest of a sure token.
func TestLogWeight(t *testing.T) {
	for _, rest := range []uint64{0, 1, 3, 1 << 20, 1<<40 - 1, 1 << 40, 1<<60 - 1<<40} {
		weight := uint64(1)<<weightBits + rest
		got, want := logWeight(weight), math.Log1p(float64(rest)/(1<<weightBits))
		if math.Abs(got-want) > 1e-15*want {
			t.Errorf("1 + %d parts: %v, want %v", rest, got, want)
		}
	}
}

func TestCheckTopLogprobs(t *testing.T) {
	for n, good := range map[int]bool{-1: false, 0: true, 20: true, 21: false} {
		if err := CheckTopLogprobs(n); (err == nil) != good ||
			err != nil && !errors.Is(err, request.ErrBad) {
			t.Errorf("%d: %v", n, err)
		}
	}
}
