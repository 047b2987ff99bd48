package tile

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
	"testing"
)

// TestHalf tries all 65,536 of them against the definition of IEEE 754.
func TestHalf(t *testing.T) {
	for h := range 1 << 16 {
		sign, exponent, fraction := 1.0, h>>10&31, float64(h&0x3ff)
		if h>>15 != 0 {
			sign = -1
		}
		want := sign * math.Ldexp(1024+fraction, exponent-25)
		switch exponent {
		case 0:
			want = sign * math.Ldexp(fraction, -24)
		case 31:
			continue // the readers refuse infinities and NaN
		}
		if got := Half(uint16(h)); math.Float32bits(got) != math.Float32bits(float32(want)) {
			t.Fatalf("half %#04x is %v, want %v", h, got, want)
		}
	}
}

// TestLayout holds every place against the definition: planes from the most significant down, in
// each of them four vectors of 16 bytes, in these the even bytes for rows 0-7 and the odd ones for
// rows 8-15; then the scales by row, then the offsets.
func TestLayout(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for planes := 1; planes <= 8; planes++ {
		for _, offsetBy := range []float32{0, 8} {
			const rows, cols, groups = 37, 96, 3
			m := NewMatrix(rows, cols, planes, offsetBy)
			blockBytes := planes*64 + 32
			if offsetBy == 0 {
				blockBytes += 32
			}
			if m.BlockBytes() != blockBytes || m.Bytes() != int64(3*groups*blockBytes) {
				t.Fatalf("%d planes: blocks of %d bytes, %d in all", planes, m.BlockBytes(), m.Bytes())
			}
			want := make([]byte, len(m.Data))
			for row := range rows {
				for g := range groups {
					var codes, got [GroupCols]uint8
					d, n := uint16(r.Uint32()), uint16(r.Uint32())
					block := want[(row/16*groups+g)*blockBytes:][:blockBytes]
					lane := [16]int{0, 2, 4, 6, 8, 10, 12, 14, 1, 3, 5, 7, 9, 11, 13, 15}[row%16]
					for j := range codes {
						codes[j] = uint8(r.IntN(1 << planes))
						for p := range planes {
							block[(planes-1-p)*64+j/8*16+lane] |= codes[j] >> p & 1 << (j % 8)
						}
					}
					binary.LittleEndian.PutUint16(block[planes*64+row%16*2:], d)
					if offsetBy == 0 {
						binary.LittleEndian.PutUint16(block[planes*64+32+row%16*2:], n)
					} else {
						n = 0
					}
					m.SetGroup(row, g, &codes, d, n)
					if gotD, gotN := m.Group(row, g, &got); got != codes || gotD != d || gotN != n {
						t.Fatalf("%d planes, row %d, group %d: read %v, %#04x, %#04x; stored %v, %#04x, %#04x",
							planes, row, g, got, gotD, gotN, codes, d, n)
					}
				}
			}
			if string(m.Data) != string(want) {
				t.Fatalf("%d planes, offset_by %v: bytes differ from the layout", planes, offsetBy)
			}
		}
	}
}

// TestReadersOfBlocks compares PlaneWord and Scales with what SetGroup stored.
func TestReadersOfBlocks(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for _, offsetBy := range []float32{0, 128} {
		m := NewMatrix(32, 64, 5, offsetBy)
		for row := range m.Rows {
			for g := range m.Groups() {
				var codes [GroupCols]uint8
				for j := range codes {
					codes[j] = uint8(r.IntN(32))
				}
				d, n := uint16(r.IntN(0x7c00)), uint16(r.IntN(0x7c00)|0x8000)
				m.SetGroup(row, g, &codes, d, n)
				block := m.Block(row/Rows, g)
				for p := range m.Planes {
					word := m.PlaneWord(block, p, row%Rows)
					for j, code := range codes {
						if word>>j&1 != uint32(code>>p&1) {
							t.Fatalf("row %d, group %d, plane %d: %#x for %v", row, g, p, word, codes)
						}
					}
				}
				wantD, wantN := Half(d), Half(n)
				if offsetBy != 0 {
					wantN = offsetBy * wantD
				}
				if gotD, gotN := m.Scales(block, row%Rows); gotD != wantD || gotN != wantN {
					t.Fatalf("row %d, group %d: d %v and n %v, want %v and %v", row, g, gotD, gotN, wantD, wantN)
				}
			}
		}
	}
}

// TestAppendUndoesStore: what AppendPlane and AppendHalves give makes the same matrix again.
func TestAppendUndoesStore(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for planes := 1; planes <= 8; planes++ {
		m, again := NewMatrix(40, 64, planes, 0), NewMatrix(40, 64, planes, 0)
		for i := range m.Data {
			m.Data[i] = byte(r.Uint32()) & 0x3f // no float16 is infinite
		}
		for p := planes - 1; p >= 0; p-- {
			var raw []byte
			for block := range m.Blocks() {
				raw = m.AppendPlane(raw, p, block)
			}
			again.StorePlane(p, 0, raw)
		}
		for which := range 2 {
			if err := m.CheckHalves(which); err != nil {
				t.Fatal(err)
			}
			var raw []byte
			for block := range m.Blocks() {
				raw = m.AppendHalves(raw, which, block)
			}
			split := make([]byte, len(raw))
			for i := range len(raw) / 2 {
				split[i], split[len(raw)/2+i] = raw[2*i], raw[2*i+1]
			}
			if err := again.StoreHalves(which, 0, split[:len(split)/2], split[len(split)/2:]); err != nil {
				t.Fatal(err)
			}
		}
		if string(again.Data) != string(m.Data) {
			t.Fatalf("%d planes: another matrix", planes)
		}
	}
}

// TestCheckHalves finds an infinity or NaN at every place of a block, and none elsewhere.
func TestCheckHalves(t *testing.T) {
	m := NewMatrix(2*Rows, GroupCols, 2, 0)
	for i := range m.Data {
		m.Data[i] = 0xff // planes hold anything
	}
	for row := range m.Rows {
		m.SetGroup(row, 0, &[GroupCols]uint8{}, 0x3c00, 0xbc00)
	}
	for which := range 2 {
		for row := range m.Rows {
			for _, half := range []uint16{0x7c00, 0xfc00, 0x7e00} {
				halves := [2]uint16{0x3c00, 0xbc00}
				halves[which] = half
				m.SetGroup(row, 0, &[GroupCols]uint8{}, halves[0], halves[1])
				if m.CheckHalves(which) == nil || m.CheckHalves(1-which) != nil {
					t.Fatalf("row %d, %d is %#04x: %v, the others %v", row, which, half,
						m.CheckHalves(which), m.CheckHalves(1-which))
				}
				m.SetGroup(row, 0, &[GroupCols]uint8{}, 0x3c00, 0xbc00)
			}
		}
	}
}

// TestFirst: the first rows are the same weights in the same memory.
func TestFirst(t *testing.T) {
	m := NewMatrix(40, 64, 3, 0)
	for row := range m.Rows {
		for group := range m.Groups() {
			var codes [GroupCols]uint8
			codes[row%GroupCols] = uint8(row % 8)
			m.SetGroup(row, group, &codes, uint16(row), uint16(group))
		}
	}
	for _, rows := range []int{0, 16, 32, 40} {
		first := m.First(rows, rows+16)
		if first.Rows != rows || first.Whole != rows+16 || int64(len(first.Data)) != first.Bytes() {
			t.Errorf("first %d rows: %d of %d, %d bytes", rows, first.Rows, first.Whole, len(first.Data))
		}
		for row := range rows {
			for group := range m.Groups() {
				var got, want [GroupCols]uint8
				d, n := first.Group(row, group, &got)
				if wantD, wantN := m.Group(row, group, &want); got != want || d != wantD || n != wantN {
					t.Errorf("first %d rows: row %d is another", rows, row)
				}
			}
		}
		if rows > 0 && &first.Data[0] != &m.Data[0] {
			t.Errorf("first %d rows were copied", rows)
		}
	}
}
