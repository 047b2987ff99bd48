package zstd

import (
	"encoding/binary"
	"math/bits"
)

// xxhash64 is XXH64 with the seed 0: the hash whose lower half is a frame's Content_Checksum.
func xxhash64(b []byte) uint64 {
	const (
		p1 uint64 = 0x9E3779B185EBCA87
		p2 uint64 = 0xC2B2AE3D27D4EB4F
		p3 uint64 = 0x165667B19E3779F9
		p4 uint64 = 0x85EBCA77C2B2AE63
		p5 uint64 = 0x27D4EB2F165667C5
	)
	round := func(h, word uint64) uint64 { return bits.RotateLeft64(h+word*p2, 31) * p1 }
	h := p5
	n := uint64(len(b))
	if n >= 32 {
		p := p1 // a variable: constants may not overflow
		lanes := [4]uint64{p + p2, p2, 0, -p}
		for ; len(b) >= 32; b = b[32:] {
			for i := range lanes {
				lanes[i] = round(lanes[i], binary.LittleEndian.Uint64(b[8*i:]))
			}
		}
		h = 0
		for i, lane := range lanes {
			h += bits.RotateLeft64(lane, [4]int{1, 7, 12, 18}[i])
		}
		for _, lane := range lanes {
			h = (h^round(0, lane))*p1 + p4
		}
	}
	h += n
	for ; len(b) >= 8; b = b[8:] {
		h = bits.RotateLeft64(h^round(0, binary.LittleEndian.Uint64(b)), 27)*p1 + p4
	}
	if len(b) >= 4 {
		h = bits.RotateLeft64(h^uint64(binary.LittleEndian.Uint32(b))*p1, 23)*p2 + p3
		b = b[4:]
	}
	for _, c := range b {
		h = bits.RotateLeft64(h^uint64(c)*p5, 11) * p1
	}
	h = (h ^ h>>33) * p2
	h = (h ^ h>>29) * p3
	return h ^ h>>32
}
