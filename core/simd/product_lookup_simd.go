//go:build goexperiment.simd && (wasm || amd64 || arm64)

package simd

import (
	"unsafe"

	"github.com/spikechat/spikechat/core/tile"
)

// lookup computes all full tiles and returns how many that is.
func lookup(y []float32, w *tile.Matrix, s *Spikes) int {
	tiles := w.Rows / tileRows
	if !available || tiles == 0 {
		return 0
	}
	switch {
	case w.Missing != 0 || s.wide || s.lookup.together == 1 || tiles < streamed:
		lookupAny(y, w, s, tiles)
	case w.Planes == 4 || w.Planes == 5:
		lookup4(y, w, s, tiles)
	case (w.Planes == 2 || w.Planes == 3) && w.OffsetBy >= 1 && w.NormalScales:
		lookupTernary(y, w, s, tiles)
	default:
		lookupAny(y, w, s, tiles)
	}
	return tiles
}

// lookup4 is for 4 or 5 planes and inputs that are not wide, where the lookups of 8 columns fit a
// byte: the usual case at T=4. 32 codes add up to 4*255 at most then, and times 31 that fits 16
// bits. 4 planes with stored offsets and normal scales (the layers of a Q4_1 model) take a shorter
// way. Other scales are those of Q4_0, which have both signs, and of K-quants, of which some are
// subnormal. As float32 times 2^-112 they are exact; and so are the products that stay subnormal,
// because integers and offsets have few bits, so that all rounds as without the factor.
func lookup4(y []float32, w *tile.Matrix, s *Spikes, tiles int) {
	blocks := w.Groups() * w.BlockBytes()
	_, _ = w.Data[tiles*blocks-1], y[tiles*tileRows-1]
	data, out := unsafe.Pointer(&w.Data[0]), unsafe.Pointer(&y[0])
	step := newStreamStep(w, s, unsafe.Pointer(&s.lookup.excess[0]))
	step.blockBytes, step.fifth = uintptr(w.BlockBytes()), uintptr(w.Planes-4)
	step.scalesAt = uintptr(w.ScalesAt())
	step.offsetsAt, step.by = step.scalesAt+scaleBytes, 1
	if !w.StoredOffsets() {
		step.offsetsAt, step.by = step.scalesAt, w.OffsetBy
	}
	if w.Planes == 5 || !w.StoredOffsets() || !w.NormalScales {
		step.any = 1
	}
	steps, second, third := streams(tiles)
	for tile := range steps {
		leave()
		for i, at := range [streamed]int{tile, second + tile, third + tile} {
			step.begin(i, unsafe.Add(data, at*blocks), unsafe.Add(out, at*4*tileRows))
		}
		switch s.lookup.together {
		case 8: // nearly all inputs at T=1 and T=2
			lookup4By8(&step)
		case 4: // most inputs at T=4
			lookup4By4(&step)
		default:
			lookup4By2(&step)
		}
	}
}

// lookupTernary is lookup4 for 2 or 3 planes with derived offsets and normal scales: ternary spikes
// of 1 to 3 steps. Of an offset of less than one scale a product might not be normal.
func lookupTernary(y []float32, w *tile.Matrix, s *Spikes, tiles int) {
	blocks := w.Groups() * w.BlockBytes()
	_, _ = w.Data[tiles*blocks-1], y[tiles*tileRows-1]
	data, out := unsafe.Pointer(&w.Data[0]), unsafe.Pointer(&y[0])
	step := newStreamStep(w, s, unsafe.Pointer(&s.lookup.excess[0]))
	step.by = w.OffsetBy
	steps, second, third := streams(tiles)
	for tile := range steps {
		leave()
		for i, at := range [streamed]int{tile, second + tile, third + tile} {
			step.begin(i, unsafe.Add(data, at*blocks), unsafe.Add(out, at*4*tileRows))
		}
		switch {
		case w.Planes == 2 && s.lookup.together >= 4:
			ternary2By4(&step)
		case w.Planes == 2:
			ternary2By2(&step)
		case s.lookup.together >= 4:
			ternary3By4(&step)
		default:
			ternary3By2(&step)
		}
	}
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
