//go:build goexperiment.simd && (wasm || amd64 || arm64)

package simd

import (
	"math"
	"math/rand/v2"
	"testing"
	"unsafe"

	"github.com/spikechat/spikechat/core/tile"
)

// TestDotsOfAllCodes: sums of 16 and of 32 bits are exact for every weight and every code, wherever
// they stand, at the ends of what a group can sum up to.
func TestDotsOfAllCodes(t *testing.T) {
	forEachDot(t, func(t *testing.T, add addDotsFunc) {
		block := new(apartBlock)
		scales := [2]float32{1, 0}
		for weight := range uint8(16) {
			for code := -60; code <= 60; code++ {
				for other := -60; other <= 60; other += 60 {
					var sums [2][tileRows]float32
					var k [2][groupCols]int8
					for row := range tileRows {
						block.d[row] = 1
						for col := range groupCols {
							block.codes[col/4][row][col%4] = 15
							k[0][col], k[1][col] = int8(other), int8(other)
						}
						// Each row has the weight at two columns, of which one has the code.
						block.codes[row/4][row][row%4] = weight
						block.codes[(row+16)/4][row][row%4] = weight
					}
					for col := range tileRows {
						k[0][col], k[1][col+16] = int8(code), int8(code)
					}
					var pair [2]dotToken
					for i := range pair {
						pair[i] = dotToken{unsafe.Pointer(&sums[i]), unsafe.Pointer(&k[i]), unsafe.Pointer(&scales)}
					}
					add(unsafe.Pointer(block), unsafe.Pointer(&pair), 1, 0, 0, 1)
					// 15 other columns have the code, 15 do not.
					want := float32(15*15*(code+other) + int(weight)*(code+other))
					for i := range sums {
						for row, got := range sums[i] {
							if got != want {
								t.Fatalf("weight %d, code %d, others %d: row %d of token %d is %v, want %v",
									weight, code, other, row, i, got, want)
							}
						}
					}
				}
			}
		}
	})
}

// TestTakeApart: all codes and scales are where apartBlock says.
func TestTakeApart(t *testing.T) {
	r := rand.New(rand.NewPCG(17, 18))
	for planes := 1; planes <= 4; planes++ {
		for missing := range 4 {
			for _, offsetBy := range []float32{0, 8} {
				for _, kind := range scaleKinds {
					whole := tile.NewMatrix(tileRows, groupCols, planes+missing, offsetBy)
					for i := range whole.Data {
						whole.Data[i] = byte(r.Uint32())
					}
					for i := whole.ScalesAt(); i < len(whole.Data); i += 2 {
						half := kind.half(r)
						whole.Data[i], whole.Data[i+1] = byte(half), byte(half>>8)
					}
					w := whole.Upper(planes)
					block := new(apartBlock)
					block.take(unsafe.Pointer(&w.Data[0]), w)
					for row := range tileRows {
						d, n := w.Scales(w.Data, row)
						if math.Float32bits(block.d[row]) != math.Float32bits(d) ||
							math.Float32bits(block.n[row]) != math.Float32bits(n) {
							t.Fatalf("%d planes of %d, offset %v, %s scales: row %d has %v and %v, want %v and %v",
								planes, planes+missing, offsetBy, kind.name, row, block.d[row], block.n[row], d, n)
						}
						for col := range groupCols {
							want := uint8(0)
							for p := range planes {
								want |= uint8(w.PlaneWord(w.Data, p, row)>>col&1) << p
							}
							if got := block.codes[col/4][row][col%4]; got != want {
								t.Fatalf("%d planes: row %d, column %d is %d, want %d", planes, row, col, got, want)
							}
						}
					}
				}
			}
		}
	}
}
