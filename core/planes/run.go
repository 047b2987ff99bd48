package planes

import (
	"encoding/binary"
	"fmt"

	"github.com/spikechat/spikechat/core/tile"
)

// A shard is a sequence of runs. A run is a skippable zstd frame that holds a runHeader, and one
// zstd frame with the data, or a few, so that a shard is a valid zstd file by itself.
const (
	skippableMagic = 0x184D2A50
	headerBytes    = 8 + 20 // frame magic and size, then the five fields of runHeader
)

// Parts of a tensor that a run can carry; below partScale it is the index of a plane.
const (
	partScale  = 16 // d of each block: the low bytes of all halves of the run, then the high bytes
	partOffset = 17 // n of each block, likewise
	partData   = 18 // float32 values or tokenizer, byte by byte
	partCount  = 19
)

// runHeader says which part of which tensor the following frame holds.
type runHeader struct {
	Tensor uint32 // index in the manifest's table
	Part   uint32 // 16 bits
	Coding uint32 // 16 bits, the upper ones of the same field
	First  uint32 // first unit: a block for planes and scales, a byte for data
	Count  uint32 // units
	Packed uint32 // bytes of the zstd frames
}

func (h runHeader) append(b []byte) []byte {
	b = binary.LittleEndian.AppendUint32(b, skippableMagic)
	b = binary.LittleEndian.AppendUint32(b, headerBytes-8)
	for _, v := range [...]uint32{h.Tensor, h.Part | h.Coding<<16, h.First, h.Count, h.Packed} {
		b = binary.LittleEndian.AppendUint32(b, v)
	}
	return b
}

func parseRunHeader(b []byte) (h runHeader, err error) {
	if len(b) < headerBytes {
		return h, fmt.Errorf("%w: %d bytes where a run header has %d", ErrInvalid, len(b), headerBytes)
	}
	magic, size := binary.LittleEndian.Uint32(b), binary.LittleEndian.Uint32(b[4:])
	if magic != skippableMagic || size != headerBytes-8 {
		return h, fmt.Errorf("%w: no run header here (frame %#x of %d bytes)", ErrInvalid, magic, size)
	}
	for i, p := range [...]*uint32{&h.Tensor, &h.Part, &h.First, &h.Count, &h.Packed} {
		*p = binary.LittleEndian.Uint32(b[8+4*i:])
	}
	h.Part, h.Coding = h.Part&0xffff, h.Part>>16
	return h, nil
}

// units gives how many units a part of a tensor has and how many bytes a unit decodes to; 0 units:
// the tensor has no such part.
func (t *Tensor) units(part uint32) (count, size int) {
	if !t.IsMatrix() {
		if part != partData {
			return 0, 0
		}
		return int(t.memory()), 1
	}
	m := t.matrix()
	blocks := m.Blocks()
	switch {
	case part < uint32(t.Planes):
		return blocks, tile.PlaneBytes
	case part == partScale, part == partOffset && m.StoredOffsets():
		return blocks, tile.ScaleBytes
	}
	return 0, 0
}
