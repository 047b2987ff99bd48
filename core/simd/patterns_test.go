package simd

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// floatPatterns are values that kernels could treat differently: zeros of both signs, subnormals,
// sparse and large ones.
var floatPatterns = map[string]func(r *rand.Rand) float32{
	"random":  func(r *rand.Rand) float32 { return float32(r.NormFloat64()) },
	"zero":    func(*rand.Rand) float32 { return 0 },
	"minus 0": func(*rand.Rand) float32 { return float32(math.Copysign(0, -1)) },
	"one":     func(*rand.Rand) float32 { return 1 },
	"sparse": func(r *rand.Rand) float32 {
		return float32(r.NormFloat64()) * float32(r.IntN(16)/15)
	},
	"subnormal": func(r *rand.Rand) float32 {
		return math.Float32frombits(uint32(r.IntN(1<<23)) | uint32(r.IntN(2))<<31)
	},
	"large": func(r *rand.Rand) float32 { return float32(r.NormFloat64() * 1e15) },
	"any": func(r *rand.Rand) float32 {
		return math.Float32frombits(0x20000000 + uint32(r.IntN(0x40000000)) | uint32(r.IntN(2))<<31)
	},
}

// TestFloatKernelsOnEveryPattern runs every exported loop over every length past two vectors, at
// every offset, on every pattern, against the plain reference, and looks at what stands before and
// after the destination.
func TestFloatKernelsOnEveryPattern(t *testing.T) {
	const guard, canary = 8, 12345
	for name, pattern := range floatPatterns {
		r := rand.New(rand.NewPCG(13, 14))
		for n := 0; n <= 36; n++ {
			for offset := range 4 {
				draw := func(n int) []float32 {
					x := make([]float32, offset+n)
					for i := range x {
						x[i] = pattern(r)
					}
					return x[offset:]
				}
				// run calls f on a copy of x between canaries and compares it with what the
				// reference makes of x.
				run := func(kernel string, x []float32, f, reference func(x []float32)) {
					t.Helper()
					all := slices.Repeat([]float32{canary}, guard+offset+n+guard)
					got := all[guard+offset:][:n:n]
					copy(got, x)
					want := slices.Clone(x)
					f(got)
					reference(want)
					if !sameBits(got, want) {
						t.Fatalf("%s of %d %s values at %d: %v, want %v", kernel, n, name, offset, got, want)
					}
					for i, v := range all {
						if (i < guard+offset || i >= guard+offset+n) && v != canary {
							t.Fatalf("%s of %d values at %d wrote outside", kernel, n, offset)
						}
					}
				}
				a, b := draw(n), draw(n)
				if name != "any" { // sums of these overflow
					run("Softmax", a, Softmax, softmaxPlainly)
				}
				if n%2 == 0 {
					cos, sin := draw(n/2), draw(n/2)
					run("Rotate", a, func(x []float32) { Rotate(x, cos, sin) },
						func(x []float32) { rotatePlainly(x, cos, sin) })
				}
				if n%4 != 0 {
					continue
				}
				run("Axpy", a, func(y []float32) { Axpy(y, 0.7, b) },
					func(y []float32) { axpyGeneric(y, 0.7, b) })
				run("SwiGLU", a, func(x []float32) { SwiGLU(x, b) }, func(x []float32) { swigluGeneric(x, b) })
				run("GeGLU", a, func(x []float32) { GeGLU(x, b) }, func(x []float32) { gegluGeneric(x, b) })
				got, want := Dot(a, b), dotGeneric(a, b)
				if math.Float32bits(got) != math.Float32bits(want) && name != "any" {
					t.Fatalf("Dot of %d %s values: %v, want %v", n, name, got, want)
				}
				if n > 0 {
					if name != "any" {
						run("Hadamard", a, Hadamard, hadamardPlainly)
					}
					run("RMSNorm", a, func(x []float32) { RMSNorm(x, x, b, 1e-5) },
						func(x []float32) { normPlainly(x, b) })
				}
			}
		}
	}
}

// softmaxPlainly is the definition, with sums in the four lanes that every build keeps.
func softmaxPlainly(x []float32) {
	var lanes [4]float32
	highest := float32(math.Inf(-1))
	for _, v := range x {
		highest = max(highest, v)
	}
	for i, v := range x {
		x[i] = Exp32(v - highest)
		lanes[i%4] += x[i]
	}
	for i := range x {
		x[i] /= (lanes[0] + lanes[2]) + (lanes[1] + lanes[3])
	}
}

func rotatePlainly(x, cos, sin []float32) {
	for i := range cos {
		a, b := x[2*i], x[2*i+1]
		x[2*i], x[2*i+1] = float32(a*cos[i])-float32(b*sin[i]), float32(a*sin[i])+float32(b*cos[i])
	}
}

func hadamardPlainly(x []float32) {
	n := len(x) & -len(x)
	for ; len(x) > 0; x = x[n:] {
		hadamardGeneric(x[:n], float32(1/math.Sqrt(float64(n/4))))
	}
}

func normPlainly(x, weight []float32) {
	mean := dotGeneric(x, x) / float32(len(x))
	scale := 1 / float32(math.Sqrt(float64(mean+1e-5)))
	if math.IsInf(float64(mean), 0) {
		scale = float32(math.NaN())
	}
	for i := range x {
		x[i] = float32(x[i]*scale) * weight[i]
	}
}
