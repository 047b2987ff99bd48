package tile

import (
	"encoding/binary"
	"math/rand/v2"
	"testing"
)

// TestStorePlane compares with one byte at a time, in every plane, at every block, and wants
// nothing else touched.
func TestStorePlane(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for planes := 1; planes <= 8; planes++ {
		for _, offsetBy := range []float32{0, 8} {
			m := NewMatrix(5*Rows, GroupCols, planes, offsetBy)
			for p := range planes {
				for first := range 5 {
					for n := 1; first+n <= 5; n++ {
						for i := range m.Data {
							m.Data[i] = byte(r.Uint32())
						}
						want := append([]byte(nil), m.Data...)
						raw := make([]byte, n*PlaneBytes)
						for i := range raw {
							raw[i] = byte(r.Uint32())
							at := (first+i/PlaneBytes)*m.BlockBytes() + (planes-1-p)*PlaneBytes + i%PlaneBytes
							want[at] = raw[i]
							if p < planes-1 {
								want[at] ^= want[at-PlaneBytes]
							}
						}
						m.StorePlane(p, first, raw)
						if string(m.Data) != string(want) {
							t.Fatalf("plane %d of %d, offset_by %v, blocks %d+%d", p, planes, offsetBy, first, n)
						}
					}
				}
			}
		}
	}
}

// TestStoreHalves stores every float16 at every place of a block.
func TestStoreHalves(t *testing.T) {
	m := NewMatrix(3*Rows, GroupCols, 2, 0)
	for which := range 2 {
		for half := range 1 << 16 {
			place := Rows + half%Rows // in the second of three blocks
			raw := make([]byte, 3*ScaleBytes)
			for i := range len(raw) / 2 {
				raw[i], raw[len(raw)/2+i] = byte(i), 0x3c
			}
			raw[place], raw[len(raw)/2+place] = byte(half), byte(half>>8)
			clear(m.Data)
			m.NormalScales = true
			err := m.StoreHalves(which, 0, raw[:len(raw)/2], raw[len(raw)/2:])
			if finite := finiteHalf(uint16(half)); finite != (err == nil) {
				t.Fatalf("%#04x: %v", half, err)
			} else if want := normalHalf(uint16(half)); finite && m.NormalScales != want {
				t.Fatalf("%#04x has normal scales: %v, want %v", half, m.NormalScales, want)
			}
			for i := range len(raw) / 2 {
				at := i/Rows*m.BlockBytes() + m.Planes*PlaneBytes + which*ScaleBytes + i%Rows*2
				want := uint16(raw[i]) | uint16(raw[len(raw)/2+i])<<8
				if got := binary.LittleEndian.Uint16(m.Data[at:]); got != want {
					t.Fatalf("%#04x: value %d is %#04x, want %#04x", half, i, got, want)
				}
			}
		}
	}
	// What was not normal stays so.
	m.NormalScales = false
	zeros := make([]byte, Rows)
	if err := m.StoreHalves(0, 0, zeros, zeros); err != nil || m.NormalScales {
		t.Errorf("normal again: %v", err)
	}
}

func BenchmarkStore(b *testing.B) {
	m := NewMatrix(1536, 576, 4, 0)
	raw := make([]byte, m.Blocks()*PlaneBytes)
	halves := raw[:m.Blocks()*ScaleBytes]
	for _, c := range []struct {
		name  string
		raw   []byte
		store func()
	}{
		{"part=top", raw, func() { m.StorePlane(3, 0, raw) }},
		{"part=gray", raw, func() { m.StorePlane(2, 0, raw) }},
		{"part=scales", halves, func() {
			_ = m.StoreHalves(0, 0, halves[:len(halves)/2], halves[len(halves)/2:])
		}},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(int64(len(c.raw)))
			for b.Loop() {
				c.store()
			}
		})
	}
}
