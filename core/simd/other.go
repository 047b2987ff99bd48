//go:build !goexperiment.simd || !(wasm || amd64)

package simd

// Without vector kernels the references do all: a kernel that computed no tile leaves all of them to its reference.

const available = false

func lookup([]float32, *Weights, *Spikes) int          { return 0 }
func lookupBlock([][]float32, *Weights, []*Spikes) int { return 0 }
func popcount([]float32, *Weights, *Spikes) int        { return 0 }
func dotCodes([]float32, *Weights, *Spikes) int        { return 0 }

func encode(s *Spikes, x []float32, group, steps int) bool { return encodeGeneric(s, x, group, steps) }
func tables(s *Spikes, group int) int                      { return tablesGeneric(s, group) }

func attendScores(scores, q, keys []float32, scale float32) {
	attendScoresGeneric(scores, q, keys, scale)
}
func attendValues(out, p, values []float32)                  { attendValuesGeneric(out, p, values) }
func dot(a, b []float32) float32                             { return dotGeneric(a, b) }
func dot4(sums *[4]float32, rows, x []float32)               { dot4Generic(sums, rows, x) }
func axpy(y []float32, a float32, x []float32)               { axpyGeneric(y, a, x) }
func swiglu(gate, up []float32)                              { swigluGeneric(gate, up) }
func expSum(x []float32, highest float32) (lanes [4]float32) { return expSumGeneric(x, highest) }
