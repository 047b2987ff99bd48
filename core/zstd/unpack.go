package zstd

import "encoding/binary"

// What Unpack writes before a content: magic, descriptor, and the size in four bytes.
const (
	rawHeaderBytes = 9
	rawDescriptor  = 2<<6 | 1<<5 // four bytes of Frame_Content_Size, Single_Segment_flag
	blockHeader    = 3
)

// Unpack appends the frames of src to dst, with their contents as they are: what it appends gives
// the same contents, and decoding it is copying. A frame that does not fit into the capacity of
// dst, and whatever follows one that is corrupt, is appended as it is.
func (d *Decoder) Unpack(dst, src []byte) []byte {
	for len(src) > 0 {
		declared, _, _, err := header(src)
		if err != nil {
			break
		}
		// What follows may have to be appended as it is.
		room := cap(dst) - len(dst) - len(src)
		if declared > maxUnpacked || rawBytes(int(declared)) > room {
			break
		}
		frame := dst[len(dst) : len(dst)+rawBytes(int(declared))]
		content := frame[rawHeaderBytes+blockHeader:][:declared]
		rest, err := d.DecodeFirst(content, src)
		if err != nil {
			break
		}
		writeRaw(frame, int(declared))
		dst, src = dst[:len(dst)+len(frame)], rest
	}
	return append(dst, src...)
}

// maxUnpacked bounds the content of a frame that Unpack decodes.
const maxUnpacked = 1 << 24

// rawBytes is the size of a frame of raw blocks.
func rawBytes(content int) int {
	return rawHeaderBytes + content + blockHeader*rawBlocks(content)
}

func rawBlocks(content int) int { return max(1, (content+maxBlockSize-1)/maxBlockSize) }

// writeRaw makes a frame of raw blocks around the content that stands behind the header of the
// first block.
func writeRaw(frame []byte, size int) {
	binary.LittleEndian.PutUint32(frame, frameMagic)
	frame[4] = rawDescriptor
	binary.LittleEndian.PutUint32(frame[5:], uint32(size))
	content := frame[rawHeaderBytes+blockHeader:][:size]
	blocks := rawBlocks(size)
	for i := blocks - 1; i >= 0; i-- {
		from, to := i*maxBlockSize, min((i+1)*maxBlockSize, size)
		at := rawHeaderBytes + from + i*blockHeader
		copy(frame[at+blockHeader:], content[from:to])
		head := (to - from) << 3
		if i == blocks-1 {
			head |= 1
		}
		frame[at], frame[at+1], frame[at+2] = byte(head), byte(head>>8), byte(head>>16)
	}
}
