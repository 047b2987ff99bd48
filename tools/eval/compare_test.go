package main

import (
	"math"
	"testing"
)

func logs(p ...float64) []float32 {
	l := make([]float32, len(p))
	for i, v := range p {
		l[i] = float32(math.Log(v))
	}
	return l
}

func TestCompare(t *testing.T) {
	near := func(got, want float64) bool { return math.Abs(got-want) < 1e-6 }
	p, q := logs(0.5, 0.25, 0.25), logs(0.125, 0.75, 0.125)
	nll, kl, same := compare(p, q, 1)
	want := 0.5*math.Log(4) + 0.25*math.Log(1.0/3) + 0.25*math.Log(2)
	if !near(nll, -math.Log(0.75)) || !near(kl, want) || same {
		t.Errorf("nll %v, KL %v, same %v; want %v, %v, false", nll, kl, same, -math.Log(0.75), want)
	}
	// A constant added to all logits changes nothing, however large.
	for i := range q {
		q[i] += 1 << 10
	}
	if _, shifted, _ := compare(p, q, -1); math.Abs(shifted-want) > 1e-3 {
		t.Errorf("KL %v of shifted logits, want %v", shifted, want)
	}
	if nll, kl, same := compare(p, p, -1); nll != 0 || kl != 0 || !same {
		t.Errorf("equal logits, no target: nll %v, KL %v, same %v", nll, kl, same)
	}
	if nll, kl, same := compare(nil, p, 0); !near(nll, math.Log(2)) || kl != 0 || !same {
		t.Errorf("no reference: nll %v, KL %v, same %v", nll, kl, same)
	}
}

func TestLikeliestOfEqualsIsTheFirst(t *testing.T) {
	if _, best := logSumExp([]float32{-3, 2, 2, 1}); best != 1 {
		t.Errorf("index %d, want 1", best)
	}
}

func TestLogSumExpOfHugeLogits(t *testing.T) {
	for _, v := range []float32{1e4, -1e4} {
		sum, _ := logSumExp([]float32{v, v})
		if want := float64(v) + math.Ln2; sum != want {
			t.Errorf("two logits of %v: %v, want %v", v, sum, want)
		}
	}
}
