package main

import "math"

// logSumExp is log Σ exp(logit), and the index of the largest logit; of equal ones the first.
func logSumExp(logits []float32) (sum float64, best int) {
	for i, v := range logits {
		if v > logits[best] {
			best = i
		}
	}
	highest := float64(logits[best])
	for _, v := range logits {
		sum += math.Exp(float64(v) - highest)
	}
	return highest + math.Log(sum), best
}

// compare measures one position's logits: the negative log likelihood of the token that came
// (target -1: none), and against reference, where it is not nil, KL(reference||logits) and whether
// both find the same token likeliest.
func compare(reference, logits []float32, target int32) (nll, kl float64, same bool) {
	sum, best := logSumExp(logits)
	if target >= 0 {
		nll = sum - float64(logits[target])
	}
	if reference == nil {
		return nll, 0, true
	}
	floatSum, floatBest := logSumExp(reference)
	for i, v := range reference {
		logP := float64(v) - floatSum
		kl += math.Exp(logP) * (logP - (float64(logits[i]) - sum))
	}
	return nll, kl, best == floatBest
}
