package simd

import (
	"fmt"
	"strings"
	"testing"

	"github.com/spikechat/spikechat/core/tile"
)

// TestCallersMistakesPanic: a wrong length is a mistake of the program, and the panic says whose.
func TestCallersMistakesPanic(t *testing.T) {
	weights := func() *Weights {
		return NewWeights(tile.NewMatrix(16, 64, 2, 0))
	}
	f := func(n int) []float32 { return make([]float32, n) }
	for _, c := range []struct {
		text string
		call func()
	}{
		{"simd: Lookup: 15 outputs", func() { Lookup(f(15), weights(), NewSpikes(64)) }},
		{"simd: Lookup: 16 outputs and 32 inputs", func() { Lookup(f(16), weights(), NewSpikes(32)) }},
		{"simd: Popcount: 17 outputs", func() { Popcount(f(17), weights(), NewSpikes(64)) }},
		{"simd: Popcount before Prepare", func() { Popcount(f(16), weights(), NewSpikes(64)) }},
		{"simd: DotCodes: 16 outputs and 32 inputs",
			func() { DotCodes(f(16), weights(), NewSpikes(32)) }},
		{"simd: DotCodes before Prepare", func() { DotCodes(f(16), weights(), NewSpikes(64)) }},
		{"simd: Unrolled: 0 outputs", func() { Unrolled(nil, weights(), NewSpikes(64)) }},
		{"simd: Rest: 16 outputs and 96 inputs", func() { Rest(f(16), weights(), NewSpikes(96)) }},
		{"simd: Product: 0 outputs for 1 tokens", func() {
			LookupKernel.Product(nil, weights(),
				[]*Spikes{NewSpikes(64)})
		}},
		{"simd: float: 1 outputs for 2 inputs", func() {
			Float([][]float32{f(16)}, weights(),
				[][]float32{f(64), f(64)}, new([]float32))
		}},
		{"simd: float: 16 outputs and 32 inputs", func() {
			Float([][]float32{f(16)}, weights(),
				[][]float32{f(32)}, new([]float32))
		}},
		{"simd: transposed: 1 outputs for 2 inputs", func() {
			FloatTransposed([][]float32{f(64)}, weights(), [][]float32{f(16), f(16)}, new([]float32))
		}},
		{"simd: transposed: 32 outputs and 16 inputs", func() {
			FloatTransposed([][]float32{f(32)}, weights(), [][]float32{f(16)}, new([]float32))
		}},
		{"simd: encode 63 values", func() { NewSpikes(64).Encode(f(63), make([]uint8, 2)) }},
		{"simd: encode 64 values and 1 steps", func() { NewSpikes(64).Encode(f(64), make([]uint8, 1)) }},
		{"simd: 0 steps", func() { NewSpikes(64).Encode(f(64), []uint8{1, 0}) }},
		{"simd: 5 steps", func() { NewSpikes(64).Encode(f(64), []uint8{5, 1}) }},
		{"simd: encode 64 values with steps for 1 groups",
			func() { NewSpikes(64).EncodeAs(f(64), &StepPlan{Group: []uint8{1}, OneRange: true}) }},
		{"and 63 neurons into 64", func() {
			NewSpikes(64).
				EncodeAs(f(64), &StepPlan{Group: []uint8{1, 1}, Neuron: make([]uint8, 63)})
		}},
		{"simd: 5 steps", func() {
			NewSpikes(64).EncodeAs(f(64),
				&StepPlan{Group: []uint8{5, 1}, OneRange: true})
		}},
		{"simd: a neuron of 3 steps in a group of 4",
			func() { NewSpikes(96).EncodeAs(f(96), &StepPlan{Group: []uint8{4, 4, 4}, Neuron: make96(3)}) }},
		{"simd: a neuron of 0 steps", func() {
			NewSpikes(96).
				EncodeAs(f(96), &StepPlan{Group: []uint8{4, 4, 4}, Neuron: make96(0)})
		}},
		{"simd: a neuron of 2 steps in a group of 1",
			func() { NewSpikes(96).EncodeAs(f(96), &StepPlan{Group: []uint8{1, 1, 1}, Neuron: make96(2)}) }},
		{"simd: spikes for 33 columns", func() { NewSpikes(33) }},
		{"simd: spikes for 0 columns", func() { NewSpikes(0) }},
		{"simd: weights -16 x 64", func() { NewWeights(&tile.Matrix{Rows: -16, Cols: 64, Planes: 2}) }},
		{"simd: weights 16 x 65", func() { NewWeights(&tile.Matrix{Rows: 16, Cols: 65, Planes: 2}) }},
		{"of 9 planes", func() { NewWeights(&tile.Matrix{Rows: 16, Cols: 64, Planes: 9}) }},
		{"in 1 bytes", func() {
			NewWeights(&tile.Matrix{Rows: 16, Cols: 64, Planes: 2,
				Data: make([]byte, 1)})
		}},
		{"simd: dequantize row 16 of 16", func() { weights().DequantizeRow(f(64), 16) }},
		{"simd: dequantize row -1", func() { weights().DequantizeRow(f(64), -1) }},
		{"into 63 values", func() { weights().DequantizeRow(f(63), 0) }},
		{"simd: attention of 0 heads", func() { NewAttention(0, 64, 16) }},
		{"simd: attention of 3 heads of 48", func() { NewAttention(3, 48, 16) }},
		{"simd: attention of 3 heads of 64 over 20 positions", func() { NewAttention(3, 64, 20) }},
		{"simd: attention of 3 heads of 64 over 0 positions", func() { NewAttention(3, 64, 0) }},
		{"simd: Score: 1 heads of 32 over 17 of 16 positions",
			func() { NewAttention(1, 32, 16).Score(f(32), [][]int8{make([]int8, 1024)}, f(32), 17, 1) }},
		{"simd: Score: 1 heads of 32 over 2 of 16 positions: 32 values, codes of 7",
			func() { NewAttention(1, 32, 16).Score(f(32), [][]int8{make([]int8, 255)}, f(16), 2, 1) }},
		{"simd: Score: 1 heads of 32 over 2 of 16 positions: 32 values, codes of 8 positions, 7",
			func() { NewAttention(1, 32, 16).Score(f(32), [][]int8{make([]int8, 256)}, f(7), 2, 1) }},
		{"simd: Values: 2 heads of 32 over 1 of 16 positions: 32 values",
			func() { NewAttention(2, 32, 16).Values(f(32), [][]int8{make([]int8, 32)}, f(1), 1) }},
		{"simd: Values: 1 heads of 32 over 2 of 16 positions: 32 values, codes of 2 positions, 1",
			func() { NewAttention(1, 32, 16).Values(f(32), [][]int8{make([]int8, 72)}, f(1), 2) }},
		{"simd: Values: 1 heads of 32 over 2 of 16 positions: 32 values, codes of 2 positions, 2",
			func() { NewAttention(1, 32, 16).Values(f(32), [][]int8{make([]int8, 71)}, f(2), 2) }},
		{"simd: Keep: 32 values of 4 steps into 31 codes", func() { Keep(make([]int8, 31), f(32), 4) }},
		{"simd: Keep: 48 values", func() { Keep(make([]int8, 48), f(48), 4) }},
		{"simd: Keep: 32 values of 5 steps", func() { Keep(make([]int8, 32), f(32), 5) }},
		{"simd: Hadamard matrix for 6 values", func() { Hadamard(f(6)) }},
		{"simd: dot product of 4 and 8", func() { Dot(f(4), f(8)) }},
		{"simd: dot product of 5 and 5", func() { Dot(f(5), f(5)) }},
		{"simd: adding 4 values to 8", func() { Axpy(f(8), 1, f(4)) }},
		{"simd: adding 6 values to 6", func() { Axpy(f(6), 1, f(6)) }},
		{"simd: norm of 8 values with 4 weights", func() { RMSNorm(f(8), f(8), f(4), 1) }},
		{"into 4", func() { RMSNorm(f(4), f(8), f(8), 1) }},
		{"simd: gate of 4 values over 8", func() { SwiGLU(f(4), f(8)) }},
		{"simd: gate of 7 values over 7", func() { SwiGLU(f(7), f(7)) }},
		{"simd: gate of 4 values over 8", func() { GeGLU(f(4), f(8)) }},
		{"simd: gate of 7 values over 7", func() { GeGLU(f(7), f(7)) }},
	} {
		func() {
			defer func() {
				if p := recover(); p == nil || !strings.Contains(fmt.Sprint(p), c.text) {
					t.Errorf("panic %v, want %q", p, c.text)
				}
			}()
			c.call()
		}()
	}
}
