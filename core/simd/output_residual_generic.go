package simd

import (
	"encoding/binary"
	"math"

	"github.com/spikechat/spikechat/core/tile"
)

// distanceGeneric gives the largest |w_r - μ|² of a block's rows, or a little more. w_rj = d_r e_rj
// with e = c-128, and μ_j = θ k_j, where signed has each k 8 times and square is at least |μ|². So
//
//	|w_r - μ|² = d² Σe² - 2 d θ Σek + |μ|²
//
// Σe² is summed 4 columns at a time, in 16 bits, and in units of 8: what saturates (1 of 65536) and
// what the shift drops is less than 8 each time, so the 8 columns of 4 lose less than 64. Rounding:
// d²Σe² and the last term together are S, and the middle one is no larger. Two roundings made the
// first, two the middle one, and of the two sums one is up to S and one up to 2S: 7 u S, u = 2^-24,
// to first order. 16 u S goes on top.
//
// largestScale has the bits of the largest d so far, of rows r and r+8: positive float16 are
// ordered like their bits.
func distanceGeneric(block []byte, signed []int16, threshold, square float32,
	largestScale *[8]uint16) (far float32) {
	for r := range tileRows {
		squares, dot := int32(0), int32(0)
		for at := 0; at < groupCols; at += 4 {
			sum := int32(0)
			for j := at; j < at+4; j++ {
				code := int32(0)
				for p := range outputPlanes {
					code = 2*code + int32(block[p*planeBytes+j/8*16+lane(r)]>>(j%8)&1)
				}
				e := code - 128
				sum += e * e
				dot += e * int32(signed[8*j])
			}
			squares += min(sum, math.MaxUint16) >> 3
		}
		bits := binary.LittleEndian.Uint16(block[outputPlanes*planeBytes+2*r:])
		largestScale[r%8] = max(largestScale[r%8], bits&0x7fff)
		d := tile.Half(bits)
		both := float32(float32(float32(8*squares+64)*d)*d) + square
		far = max(far, both+float32(both*0x1p-20)-float32(float32(float32(2*dot)*d)*threshold))
	}
	return far
}
