package simd

import "fmt"

// Kernel names a way to compute the product.
type Kernel uint8

const (
	LookupKernel Kernel = iota
	PopcountKernel
	DotKernel // the yardstick without spikes
	// BatchDotKernel multiplies as well, for several tokens at once, without a second copy of the
	// weights: see Weights.InBatches.
	BatchDotKernel
)

// Prepare builds what a kernel needs beside the codes, once for all matrices that share the input.
func (s *Spikes) Prepare(k Kernel) {
	switch k {
	case LookupKernel:
		s.lookup.together = 8
		for g := range s.Groups() {
			s.lookup.together = min(s.lookup.together, tables(s, g))
		}
	case PopcountKernel:
		s.cutPlanes()
	case DotKernel:
		s.signCodes()
	case BatchDotKernel:
		s.signForBatches()
	}
	// The kernels for normal scales read d and n without float16's exponent bias of 112; it goes in
	// here.
	for g := range s.Groups() {
		s.scaled[2*g] = s.Threshold[g] * 0x1p112
		s.scaled[2*g+1] = s.GroupSum[g] * 0x1p112
	}
}

// Product sets ys[t] = W x_t for every token of a batch, with the kernel that the spikes were
// prepared for. The result does not depend on how tokens are cut into batches. walks is how often
// the weights were read for it.
func (k Kernel) Product(ys [][]float32, w *Weights, ss []*Spikes) (walks int) {
	if len(ys) < len(ss) {
		panic(fmt.Sprintf("simd: Product: %d outputs for %d tokens", len(ys), len(ss)))
	}
	for len(ss) > 0 {
		n := min(len(ss), DotBatch)
		if k != BatchDotKernel {
			n = min(n, PromptBatch)
		}
		if w.Rows == 0 {
			walks += n // a part of nothing
		} else if k == BatchDotKernel {
			for t, s := range ss[:n] {
				checkProduct("Product", ys[t], w.Matrix, s)
			}
			first := batchDot(ys, w.Matrix, ss[:n])
			for t, s := range ss[:n] {
				batchDotGeneric(ys[t], w.Matrix, s, first)
			}
			walks++
		} else if k == LookupKernel && n > 1 && together(ss[:n]) > 1 {
			for t, s := range ss[:n] {
				checkProduct("Product", ys[t], w.Matrix, s)
			}
			first := lookupBatch(ys, w.Matrix, ss[:n])
			for t, s := range ss[:n] {
				lookupGeneric(ys[t], w.Matrix, s, first)
			}
			walks++
		} else {
			for t, s := range ss[:n] {
				switch k {
				case LookupKernel:
					Lookup(ys[t], w, s)
				case PopcountKernel:
					Popcount(ys[t], w, s)
				case DotKernel:
					DotCodes(ys[t], w, s)
				}
			}
			walks += n
		}
		ys, ss = ys[n:], ss[n:]
	}
	return walks
}

// PromptBatch is how many tokens of a prompt go through the model together. They share one walk
// through the weights, beside which their tables fit the second cache; a browser sees a stop or
// paints progress between two batches.
const PromptBatch = 16

// DotBatch is the same for BatchDotKernel. It takes longer to take the weights apart, and less for
// each token.
const DotBatch = 32

// together gives how many lookups can be summed in a byte for every token of a batch; 1 also where
// one of them is wide.
func together(ss []*Spikes) int {
	n := 8
	for _, s := range ss {
		n = min(n, s.lookup.together)
		if s.wide {
			return 1
		}
	}
	return n
}
