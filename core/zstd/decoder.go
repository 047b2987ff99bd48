package zstd

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// The causes a caller can tell apart with errors.Is.
var (
	// ErrCorrupt reports bytes that are not one Zstandard frame.
	ErrCorrupt = errors.New("corrupt zstd frame")
	// ErrSize reports a frame that declares no size, or another one than its caller wants.
	ErrSize = errors.New("zstd frame of another size")
	// ErrUnsupported reports a frame that needs a dictionary or a large window.
	ErrUnsupported = errors.New("unsupported zstd frame")
)

func corrupt(format string, args ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{ErrCorrupt}, args...)...)
}

const (
	frameMagic   = 0xFD2FB528
	maxWindowLog = 23        // 8 MiB, what the RFC asks every decoder to support
	maxBlockSize = 128 << 10 // of a block's content
)

// Decoder decodes one frame after the other. Its zero value is ready for use, by one goroutine at a
// time.
type Decoder struct {
	content  []byte // of the frame under way
	done     int    // bytes of it that are there
	literals [maxBlockSize]byte
	huffman  huffmanTable
	codes    [3]fseTable // of sequences: literals lengths, offsets, match lengths
	repeats  [3]int      // Repeated_Offset1 to 3
}

// checksumBytes is the size of Content_Checksum, which is not compared: a shard's SHA-256 covers
// the frame, and the writer leaves it out.
const checksumBytes = 4

// Decode fills dst with the content of src, which is one whole frame of that size. After an error
// dst holds nothing of use.
func (d *Decoder) Decode(dst, src []byte) error { return d.DecodeAll(src, dst) }

// DecodeAll is Decode for a src of several frames, and as many contents.
func (d *Decoder) DecodeAll(src []byte, contents ...[]byte) (err error) {
	for _, dst := range contents {
		if src, err = d.DecodeFirst(dst, src); err != nil {
			return err
		}
	}
	if len(src) > 0 {
		return corrupt("%d bytes behind it", len(src))
	}
	return nil
}

// DecodeFirst is Decode for a src that begins with the frame, and gives what follows it.
func (d *Decoder) DecodeFirst(dst, src []byte) (rest []byte, err error) {
	declared, blocks, checksum, err := header(src)
	if errors.Is(err, ErrSize) {
		return nil, fmt.Errorf("%w, want %d bytes", err, len(dst))
	}
	if err != nil {
		return nil, err
	}
	if declared != uint64(len(dst)) {
		return nil, fmt.Errorf("%w: declares %d bytes, want %d", ErrSize, declared, len(dst))
	}
	d.content, d.done = dst, 0
	d.huffman.bits = 0
	for i := range d.codes {
		d.codes[i].log = -1
	}
	d.repeats = [3]int{1, 4, 8}
	for last := false; !last; {
		if last, blocks, err = d.block(blocks); err != nil {
			return nil, err
		}
	}
	if d.done != len(dst) {
		return nil, corrupt("holds %d bytes, declares %d", d.done, len(dst))
	}
	if checksum {
		if len(blocks) < checksumBytes {
			return nil, corrupt("checksum cut short")
		}
		blocks = blocks[checksumBytes:]
	}
	return blocks, nil
}

// header checks the Frame_Header and gives the size that it declares and what follows it.
func header(src []byte) (declared uint64, blocks []byte, checksum bool, err error) {
	if len(src) < 5 || binary.LittleEndian.Uint32(src) != frameMagic {
		return 0, nil, false, corrupt("no frame header")
	}
	descriptor := src[4]
	src = src[5:]
	singleSegment := descriptor>>5&1 != 0
	switch {
	case descriptor>>3&1 != 0:
		return 0, nil, false, corrupt("reserved bit")
	case descriptor&3 != 0:
		return 0, nil, false, fmt.Errorf("%w: with a dictionary", ErrUnsupported)
	}
	if !singleSegment && len(src) > 0 {
		if log := 10 + src[0]>>3; log > maxWindowLog {
			return 0, nil, false, fmt.Errorf("%w: window of 2^%d bytes", ErrUnsupported, log)
		}
		src = src[1:]
	}
	bytes := 1 << (descriptor >> 6) // of Frame_Content_Size
	if bytes == 1 && !singleSegment {
		return 0, nil, false, fmt.Errorf("%w: declares none", ErrSize)
	}
	if len(src) < bytes {
		return 0, nil, false, corrupt("header cut short")
	}
	var field [8]byte
	copy(field[:], src[:bytes])
	declared = binary.LittleEndian.Uint64(field[:])
	if bytes == 2 {
		declared += 256
	}
	return declared, src[bytes:], descriptor>>2&1 != 0, nil
}

// block decodes one block and gives what follows it.
func (d *Decoder) block(src []byte) (last bool, rest []byte, err error) {
	if len(src) < 3 {
		return false, nil, corrupt("block cut short")
	}
	head := int(src[0]) | int(src[1])<<8 | int(src[2])<<16
	src = src[3:]
	kind, size := head>>1&3, head>>3
	packed := size
	if kind == 1 {
		packed = 1
	}
	if size > maxBlockSize || packed > len(src) {
		return false, nil, corrupt("block of %d bytes, %d are left", size, len(src))
	}
	data, rest := src[:packed], src[packed:]
	switch kind {
	case 0: // Raw_Block
		err = d.write(data)
	case 1: // RLE_Block
		fill(d.literals[:size], data[0])
		err = d.write(d.literals[:size])
	case 2: // Compressed_Block
		start := d.done
		var literals []byte
		if literals, data, err = d.readLiterals(data); err == nil {
			err = d.sequences(data, literals)
		}
		if err == nil && d.done-start > maxBlockSize {
			err = corrupt("block of %d bytes", d.done-start)
		}
	default:
		err = corrupt("reserved block type")
	}
	return head&1 != 0, rest, err
}

// write appends to the content.
func (d *Decoder) write(data []byte) error {
	if len(data) > len(d.content)-d.done {
		return corrupt("more than %d bytes", len(d.content))
	}
	d.done += copy(d.content[d.done:], data)
	return nil
}

func fill(b []byte, c byte) {
	for i := range b {
		b[i] = c
	}
}
