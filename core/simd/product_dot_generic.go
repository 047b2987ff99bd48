package simd

import (
	"encoding/binary"

	"github.com/spikechat/spikechat/core/tile"
)

// unpackedCodes is a second copy of a matrix: the yardstick without spikes wants whole codes. Two
// tiles and a group make a pair. For each column it has a vector of 8 uint16, whose four nibbles of
// lane l are the codes of rows l, 8+l, 16+l and 24+l. Codes of more than 4 bits take two such sets
// of 32 vectors, the upper nibbles first. The scales of the first tile and of the second follow.
type unpackedCodes struct {
	nibbles    int // of a code: 1 or 2
	scaleBytes int // what a block has of scales and offsets
	pairBytes  int
	data       []byte
}

const (
	dotRows        = 2 * tileRows
	dotNibbleBytes = dotRows * groupCols / 2
)

// unpackCodes makes the copy that DotCodes needs.
func (w *Weights) unpackCodes() *unpackedCodes {
	u := &unpackedCodes{nibbles: (w.Planes + 3) / 4, scaleBytes: w.BlockBytes() - w.ScalesAt()}
	u.pairBytes = u.nibbles*dotNibbleBytes + 2*u.scaleBytes
	u.data = make([]byte, (w.Tiles()+1)/2*w.Groups()*u.pairBytes)
	for tile := range w.Tiles() {
		for g := range w.Groups() {
			from := w.Block(tile, g)
			to := u.data[(tile/2*w.Groups()+g)*u.pairBytes:][:u.pairBytes]
			copy(to[u.nibbles*dotNibbleBytes+tile%2*u.scaleBytes:], from[w.ScalesAt():])
			for row := range tileRows {
				for p := range w.Planes {
					nibbles := to[(u.nibbles-1-p/4)*dotNibbleBytes:]
					// Byte and place of the nibble, of the two bytes that little-endian order
					// makes of a lane.
					at, shift := row%8*2+tile%2, row/8*4+p%4
					word := w.PlaneWord(from, p, row)
					for j := range groupCols {
						nibbles[16*j+at] |= byte(word>>j&1) << shift
					}
				}
			}
		}
	}
	return u
}

// signCodes prepares the codes from rest, k = q - z, each 8 times.
func (s *Spikes) signCodes() {
	if s.signed == nil {
		s.signed = make([]int16, 8*len(s.Code))
	}
	for j, q := range s.Code {
		k := int16(q) - int16(s.Rest[j/groupCols])
		eight := (*[8]int16)(s.signed[8*j:])
		for i := range eight {
			eight[i] = k
		}
	}
}

// dotCodesGeneric computes the tiles from first on.
func dotCodesGeneric(y []float32, w *tile.Matrix, u *unpackedCodes, s *Spikes, first int) {
	eachRow(y, w, s, first, func(_ []byte, tile, g int, sums *[tileRows]int32) {
		block := u.data[(tile/2*w.Groups()+g)*u.pairBytes:]
		for r := range sums {
			sum := int32(0)
			for j := range groupCols {
				code := int32(0)
				for n := range u.nibbles {
					lane := binary.LittleEndian.Uint16(block[n*dotNibbleBytes+16*j+r%8*2:])
					code = code<<4 | int32(lane>>(tile%2*8+r/8*4)&15)
				}
				sum += code * int32(s.signed[8*(g*groupCols+j)])
			}
			sums[r] = sum
		}
	})
}

// signedCodes [cols*8] is what DotCodes needs of an input: k = q - z, each 8 times.
type signedCodes []int16
