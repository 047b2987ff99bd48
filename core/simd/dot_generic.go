package simd

import "encoding/binary"

// The yardstick without spikes wants whole codes, so it has a layout of its own. Two tiles lie together: for each column of a
// group a vector of 8 uint16, whose four nibbles of lane l are the codes of rows l, 8+l, 16+l and 24+l. Codes of more than 4
// bits take two such runs of 32 columns, the upper digit first. The scales of the first tile and of the second follow.
const (
	dotRows       = 2 * tileRows
	dotDigitBytes = dotRows * groupCols / 2
)

func (w *Weights) dotDigits() int { return (w.Planes + 3) / 4 }

func (w *Weights) dotScaleBytes() int { return w.BlockBytes() - w.Planes*planeBytes }

func (w *Weights) dotBlockBytes() int { return w.dotDigits()*dotDigitBytes + 2*w.dotScaleBytes() }

// UnpackCodes prepares DotCodes: it makes a second copy of the weights, in which each code's bits lie together.
func (w *Weights) UnpackCodes() {
	if w.codes != nil {
		return
	}
	codes := make([]byte, (w.Tiles()+1)/2*w.Groups()*w.dotBlockBytes())
	for tile := range w.Tiles() {
		for g := range w.Groups() {
			from := w.Block(tile, g)
			to := codes[(tile/2*w.Groups()+g)*w.dotBlockBytes():][:w.dotBlockBytes()]
			copy(to[w.dotDigits()*dotDigitBytes+tile%2*w.dotScaleBytes():], from[w.Planes*planeBytes:])
			for row := range tileRows {
				for p := range w.Planes {
					digit := to[(w.dotDigits()-1-p/4)*dotDigitBytes:]
					// Byte and place of the nibble, of the two bytes that little-endian order makes of a lane.
					at, shift := row%8*2+tile%2, row/8*4+p%4
					word := w.PlaneWord(from, p, row)
					for j := range groupCols {
						digit[16*j+at] |= byte(word>>j&1) << shift
					}
				}
			}
		}
	}
	w.codes = codes
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
func dotCodesGeneric(y []float32, w *Weights, s *Spikes, first int) {
	eachRow(y, w, s, first, func(_ []byte, tile, g int, sums *[tileRows]int32) {
		block := w.codes[(tile/2*w.Groups()+g)*w.dotBlockBytes():]
		for r := range sums {
			sum := int32(0)
			for j := range groupCols {
				code := int32(0)
				for digit := range w.dotDigits() {
					lane := binary.LittleEndian.Uint16(block[digit*dotDigitBytes+16*j+r%8*2:])
					code = code<<4 | int32(lane>>(tile%2*8+r/8*4)&15)
				}
				sum += code * int32(s.signed[8*(g*groupCols+j)])
			}
			sums[r] = sum
		}
	})
}
