package simd

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func randomFloats(r *rand.Rand, n int, scale float64) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(r.NormFloat64() * scale)
	}
	return x
}

func sameBits(a, b []float32) bool {
	return slices.EqualFunc(a, b,
		func(x, y float32) bool { return math.Float32bits(x) == math.Float32bits(y) })
}

func TestFloatKernelsEqualReferences(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for n := 0; n <= 68; n += 4 {
		for offset := range 4 {
			for _, scale := range []float64{1, 1e-20, 30, 1e10} {
				a, b := randomFloats(r, n+offset, scale)[offset:], randomFloats(r, n+offset, 1)[offset:]
				if got, want := dot(a, b), dotGeneric(a, b); math.Float32bits(got) != math.Float32bits(want) {
					t.Fatalf("dot of %d: %v, want %v", n, got, want)
				}
				got, want := slices.Clone(a), slices.Clone(a)
				axpy(got, 0.3, b)
				axpyGeneric(want, 0.3, b)
				if !sameBits(got, want) {
					t.Fatalf("axpy of %d: %v, want %v", n, got, want)
				}
				got, want = slices.Clone(a), slices.Clone(a)
				swiglu(got, b)
				swigluGeneric(want, b)
				if !sameBits(got, want) {
					t.Fatalf("swiglu of %d at scale %v: %v, want %v", n, scale, got, want)
				}
				got, want = slices.Clone(a), slices.Clone(a)
				geglu(got, b)
				gegluGeneric(want, b)
				if !sameBits(got, want) {
					t.Fatalf("geglu of %d at scale %v: %v, want %v", n, scale, got, want)
				}
				if got = slices.Clone(a); n > 0 {
					got[r.IntN(n)], got[r.IntN(n)] = float32(math.Inf(-1)), -math.MaxFloat32
				}
				want = slices.Clone(got)
				highest := highestOfGeneric(append([]float32{float32(scale)}, a...))
				if l, m := expSum(got, highest), expSumGeneric(want, highest); l != m || !sameBits(got, want) {
					t.Fatalf("exp sum of %d: %v, want %v", n, l, m)
				}
				if n > 0 {
					rows := randomFloats(r, 4*n, scale)
					var s, u [4]float32
					dot4(&s, rows, b)
					dot4Generic(&u, rows, b)
					if s != u {
						t.Fatalf("dot4 of %d: %v, want %v", n, s, u)
					}
				}
			}
		}
	}
}

func TestExp32(t *testing.T) {
	for x := float32(-90); x < 90; x += 0.00173 {
		got, want := float64(Exp32(x)), math.Exp(float64(x))
		switch {
		case x < expLow:
			want = 0
		case x > expHigh:
			want = math.Exp(expHigh)
		}
		if math.Abs(got-want) > 2e-7*want {
			t.Fatalf("Exp32(%v) = %v, want %v", x, got, want)
		}
	}
	if Exp32(float32(math.Inf(-1))) != 0 || Exp32(0) != 1 {
		t.Errorf("Exp32(-Inf) = %v, Exp32(0) = %v; want 0 and 1", Exp32(float32(math.Inf(-1))), Exp32(0))
	}
}

// TestGELU compares GeGLU with the formula in float64, also where the exponential would leave its
// range.
func TestGELU(t *testing.T) {
	for g := -40.0; g <= 40; g += 1.0 / 64 {
		got := []float32{float32(g), 1e10, -1e10, 0}
		GeGLU(got, []float32{2, 1, 1, 1})
		want := g * (1 + math.Tanh(math.Sqrt(2/math.Pi)*(g+0.044715*g*g*g)))
		if math.Abs(float64(got[0])-want) > 3e-7+1e-6*math.Abs(want) {
			t.Errorf("2 GELU(%v) is %v, want %v", g, got[0], want)
		}
		if got[1] != 1e10 || !(math.Abs(float64(got[2])) < 1e-25) || got[3] != 0 {
			t.Fatalf("GELU of 1e10, -1e10 and 0 is %v", got[1:])
		}
	}
}

func TestSoftmaxSumsToOne(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for n := 1; n < 70; n++ {
		x := randomFloats(r, n, 5)
		want := make([]float64, n)
		sum := 0.0
		for i, v := range x {
			want[i] = math.Exp(float64(v))
			sum += want[i]
		}
		Softmax(x)
		for i, p := range x {
			if math.Abs(float64(p)-want[i]/sum) > 1e-6 {
				t.Fatalf("softmax of %d: entry %d is %v, want %v", n, i, p, want[i]/sum)
			}
		}
	}
}

func TestSinCos64AndPow64(t *testing.T) {
	for x := 0.0; x < 9000; x += 0.317 {
		s, c := SinCos64(x)
		if math.Abs(s-math.Sin(x)) > 1e-11 || math.Abs(c-math.Cos(x)) > 1e-11 {
			t.Fatalf("SinCos64(%v) = %v, %v", x, s, c)
		}
	}
	for num := range 48 {
		got, want := Pow64(100000, num, 48), math.Pow(100000, -float64(num)/48)
		if math.Abs(got-want) > 1e-13*want {
			t.Errorf("100000^(-%d/48) = %v, want %v", num, got, want)
		}
	}
}

// TestRMSNormOfWhatOverflows: squares that overflow must not become a norm of zeros.
func TestRMSNormOfWhatOverflows(t *testing.T) {
	x := []float32{2e19, 1, -2e19, 0}
	RMSNorm(x, x, []float32{1, 1, 1, 1}, 1e-5)
	if x[0] == x[0] {
		t.Errorf("norm %v, want NaN", x)
	}
}

func TestRMSNorm(t *testing.T) {
	x, w := []float32{1, -2, 3, -4}, []float32{1, 1, 2, 0.5}
	got := make([]float32, 4)
	RMSNorm(got, x, w, 1e-5)
	for i := range x {
		want := float64(x[i]) / math.Sqrt(7.5+1e-5) * float64(w[i])
		if math.Abs(float64(got[i])-want) > 1e-6 {
			t.Errorf("entry %d is %v, want %v", i, got[i], want)
		}
	}
}

func TestFloatProduct(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	for _, rows := range []int{1, 3, 16, 21, 32} {
		w := randomWeights(r, rows, 64, 4, 0, scaleKinds[1], patterns[0])
		xs := [][]float32{randomFloats(r, 64, 1), randomFloats(r, 64, 1)}
		ys := [][]float32{make([]float32, rows), make([]float32, rows)}
		var scratch []float32
		Float(ys, w, xs, &scratch)
		row := make([]float32, 64)
		for i := range rows {
			w.DequantizeRow(row, i)
			for t2 := range xs {
				if want := dotGeneric(row, xs[t2]); ys[t2][i] != want {
					t.Fatalf("token %d row %d: %v, want %v", t2, i, ys[t2][i], want)
				}
			}
		}
	}
}

// TestHighestOf takes numbers of every size and sign, the largest at every place.
func TestHighestOf(t *testing.T) {
	inf := float32(math.Inf(1))
	special := []float32{0, float32(math.Copysign(0, -1)), 1e-45, -1e-45, math.MaxFloat32,
		-math.MaxFloat32, inf, -inf}
	r := rand.New(rand.NewPCG(33, 34))
	for n := 4; n <= 36; n += 4 {
		for at := range n {
			for _, scale := range []float64{1e-40, 1, 1e30} {
				x := randomFloats(r, n, scale)
				if r.IntN(2) == 0 {
					for i, v := range x {
						x[i] = min(v, -v)
					}
				}
				x[at] = special[r.IntN(len(special))]
				if got, want := highestOf(x), highestOfGeneric(x); got != want {
					t.Fatalf("the largest of %v is %v, want %v", x, got, want)
				}
			}
		}
	}
}
