package core

import (
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/spikechat/spikechat/core/simd"
)

// tinyFolder is models/tiny: random weights, three layers, three query heads on one key and value
// head.
func tinyFolder() fs.FS { return os.DirFS(filepath.Join("..", "models", "tiny")) }

var openTinyOnce = sync.OnceValues(openTiny)

// openTiny opens the tiny model and prepares it for every kernel.
func openTiny() (*Model, error) {
	m, err := Open(tinyFolder())
	if err != nil {
		return nil, err
	}
	for _, k := range kernels {
		m.Prepare(k)
	}
	return m, nil
}

// tinyModel opens the tiny model once for all tests, which must not change it.
func tinyModel(tb testing.TB) *Model {
	tb.Helper()
	m, err := openTinyOnce()
	if err != nil {
		tb.Fatal(err)
	}
	return m
}

// ownTinyModel opens it for one test that changes it.
func ownTinyModel(tb testing.TB) *Model {
	tb.Helper()
	m, err := openTiny()
	if err != nil {
		tb.Fatal(err)
	}
	return m
}

// kernels are all ways to run a spike-driven product.
var kernels = []simd.Kernel{simd.LookupKernel, simd.PopcountKernel, simd.DotKernel}

// randomTokens draws ids of the tiny vocabulary.
func randomTokens(seed uint64, n int) []int32 {
	r := rand.New(rand.NewPCG(seed, seed))
	tokens := make([]int32, n)
	for i := range tokens {
		tokens[i] = r.Int32N(325)
	}
	return tokens
}
