package gptq

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/spikechat/spikechat/core/tile"
	"github.com/spikechat/spikechat/tools/pack/ternary"
)

// inputs draws tokens whose columns go together.
func inputs(r *rand.Rand, tokens, cols int) [][]float32 {
	x := rows(tokens, cols)
	for t := range x {
		shared := r.NormFloat64()
		for c := range x[t] {
			x[t][c] = float32(shared + r.NormFloat64()*(1+float64(c%5)))
		}
	}
	return x
}

func weights(r *rand.Rand, rows, cols int) [][]float64 {
	w := make([][]float64, rows)
	for i := range w {
		w[i] = make([]float64, cols)
		for j := range w[i] {
			w[i][j] = r.NormFloat64()
		}
	}
	return w
}

func clone(w [][]float64) [][]float64 {
	c := make([][]float64, len(w))
	for i := range w {
		c[i] = slices.Clone(w[i])
	}
	return c
}

// TestHessianIsTheSum compares with the definition, for numbers of tokens around those that are
// multiplied at once; workers change no bit.
func TestHessianIsTheSum(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for _, tokens := range []int{1, 3, tokensTogether - 1, tokensTogether, 2*tokensTogether + 5} {
		x := inputs(r, tokens, 32)
		h := Hessian(x, 1)
		for i := range 32 {
			for j := range 32 {
				sum := 0.0
				for _, row := range x {
					sum += 2 * float64(row[i]) * float64(row[j]) / float64(tokens)
				}
				if math.Abs(h.At(i, j)-sum) > 1e-4*(1+math.Abs(sum)) {
					t.Fatalf("%d tokens: %d,%d is %v, want %v", tokens, i, j, h.At(i, j), sum)
				}
			}
		}
		if !mat.Equal(h, Hessian(x, 3)) {
			t.Errorf("%d tokens: three workers have another Hessian", tokens)
		}
	}
}

// naive quantises a row as optimal brain surgeon says it: after each column the inverse of what is
// left of the Hessian is computed anew, by elimination.
func naive(w []float64, h *mat.SymDense, order []int, round func(col int, w float64) float64) {
	for at, col := range order {
		left := order[at:]
		a := mat.NewDense(len(left), len(left), nil)
		for i, ci := range left {
			for j, cj := range left {
				a.Set(i, j, h.At(ci, cj))
			}
		}
		inverse := eliminate(a)
		q := round(col, w[col])
		e := (w[col] - q) / inverse[0][0]
		for i, c := range left {
			w[c] -= e * inverse[i][0]
		}
		w[col] = q
	}
}

// eliminate inverts a matrix by Gauss and Jordan.
func eliminate(a *mat.Dense) [][]float64 {
	n, _ := a.Dims()
	m := make([][]float64, n)
	for i := range m {
		m[i] = append(slices.Clone(a.RawRowView(i)), make([]float64, n)...)
		m[i][n+i] = 1
	}
	for i := range m {
		pivot := m[i][i]
		for j := range m[i] {
			m[i][j] /= pivot
		}
		for k := range m {
			if by := m[k][i]; k != i {
				for j := range m[k] {
					m[k][j] -= by * m[i][j]
				}
			}
		}
	}
	for i := range m {
		m[i] = m[i][n:]
	}
	return m
}

// fixed rounds to multiples of a half, so that a test needs no groups.
type fixed struct{}

func (fixed) Begin(int, int, []float64, []float64) {}
func (fixed) Round(_, _ int, w float64) float64    { return math.RoundToEven(2*w) / 2 }

func TestQuantiseEqualsOptimalBrainSurgeon(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	for range 30 {
		h := Hessian(inputs(r, 40, 8), 1)
		for _, order := range [][]int{nil, ByDiagonal(h), r.Perm(8)} {
			f, err := Factor(h, 0, order)
			if err != nil {
				t.Fatal(err)
			}
			got := weights(r, 11, 8)
			want := clone(got)
			Quantise(got, f, fixed{}, 2)
			for i := range want {
				naive(want[i], h, f.Order, fixed{}.roundTo)
				if !slices.Equal(got[i], want[i]) {
					t.Fatalf("order %v, row %d: %v, want %v", f.Order, i, got[i], want[i])
				}
			}
		}
	}
}

func (fixed) roundTo(_ int, w float64) float64 { return fixed{}.Round(0, 0, w) }

// The factor's square is the inverse, damped and in any order, and so is its diagonal.
func TestFactorInverts(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	h := Hessian(inputs(r, 20, 32), 1) // fewer tokens than columns: singular before it is damped
	for _, order := range [][]int{nil, r.Perm(32)} {
		f, err := Factor(h, 0.01, order)
		if err != nil {
			t.Fatal(err)
		}
		var inverse, unit mat.Dense
		inverse.Mul(f.U.T(), f.U)
		damped := mat.NewDense(32, 32, nil)
		for i, a := range f.Order {
			for j, b := range f.Order {
				damped.Set(i, j, h.At(a, b))
			}
			damped.Set(i, i, damped.At(i, i)+0.01*mat.Trace(h)/32)
		}
		unit.Mul(&inverse, damped)
		for i := range 32 {
			if math.Abs(f.Inverse[f.Order[i]]-inverse.At(i, i)) > 1e-9*inverse.At(i, i) {
				t.Errorf("diagonal %d: %v, want %v", i, f.Inverse[f.Order[i]], inverse.At(i, i))
			}
			for j := range 32 {
				want := 0.0
				if i == j {
					want = 1
				}
				if math.Abs(unit.At(i, j)-want) > 1e-6 {
					t.Fatalf("order %v: %d,%d of H⁻¹H is %v", order, i, j, unit.At(i, j))
				}
			}
		}
	}
	if _, err := Factor(Hessian(inputs(r, 20, 32), 1), 0, nil); !errors.Is(err, errSingular) {
		t.Errorf("a singular Hessian: %v", err)
	}
	if _, err := Factor(mat.NewSymDense(32, nil), 0.01, nil); !errors.Is(err, errSingular) {
		t.Errorf("an input that is always zero: %v", err)
	}
}

// By the Hessian's measure, carrying errors beats rounding to nearest, in both orders; workers
// change no bit; and what Round gave is what the codes stand for.
func TestTernaryBelowNearest(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	for _, steps := range []int{1, 2, 3, 4, 7} {
		h := Hessian(inputs(r, 400, 96), 2)
		w := weights(r, 21, 96)
		nearest := total(w, ternary.Nearest(w, steps), h)
		for _, order := range [][]int{nil, ByDiagonal(h)} {
			f, err := Factor(h, 0.01, order)
			if err != nil {
				t.Fatal(err)
			}
			var codes [2]string
			for i, workers := range []int{1, 3} {
				c, q := NewTernary(21, 96, steps, nil), clone(w)
				Quantise(q, f, c, workers)
				codes[i] = fmt.Sprint(c.Matrix)
				row := make([]float64, 96)
				for r := range q {
					if c.Matrix.Row(row, r); !slices.Equal(row, q[r]) {
						t.Fatalf("T=%d: row %d became %v, its codes say %v", steps, r, q[r], row)
					}
				}
				if loss := total(w, c.Matrix, h); loss >= 0.9*nearest {
					t.Errorf("T=%d, order %v: loss %v, nearest %v", steps, order != nil, loss, nearest)
				}
			}
			if codes[0] != codes[1] {
				t.Errorf("T=%d: three workers have other codes", steps)
			}
		}
	}
}

func total(w [][]float64, m *ternary.Matrix, h mat.Symmetric) (sum float64) {
	e := make([]float64, m.Cols)
	for r := range w {
		m.Row(e, r)
		for c := range e {
			e[c] -= w[r][c]
		}
		sum += Loss(e, h)
	}
	return sum
}

// Groups of fewer steps use the middle of the levels.
func TestStepsByGroup(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	h := Hessian(inputs(r, 300, 64), 1)
	f, err := Factor(h, 0.01, nil)
	if err != nil {
		t.Fatal(err)
	}
	steps := make([]uint8, 20)
	for i := range steps {
		steps[i] = uint8([]int{1, 2, 3, 7}[r.IntN(4)])
	}
	c := NewTernary(10, 64, 7, steps)
	Quantise(weights(r, 10, 64), f, c, 2)
	for i, q := range c.Matrix.Codes {
		if level := int(q) - 7; level < -int(steps[i/tile.GroupCols]) ||
			level > int(steps[i/tile.GroupCols]) {
			t.Fatalf("weight %d has level %d of T=%d", i, level, steps[i/tile.GroupCols])
		}
	}
}
