package zstd

import "encoding/binary"

// readLiterals decodes a Literals_Section and gives what follows it.
func (d *Decoder) readLiterals(src []byte) (literals, rest []byte, err error) {
	var head [5]byte
	if copy(head[:], src) == 0 {
		return nil, nil, corrupt("no literals")
	}
	word := int(binary.LittleEndian.Uint32(head[:])) | int(head[4])<<32
	kind, format := word&3, word>>2&3
	if kind < 2 { // Raw_Literals_Block, RLE_Literals_Block
		bytes := [4]int{1, 2, 1, 3}[format]
		size := word & (1<<(8*bytes) - 1) >> [4]int{3, 4, 3, 4}[format]
		packed := size
		if kind == 1 {
			packed = 1
		}
		if size > maxBlockSize || bytes+packed > len(src) {
			return nil, nil, corrupt("%d literals in %d bytes", size, len(src))
		}
		data := src[bytes : bytes+packed]
		if kind == 1 {
			fill(d.literals[:size], data[0])
			data = d.literals[:size]
		}
		return data, src[bytes+packed:], nil
	}
	// Compressed_Literals_Block, Treeless_Literals_Block
	bytes := [4]int{3, 3, 4, 5}[format]
	width := [4]int{10, 10, 14, 18}[format]
	size, packed := word>>4&(1<<width-1), word>>(4+width)&(1<<width-1)
	if size > maxBlockSize || bytes+packed > len(src) {
		return nil, nil, corrupt("%d literals in %d bytes", size, len(src))
	}
	data, rest := src[bytes:bytes+packed], src[bytes+packed:]
	if kind == 2 {
		if data, err = d.huffman.read(data); err != nil {
			return nil, nil, err
		}
	} else if d.huffman.bits == 0 {
		return nil, nil, corrupt("literals without a Huffman tree")
	}
	literals = d.literals[:size]
	if format == 0 {
		return literals, rest, d.huffman.decode(literals, data)
	}
	// Four streams, the first three of which make equally many literals.
	if len(data) < 6 {
		return nil, nil, corrupt("jump table cut short")
	}
	jumps, data := data[:6], data[6:]
	each := (size + 3) / 4
	if 3*each > size {
		return nil, nil, corrupt("%d literals in four streams", size)
	}
	var streams [4][]byte
	for i := range 3 {
		n := int(binary.LittleEndian.Uint16(jumps[2*i:]))
		if n > len(data) {
			return nil, nil, corrupt("stream of %d bytes, %d are left", n, len(data))
		}
		streams[i], data = data[:n], data[n:]
	}
	streams[3] = data
	err = d.huffman.decodeTwo(literals[:each], streams[0], literals[each:2*each], streams[1])
	if err != nil {
		return nil, nil, err
	}
	err = d.huffman.decodeTwo(literals[2*each:3*each], streams[2], literals[3*each:], streams[3])
	return literals, rest, err
}
