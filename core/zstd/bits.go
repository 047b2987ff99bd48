package zstd

import (
	"encoding/binary"
	"math/bits"
)

// bitReader reads a bitstream from its end to its start. Before the start it finds zeros, without
// end.
type bitReader struct {
	src  []byte
	at   int    // bytes of src that are not loaded yet; below 0 where zeros were loaded
	bits uint64 // what is loaded, from the highest bit down
	left uint   // loaded bits
}

// newBitReader starts below the highest set bit of the last byte, which marks the end.
func newBitReader(src []byte) (bitReader, error) {
	r := bitReader{src: src, at: len(src)}
	if len(src) == 0 || src[len(src)-1] == 0 {
		return r, corrupt("bitstream without an end")
	}
	r.fill()
	r.read(uint(bits.LeadingZeros8(src[len(src)-1])) + 1)
	return r, nil
}

// fill makes sure that 32 bits or more are loaded.
func (r *bitReader) fill() {
	if r.left <= 32 {
		r.load()
	}
}

func (r *bitReader) load() {
	var word [4]byte
	if r.at >= 4 {
		word = [4]byte(r.src[r.at-4:])
	} else if r.at > 0 {
		copy(word[4-r.at:], r.src)
	}
	r.bits |= uint64(binary.LittleEndian.Uint32(word[:])) << (32 - r.left)
	r.at -= 4
	r.left += 32
}

// read gives the next n loaded bits, at most 32.
func (r *bitReader) read(n uint) int {
	v := r.bits >> 32 >> (32 - n)
	r.bits <<= n
	r.left -= n
	return int(v)
}

// unread is the number of bits up to the start; below 0 where more were read.
func (r *bitReader) unread() int { return 8*r.at + int(r.left) }
