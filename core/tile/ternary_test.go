package tile

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestNoneAbove finds a code that is too large at every place of a block, and takes every other.
func TestNoneAbove(t *testing.T) {
	for steps := 1; steps <= MaxTernarySteps; steps++ {
		m := NewMatrix(Rows, 3*GroupCols, TernaryPlanes(steps), float32(steps))
		for row := range Rows {
			for col := range GroupCols {
				for code := range 1 << m.Planes {
					codes := [GroupCols]uint8{}
					for i := range codes {
						codes[i] = uint8((i + row) % (2*steps + 1))
					}
					codes[col] = uint8(code)
					m.SetGroup(row, 1, &codes, 0, 0)
					ok := code <= 2*steps
					if m.NoneAbove(2*steps, 0, 3) != ok || !m.NoneAbove(2*steps, 2, 1) {
						t.Fatalf("T=%d: code %d at row %d, column %d", steps, code, row, col)
					}
				}
				m.SetGroup(row, 1, &[GroupCols]uint8{}, 0, 0)
			}
		}
	}
}

// TestClasses: planes come back from their sorted bits, whatever the codes are; of what no
// code up to 2T has, the open bits do.
func TestClasses(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for steps := 1; steps <= MaxTernarySteps; steps++ {
		for _, most := range []int{0, 1, steps, 2 * steps} {
			m := NewMatrix(40, 64, TernaryPlanes(steps), float32(steps))
			for row := range m.Rows {
				for g := range m.Groups() {
					var codes [GroupCols]uint8
					for i := range codes {
						codes[i] = uint8(r.IntN(most + 1))
					}
					m.SetGroup(row, g, &codes, 0, 0)
				}
			}
			for p := m.Planes - 1; p >= 0; p-- {
				const block, count = 1, 4
				var sorted []byte
				var starts []int
				bits := m.CountClasses(p, block, count, 2*steps)
				for c, class := range m.ToClasses(p, block, count, 2*steps) {
					if len(class) != (bits[c]+7)/8 {
						t.Fatalf("T=%d, plane %d, class %d: %d bits in %d bytes", steps, p, c, bits[c],
							len(class))
					}
					starts = append(starts, len(sorted))
					sorted = append(sorted, class...)
				}
				for range ClassSlack {
					sorted = append(sorted, 0xff) // read, and of no effect
				}
				var want []byte
				for b := range count {
					want = m.AppendPlane(want, p, block+b)
				}
				got := make([]byte, len(want))
				m.FromClasses(got, p, block, sorted, starts)
				if string(got) != string(want) {
					t.Fatalf("T=%d, codes up to %d: plane %d came back otherwise", steps, most, p)
				}
			}
		}
	}
}

// BenchmarkFromClasses makes the lowest plane of ternary weights of T=4, whose levels are as those
// of trained ones.
func BenchmarkFromClasses(b *testing.B) {
	const steps, cols = 4, 576
	r := rand.New(rand.NewPCG(7, 8))
	m := NewMatrix(1536, cols, TernaryPlanes(steps), steps)
	for row := range m.Rows {
		for g := range m.Groups() {
			var codes [GroupCols]uint8
			for i := range codes {
				level := int(math.RoundToEven(r.NormFloat64() * 1.6))
				codes[i] = uint8(min(max(level, -steps), steps) + steps)
			}
			m.SetGroup(row, g, &codes, 0, 0)
		}
	}
	sorted := []byte{}
	var starts []int
	for _, class := range m.ToClasses(0, 0, m.Blocks(), 2*steps) {
		starts, sorted = append(starts, len(sorted)), append(sorted, class...)
	}
	sorted = append(sorted, make([]byte, ClassSlack)...)
	raw := make([]byte, m.Blocks()*PlaneBytes)
	b.SetBytes(int64(len(raw)))
	for b.Loop() {
		m.CountClasses(0, 0, m.Blocks(), 2*steps)
		m.FromClasses(raw, 0, 0, sorted, starts)
	}
}
