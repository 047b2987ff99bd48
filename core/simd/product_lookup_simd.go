//go:build goexperiment.simd && (wasm || amd64 || arm64)

package simd

import "github.com/spikechat/spikechat/core/tile"

// lookup computes all full tiles and returns how many that is.
func lookup(y []float32, w *tile.Matrix, s *Spikes) int {
	tiles := w.Rows / tileRows
	if !available || tiles == 0 {
		return 0
	}
	switch {
	case w.Planes != 4 || w.OffsetBy != 0 || !w.NormalScales || s.wide || s.lookup.together == 1 ||
		tiles < streamed:
		lookupAny(y, w, s, tiles)
	case s.lookup.together == 8:
		lookup4By8(y, w, s, tiles)
	case s.lookup.together == 4:
		lookup4By4(y, w, s, tiles)
	default:
		lookup4By2(y, w, s, tiles)
	}
	return tiles
}

// Rows 0-7 of a tile take the even bytes of a vector and rows 8-15 the odd ones. Bytes of several
// lookups are summed as long as they cannot overflow (lookupTables.together); then they are seen as
// uint16: low collects both bytes and high the odd one alone, and at the end low - high<<8 leaves
// rows 0-7, with no unpacking in the loop.

// Sizes of a block with 4 planes and stored offsets, and of one with 8 planes and derived offsets.
const (
	block4 = 4*planeBytes + 2*scaleBytes
	block8 = 8*planeBytes + scaleBytes
)
