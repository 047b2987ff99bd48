package planes

import (
	"encoding/binary"
	"fmt"

	"github.com/klauspost/compress/zstd"
)

// A shard is a sequence of runs. A run is a skippable zstd frame that holds a runHeader, and one zstd frame with the
// data, so that a shard is a valid zstd file by itself.
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
	Part   uint32
	First  uint32 // first unit: a block for planes and scales, a byte for data
	Count  uint32 // units
	Packed uint32 // bytes of the zstd frame
}

func (h runHeader) append(b []byte) []byte {
	b = binary.LittleEndian.AppendUint32(b, skippableMagic)
	b = binary.LittleEndian.AppendUint32(b, headerBytes-8)
	for _, v := range [...]uint32{h.Tensor, h.Part, h.First, h.Count, h.Packed} {
		b = binary.LittleEndian.AppendUint32(b, v)
	}
	return b
}

func parseRunHeader(b []byte) (h runHeader, err error) {
	if len(b) < headerBytes {
		return h, fmt.Errorf("%w: %d bytes where a run header has %d", ErrInvalid, len(b), headerBytes)
	}
	if magic, size := binary.LittleEndian.Uint32(b), binary.LittleEndian.Uint32(b[4:]); magic != skippableMagic || size != headerBytes-8 {
		return h, fmt.Errorf("%w: no run header here (frame %#x of %d bytes)", ErrInvalid, magic, size)
	}
	for i, p := range [...]*uint32{&h.Tensor, &h.Part, &h.First, &h.Count, &h.Packed} {
		*p = binary.LittleEndian.Uint32(b[8+4*i:])
	}
	return h, nil
}

// units gives how many units a part of a tensor has and how many bytes a unit decodes to; 0 units: the tensor has no such
// part.
func (t *Tensor) units(part uint32) (count, size int) {
	if t.Kind != KindUnsigned {
		if part != partData {
			return 0, 0
		}
		return int(t.memory()), 1
	}
	m := Matrix{Rows: t.Rows, Cols: t.Cols, Planes: t.Planes, OffsetBy: t.OffsetBy}
	blocks := m.Tiles() * m.Groups()
	switch {
	case part < uint32(t.Planes):
		return blocks, PlaneBytes
	case part == partScale, part == partOffset && m.StoredOffsets():
		return blocks, ScaleBytes
	}
	return 0, 0
}

// newDecoder gives a zstd decoder that cannot be made to take more memory than one run needs.
func newDecoder() (*zstd.Decoder, error) {
	return zstd.NewReader(nil,
		zstd.WithDecoderConcurrency(1),
		zstd.WithDecoderLowmem(true),
		zstd.WithDecoderMaxMemory(MaxRunBytes),
		zstd.WithDecodeAllCapLimit(true))
}

// decodeRun inflates one frame into dst[:size]; dst has the capacity MaxRunBytes.
func decodeRun(dec *zstd.Decoder, dst, frame []byte, size int) ([]byte, error) {
	var h zstd.Header
	if err := h.Decode(frame); err != nil {
		return nil, fmt.Errorf("%w: zstd frame: %w", ErrInvalid, err)
	}
	if h.Skippable || h.DictionaryID != 0 || !h.HasFCS || h.FrameContentSize != uint64(size) {
		return nil, fmt.Errorf("%w: zstd frame declares %d bytes, want %d", ErrInvalid, h.FrameContentSize, size)
	}
	// The decoder would go on to further frames, such as skippable ones that hold anything.
	if n := frameBytes(frame, &h); n != len(frame) {
		return nil, fmt.Errorf("%w: zstd frame of %d bytes in a run of %d", ErrInvalid, n, len(frame))
	}
	out, err := dec.DecodeAll(frame, dst[:0:size])
	if err != nil {
		return nil, fmt.Errorf("%w: zstd frame: %w", ErrInvalid, err)
	}
	if len(out) != size {
		return nil, fmt.Errorf("%w: zstd frame holds %d bytes, want %d", ErrInvalid, len(out), size)
	}
	return out, nil
}

// frameBytes gives where the first zstd frame ends by walking over its blocks (RFC 8878, section 3.1.1.2); past the end of
// frame where it is cut short.
func frameBytes(frame []byte, h *zstd.Header) int {
	at := h.HeaderSize
	for last := false; !last; {
		if at+3 > len(frame) {
			return len(frame) + 1
		}
		block := int(frame[at]) | int(frame[at+1])<<8 | int(frame[at+2])<<16
		last = block&1 != 0
		size := block >> 3
		if block>>1&3 == 1 { // one byte, repeated size times
			size = 1
		}
		at += 3 + size
	}
	if h.HasCheckSum {
		at += 4
	}
	return at
}
