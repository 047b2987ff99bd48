//go:build goexperiment.simd && (wasm || amd64 || arm64)

package simd

import (
	"simd/archsimd"
	"unsafe"

	"github.com/spikechat/spikechat/core/tile"
)

// streamStep is what a kernel of streams does at once: it adds all groups of one tile of each
// stream to the sums of its 16 rows. The sums are in memory, because the registers are full.
type streamStep struct {
	blocks, rows [streamed]unsafe.Pointer
	// Of the first group: its eight tables, its threshold and groupSum, and what else the kernel
	// wants of each group.
	tables, scales, rest unsafe.Pointer
	groups               uintptr

	// Of lookups: the size of a block, and 1 where there is a fifth plane.
	blockBytes, fifth uintptr
	// Where any is 1 scales may have any sign and stand at scalesAt of a block, and its offsets are
	// by times what is at offsetsAt. A fifth plane wants that. Where any is 0 both are as in block4.
	any, scalesAt, offsetsAt uintptr
	by                       float32
}

// newStreamStep is a step of weights and the spikes' tables; blocks and rows are still to be set.
func newStreamStep(w *tile.Matrix, s *Spikes, rest unsafe.Pointer) streamStep {
	return streamStep{tables: unsafe.Pointer(&s.lookup.sums[0]), scales: unsafe.Pointer(&s.scaled[0]),
		rest: rest, groups: uintptr(w.Groups())}
}

// begin puts stream i at a tile's first block and its sums, which become 0, at rows.
func (s *streamStep) begin(i int, block, rows unsafe.Pointer) {
	var zero archsimd.Float32x4
	s.blocks[i], s.rows[i] = block, rows
	storeFloats4(rows, 0, zero)
	storeFloats4(rows, 16, zero)
	storeFloats4(rows, 32, zero)
	storeFloats4(rows, 48, zero)
}
