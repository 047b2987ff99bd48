package gguf_test

import (
	"io"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/spikechat/spikechat/tools/pack/gguf"
)

// Weights of every integer type are llama.cpp's, bit for bit: ggml's own to_float has made those of
// testdata/blocks.gguf (testdata/blocks.py).
func TestGoldenBlocks(t *testing.T) {
	file, err := os.ReadFile("testdata/blocks.gguf")
	if err != nil {
		t.Fatal(err)
	}
	f, err := read(file)
	if err != nil {
		t.Fatal(err)
	}
	compared := 0
	for i := range f.Tensors {
		packed := &f.Tensors[i]
		if strings.HasSuffix(packed.Name, ".float") {
			continue
		}
		if packed.Type.String() != packed.Name {
			t.Fatalf("tensor %q is of type %v", packed.Name, packed.Type)
		}
		compared++
		weights := decoded(t, f, packed)
		for j, want := range decoded(t, f, f.Tensor(packed.Name+".float")) {
			if got := weights[j]; math.Float32bits(got) != math.Float32bits(want) {
				t.Errorf("%v: weight %d is %v, want %v", packed.Type, j, got, want)
				break
			}
		}
	}
	for typ := range gguf.TensorType(64) {
		if typ.Integer() {
			compared--
		}
	}
	if compared != 0 {
		t.Errorf("%d types more than are read", compared)
	}
}

// decoded gives the weights of a tensor.
func decoded(t *testing.T, f *gguf.File, tensor *gguf.Tensor) []float32 {
	t.Helper()
	data, err := io.ReadAll(f.Data(tensor))
	if err != nil {
		t.Fatal(err)
	}
	return gguf.Weights(tensor.Type, data)
}
