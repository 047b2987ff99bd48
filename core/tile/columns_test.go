package tile

import (
	"math/rand/v2"
	"testing"
)

// TestColumns compares every bit with where FORMAT.md puts it, and turns back.
func TestColumns(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	var rows, columns, again [PlaneBytes]byte
	for range 50 {
		for i := range rows {
			rows[i] = byte(r.Uint32())
		}
		Columns(columns[:], rows[:])
		for lane := range Rows {
			for col := range GroupCols {
				want := rows[col/8*16+lane] >> (col % 8) & 1
				if got := columns[col/8*16+lane/8*8+col%8] >> (lane % 8) & 1; got != want {
					t.Fatalf("lane %d, column %d: bit %d, want %d", lane, col, got, want)
				}
			}
		}
		if Columns(again[:], columns[:]); again != rows {
			t.Fatal("turning twice gives another plane")
		}
	}
}

// TestTranspose moves one bit at a time.
func TestTranspose(t *testing.T) {
	for row := range 8 {
		for col := range 8 {
			if got, want := Transpose(1<<(8*row+col)), uint64(1)<<(8*col+row); got != want {
				t.Errorf("row %d, column %d: %#x, want %#x", row, col, got, want)
			}
		}
	}
}
