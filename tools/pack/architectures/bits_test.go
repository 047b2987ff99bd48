package main

import (
	"fmt"
	"hash/fnv"
	"slices"
	"testing"

	"github.com/spikechat/spikechat/core"
	"github.com/spikechat/spikechat/core/coding"
	"github.com/spikechat/spikechat/core/simd"
	"github.com/spikechat/spikechat/tools/pack/packer"
)

// hashes are over the logits of all tokens and all counts of spikes, with the coding of "best".
// They were made once; every build, kernel and cut of the text gives them.
var hashes = map[string]string{
	"llama":        "689af725022dce92 96b8e6930955df24",
	"llama3":       "2a42f2eb6d4fa161 cce7b0f1fa244361",
	"llama-linear": "5dca467cd4ee98a4 425c3932a60be02f",
	"llama-yarn":   "309bdb1fca915e66 6c8761cd03059a6d",
	"qwen2":        "a1369cb0f58ba0df adf38b1d7f679e2e",
	"qwen3":        "1274e81bc80473cd d87dd414d76f101d",
	"gemma3":       "6b13736af66d50c5 4cbe09572334da78",
	"smollm3":      "6b710db897a1ff44 587c5277c963b95a",
}

// pass is what a text leads to.
type pass struct {
	logits uint64
	counts uint64
}

func (p pass) String() string { return fmt.Sprintf("%016x %016x", p.logits, p.counts) }

// run sends the tokens through a model in batches.
func run(
	tb testing.TB, m *core.Model, c coding.Coding, k simd.Kernel, batch int, multiply bool,
) (p pass) {
	s := newState(tb, m, batch, c, k)
	s.Counting, s.MultiplyBatches = core.CountAll, multiply
	p.logits = core.HashSeed
	counts := make([]core.Counts, len(s.Counts())+1+len(s.CacheCounts()))
	var looked core.LookBack
	for rest := tokens; len(rest) > 0; {
		n := min(batch, len(rest))
		if err := s.Forward(rest[:n], true); err != nil {
			tb.Error(err)
			return p
		}
		for i := range n {
			p.logits = core.HashLogits(p.logits, s.Logits(i))
		}
		for i, c := range slices.Concat(s.Counts(), []core.Counts{*s.OutputCounts()}, s.CacheCounts()) {
			counts[i].Add(&c)
		}
		looked.Add(s.LookBack())
		rest = rest[n:]
	}
	h := fnv.New64a()
	fmt.Fprint(h, counts, looked)
	p.counts = h.Sum64()
	return p
}

// TestSameBits: kernels, batches and, against hashes that stand here, builds give the same logits
// and spikes.
func TestSameBits(t *testing.T) {
	for i := range packer.Variants {
		v := &packer.Variants[i]
		t.Run(v.Name, func(t *testing.T) {
			m := modelOf(t, v)
			for _, c := range []struct {
				kernel   simd.Kernel
				batch    int
				multiply bool
			}{
				{simd.LookupKernel, 1, false}, {simd.LookupKernel, 48, true}, {simd.PopcountKernel, 7, false},
				{simd.DotKernel, 16, false},
			} {
				m.Prepare(c.kernel)
				if got := run(t, m, best, c.kernel, c.batch, c.multiply).String(); got != hashes[v.Name] {
					t.Errorf("kernel %d, batches of %d: %s, want %s", c.kernel, c.batch, got, hashes[v.Name])
				}
			}
		})
	}
}
