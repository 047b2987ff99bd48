package simd

import (
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/spikechat/spikechat/core/tile"
)

// Short names for the geometry of blocks.
const (
	tileRows   = tile.Rows
	groupCols  = tile.GroupCols
	planeBytes = tile.PlaneBytes
	scaleBytes = tile.ScaleBytes
)

// MaxPlanes is how many planes a matrix has at most.
const MaxPlanes = 8

func lane(row int) int { return tile.Lane(row) }

// Weights is a matrix and what kernels derive from it. It is read-only: any number of products may
// use it at a time, also while Prepare or PrepareBounds runs.
type Weights struct {
	*tile.Matrix

	making   sync.Mutex                    // held while one of these is made
	codeSums atomic.Pointer[[]uint16]      // for Popcount
	unpacked atomic.Pointer[unpackedCodes] // for DotCodes
	rows     atomic.Pointer[rowDistances]  // for ResidualBounds
}

// NewWeights makes the weights of a matrix, whose memory they share; it must not change any more.
// NewWeights panics unless the sizes fit together.
func NewWeights(m *tile.Matrix) *Weights {
	if m.Rows < 0 || m.Cols < groupCols || m.Cols%groupCols != 0 || m.Planes < 1 ||
		m.Planes > MaxPlanes || int64(len(m.Data)) != m.Bytes() {
		panic(fmt.Sprintf("simd: weights %d x %d of %d planes in %d bytes",
			m.Rows, m.Cols, m.Planes, len(m.Data)))
	}
	return &Weights{Matrix: m}
}

// Prepare makes what a kernel needs beside the matrix, if it has not been made yet: 2 bytes for
// each row and group for PopcountKernel, a second copy of the matrix for DotKernel, nothing for
// LookupKernel.
func (w *Weights) Prepare(k Kernel) {
	w.making.Lock()
	defer w.making.Unlock()
	switch {
	case k == PopcountKernel && w.codeSums.Load() == nil:
		w.codeSums.Store(w.sumCodes())
	case k == DotKernel && w.unpacked.Load() == nil:
		w.unpacked.Store(w.unpackCodes())
	}
}

// sumCodes gives the sums that Popcount needs, C_rg = Σ_j c_rj by tile, group and row.
func (w *Weights) sumCodes() *[]uint16 {
	sums := make([]uint16, w.Blocks()*tileRows)
	for b := range w.Blocks() {
		block := w.Data[b*w.BlockBytes():][:w.BlockBytes()]
		for p := range w.Planes {
			plane := block[(w.Planes-1-p)*planeBytes:][:planeBytes]
			for i, bits := range plane {
				// Byte i of a plane belongs to the row whose lane is i mod 16.
				row := i%16/2 + i%2*8
				sums[b*tileRows+row] += uint16(ones[bits]) << p
			}
		}
	}
	return &sums
}

// ones counts the bits of a byte.
var ones = func() (t [256]uint8) {
	for i := range t {
		t[i] = t[i/2] + uint8(i%2)
	}
	return t
}()

// spread puts bit i of a byte into byte i of a word.
var spread = func() (t [256]uint64) {
	for b := range t {
		for i := range 8 {
			t[b] |= uint64(b>>i&1) << (8 * i)
		}
	}
	return t
}()

// DequantizeRow writes the Cols weights of one row: w = d*c - n, rounded after each operation.
func (w *Weights) DequantizeRow(dst []float32, row int) {
	if len(dst) != w.Cols || row < 0 || row >= w.Tiles()*tileRows {
		panic(fmt.Sprintf("simd: dequantize row %d of %d into %d values", row, w.Rows, len(dst)))
	}
	at := lane(row % tileRows)
	for g := range w.Groups() {
		block := w.Block(row/tileRows, g)
		d, n := w.Scales(block, row%tileRows)
		for b := range groupCols / 8 {
			var codes uint64
			for p := range w.Planes {
				codes = codes<<1 | spread[block[p*planeBytes+16*b+at]]
			}
			out := dst[g*groupCols+8*b:][:8]
			for i := range out {
				out[i] = float32(d*float32(uint8(codes>>(8*i)))) - n
			}
		}
	}
}
