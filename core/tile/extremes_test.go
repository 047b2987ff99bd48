package tile

import (
	"bytes"
	"encoding/binary"
	"math"
	"math/rand/v2"
	"testing"
)

// TestToHalf: every float16 comes back, and of the floats between two the nearest one.
func TestToHalf(t *testing.T) {
	for h := range 0x7bff {
		f, next := Half(uint16(h)), Half(uint16(h+1))
		middle := (f + next) / 2
		for _, c := range []struct {
			f    float32
			want int
		}{
			{f, h}, {middle, h + h%2}, {math.Nextafter32(middle, 0), h},
			{math.Nextafter32(middle, 1e6), h + 1},
		} {
			if got := ToHalf(c.f); got != uint16(c.want) {
				t.Fatalf("%v: %#04x, want %#04x", c.f, got, c.want)
			}
			if got := ToHalf(-c.f); c.f > 0 && got != uint16(c.want)|0x8000 {
				t.Fatalf("%v: %#04x, want %#04x", -c.f, got, c.want|0x8000)
			}
		}
	}
	for f, want := range map[float32]uint16{65504: 0x7bff, 65519: 0x7bff, 65520: 0x7c00, 1e30: 0x7c00,
		-65520: 0xfc00, float32(math.Inf(1)): 0x7c00} {
		if got := ToHalf(f); got != want {
			t.Errorf("%v: %#04x, want %#04x", f, got, want)
		}
	}
}

// TestStoreExtremes compares with StoreHalves of what each value means, for all that there can be.
func TestStoreExtremes(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	for _, offsetBy := range []float32{0, 128} {
		const blocks = 700
		m := NewMatrix(Rows*blocks, GroupCols, 4, offsetBy)
		want := NewMatrix(Rows*blocks, GroupCols, 4, offsetBy)
		m.NormalScales, want.NormalScales = true, true
		for which := 1; which >= 0; which-- {
			if which == 1 && offsetBy != 0 {
				continue
			}
			levels := []float32{15, 127, 31.75}[r.IntN(3)]
			var upper, lower, low, high []byte
			for i := range Rows * blocks {
				half := uint16(i*8) % 0x7c00
				if which == 1 {
					half = uint16(r.UintN(0x7c00)) &^ 7
				}
				hi, lo, ok := CutExtreme(half)
				if back := Extreme(hi, lo|0xf0); !ok || back != half {
					t.Fatalf("%#04x came back as %#04x, %v", half, back, ok)
				}
				upper = append(upper, hi)
				if i%2 == 0 {
					lower = append(lower, lo)
				} else {
					lower[i/2] |= lo << 4
				}
				if which == 0 {
					n := float32(0)
					if offsetBy == 0 {
						_, n = want.Scales(want.Block(i/Rows, 0), i%Rows)
					}
					half = ToHalf((Half(half) + n) / levels)
				}
				low, high = append(low, byte(half)), append(high, byte(half>>8))
			}
			if err := want.StoreHalves(which, 0, low, high); err != nil {
				t.Fatal(err)
			}
			if err := m.StoreExtremes(which, 0, upper, lower, levels); err != nil {
				t.Fatal(err)
			}
		}
		if !bytes.Equal(m.Data, want.Data) || m.NormalScales != want.NormalScales {
			t.Errorf("offset by %v: blocks differ, normal scales %v, %v", offsetBy, m.NormalScales,
				want.NormalScales)
		}
	}
	// Offsets of any sign, in the same words as others, and scales of any size.
	const blocks = 4096
	m := NewMatrix(Rows*blocks, GroupCols, 4, 0)
	for i := range Rows * blocks {
		n := uint16(r.UintN(0x7c00)) | uint16(r.UintN(8)>>2<<15)
		binary.LittleEndian.PutUint16(m.Block(i/Rows, 0)[m.ScalesAt()+ScaleBytes+i%Rows*2:], n)
	}
	upper, lower := make([]byte, Rows*blocks), make([]byte, Rows*blocks/2)
	for i := range upper {
		upper[i] = byte(r.UintN(0xf8))
	}
	for i := range lower {
		lower[i] = byte(r.UintN(256))
	}
	if err := m.StoreExtremes(0, 0, upper, lower, 15); err != nil {
		t.Fatal(err)
	}
	for i, hi := range upper {
		scales := m.Block(i/Rows, 0)[m.ScalesAt()+i%Rows*2:]
		n := binary.LittleEndian.Uint16(scales[ScaleBytes:])
		largest := Extreme(hi, lower[i/2]>>(i%2*4))
		want := RangeScale(largest, n, 15)
		if got := binary.LittleEndian.Uint16(scales); got != want {
			t.Fatalf("%#04x and %#04x: scale %#04x, want %#04x", largest, n, got, want)
		}
	}
	m = NewMatrix(Rows, GroupCols, 4, 128)
	lows := bytes.Repeat([]byte{0xf8}, Rows)
	if err := m.StoreExtremes(0, 0, lows, make([]byte, Rows/2), 127); err == nil {
		t.Error("an infinite weight is stored")
	}
	for _, half := range []uint16{1, 4, 0x7c00, 0x8000, 0xbc00} {
		if _, _, ok := CutExtreme(half); ok {
			t.Errorf("%#04x is an extreme", half)
		}
	}
}
