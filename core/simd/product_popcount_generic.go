package simd

import (
	"encoding/binary"
	"math/bits"
	"slices"

	"github.com/spikechat/spikechat/core/tile"
)

// splatBytes is what the spike planes of a group take with each byte repeated for the 16 rows of a
// tile.
const splatBytes = codePlanes * groupCols / 8 * tileRows

// cutPlanes cuts the codes into binary planes, as many as the group with the most steps needs.
func (s *Spikes) cutPlanes() {
	if s.popcount.words == nil {
		s.popcount.words = make([]uint32, s.Groups()*codePlanes)
		s.popcount.splats = make([]uint8, s.Groups()*splatBytes)
	}
	s.popcount.fired = bits.Len8(StepLevels * slices.Max(s.Steps))
	const lowBits = 0x0101010101010101
	for g := range s.Groups() {
		code := s.Code[g*groupCols:][:groupCols]
		splats := s.popcount.splats[g*splatBytes:][:splatBytes]
		for p := range s.popcount.fired {
			plane := uint32(0)
			for b := range groupCols / 8 {
				// The multiplication brings bit p of byte i to bit 56+i.
				octet := binary.LittleEndian.Uint64(code[8*b:]) >> p & lowBits * 0x0102040810204080 >> 56
				plane |= uint32(octet) << (8 * b)
				at := splats[(p*groupCols/8+b)*tileRows:][:tileRows]
				binary.LittleEndian.PutUint64(at, octet*lowBits)
				binary.LittleEndian.PutUint64(at[8:], octet*lowBits)
			}
			s.popcount.words[g*codePlanes+p] = plane
		}
	}
}

// popcountGeneric computes the tiles from first on.
func popcountGeneric(y []float32, w *tile.Matrix, codeSums *[]uint16, s *Spikes, first int) {
	eachRow(y, w, s, first, func(block []byte, tile, g int, sums *[tileRows]int32) {
		sumCodes := (*codeSums)[(tile*w.Groups()+g)*tileRows:][:tileRows]
		planes := s.popcount.words[g*codePlanes:][:s.popcount.fired]
		for r := range sums {
			var sum int32
			for p := range w.Planes {
				word := w.PlaneWord(block, p, r)
				for q, fired := range planes {
					sum += int32(bits.OnesCount32(word&fired)) << (p + q)
				}
			}
			sums[r] = sum - int32(s.Rest[g])*int32(sumCodes[r])
		}
	})
}

// codePlanes is the number of binary planes of a merged code: 6 hold the 61 levels of T=4.
const codePlanes = 6

// spikePlanes is what Popcount needs of an input.
type spikePlanes struct {
	words  []uint32 // [groups*6]: the codes as binary planes, lowest first, neuron j in bit j
	splats []uint8  // [groups*6*4*16]: the bytes of words, each repeated for the rows of a tile
	fired  int      // how many of the 6 planes can have ones
}
