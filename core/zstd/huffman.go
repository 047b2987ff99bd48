package zstd

import (
	"bytes"
	"encoding/binary"
	"math/bits"
)

// maxHuffmanBits is the length of the longest code.
const maxHuffmanBits = 11

// huffmanTable decodes a Huffman code: the next maxHuffmanBits bits of a stream select an entry.
type huffmanTable struct {
	bits    int // of the longest code; 0 where there is no table yet
	entries [1 << maxHuffmanBits]huffmanEntry
	code    fseTable // of the weights
}

// huffmanEntry holds a symbol in its upper byte and the length of its code in the lower one.
type huffmanEntry uint16

func (e huffmanEntry) symbol() uint8 { return uint8(e >> 8) }
func (e huffmanEntry) bits() uint    { return uint(e & 15) }

// read parses a Huffman_Tree_Description and gives what follows it.
func (t *huffmanTable) read(src []byte) (rest []byte, err error) {
	t.bits = 0
	if len(src) == 0 {
		return nil, corrupt("no Huffman tree")
	}
	head := int(src[0])
	src = src[1:]
	var weights [256]uint8 // by symbol; the last one is not written
	n := 0
	if head < 128 {
		if head > len(src) {
			return nil, corrupt("Huffman tree cut short")
		}
		if n, err = t.readWeights(weights[:255], src[:head]); err != nil {
			return nil, err
		}
		rest = src[head:]
	} else {
		n = head - 127
		if (n+1)/2 > len(src) {
			return nil, corrupt("Huffman tree cut short")
		}
		for i := range n {
			weights[i] = src[i/2] >> (4 - i%2*4) & 15
		}
		rest = src[(n+1)/2:]
	}
	return rest, t.build(weights[:n+1])
}

// readWeights decodes weights that are packed with FSE: two states take turns until one needs bits
// and none are left.
func (t *huffmanTable) readWeights(weights, src []byte) (n int, err error) {
	if src, err = t.code.read(src, 6, maxHuffmanBits); err != nil {
		return 0, err
	}
	r, err := newBitReader(src)
	if err != nil {
		return 0, err
	}
	r.fill()
	state, other := t.code.first(&r), t.code.first(&r)
	for n+2 <= len(weights) && r.unread() >= 0 {
		weights[n] = state.symbol
		n++
		if r.unread() == 0 && state.bits > 0 {
			weights[n] = other.symbol
			return n + 1, nil
		}
		r.fill()
		state, other = other, t.code.next(state, &r)
	}
	return 0, corrupt("Huffman weights")
}

// build makes the table for these weights, the last of which is not known and stands for what the
// others leave. A symbol of weight w has a code of bits+1-w bits, and none if w is 0.
func (t *huffmanTable) build(weights []uint8) error {
	last := len(weights) - 1
	sum := 0
	for _, w := range weights[:last] {
		if w > maxHuffmanBits {
			return corrupt("Huffman weight %d", w)
		}
		sum += 1 << w >> 1
	}
	longest := bits.Len(uint(sum))
	left := 1<<longest - sum
	weights[last] = uint8(bits.Len(uint(left)))
	// The longest code has a sibling.
	if sum == 0 || longest > maxHuffmanBits || left&(left-1) != 0 ||
		bytes.Count(weights, []byte{1}) < 2 {
		return corrupt("Huffman weights")
	}
	at := 0
	for w := 1; w <= longest; w++ {
		for symbol, v := range weights {
			if int(v) == w {
				end := at + 1<<(w-1+maxHuffmanBits-longest)
				for i := at; i < end; i++ {
					t.entries[i] = huffmanEntry(symbol<<8 | longest + 1 - w)
				}
				at = end
			}
		}
	}
	t.bits = longest
	return nil
}

// decode fills dst with the symbols of one stream, which must end there.
func (t *huffmanTable) decode(dst, src []byte) error {
	r, err := newBitReader(src)
	if err != nil {
		return err
	}
	return t.finish(dst, &r)
}

// decodeTwo is decode for two streams at once, as a symbol of one need not wait for one of the
// other.
func (t *huffmanTable) decodeTwo(dst1, src1, dst2, src2 []byte) error {
	r1, err := newBitReader(src1)
	if err != nil {
		return err
	}
	r2, err := newBitReader(src2)
	if err != nil {
		return err
	}
	word1, left1, at1 := r1.bits, r1.left, r1.at
	word2, left2, at2 := r2.bits, r2.left, r2.at
	n, end := 0, min(len(dst1), len(dst2))-5
	for ; at1 >= 8 && at2 >= 8 && n <= end; n += 5 {
		word1 |= binary.LittleEndian.Uint64(src1[at1-8:]) >> left1
		word2 |= binary.LittleEndian.Uint64(src2[at2-8:]) >> left2
		at1 -= int(63-left1) >> 3
		at2 -= int(63-left2) >> 3
		left1 |= 56
		left2 |= 56
		out1, out2 := (*[5]byte)(dst1[n:]), (*[5]byte)(dst2[n:])
		e, f := t.entries[word1>>(64-maxHuffmanBits)], t.entries[word2>>(64-maxHuffmanBits)]
		word1, left1, out1[0] = word1<<e.bits(), left1-e.bits(), e.symbol()
		word2, left2, out2[0] = word2<<f.bits(), left2-f.bits(), f.symbol()
		e, f = t.entries[word1>>(64-maxHuffmanBits)], t.entries[word2>>(64-maxHuffmanBits)]
		word1, left1, out1[1] = word1<<e.bits(), left1-e.bits(), e.symbol()
		word2, left2, out2[1] = word2<<f.bits(), left2-f.bits(), f.symbol()
		e, f = t.entries[word1>>(64-maxHuffmanBits)], t.entries[word2>>(64-maxHuffmanBits)]
		word1, left1, out1[2] = word1<<e.bits(), left1-e.bits(), e.symbol()
		word2, left2, out2[2] = word2<<f.bits(), left2-f.bits(), f.symbol()
		e, f = t.entries[word1>>(64-maxHuffmanBits)], t.entries[word2>>(64-maxHuffmanBits)]
		word1, left1, out1[3] = word1<<e.bits(), left1-e.bits(), e.symbol()
		word2, left2, out2[3] = word2<<f.bits(), left2-f.bits(), f.symbol()
		e, f = t.entries[word1>>(64-maxHuffmanBits)], t.entries[word2>>(64-maxHuffmanBits)]
		word1, left1, out1[4] = word1<<e.bits(), left1-e.bits(), e.symbol()
		word2, left2, out2[4] = word2<<f.bits(), left2-f.bits(), f.symbol()
	}
	r1.bits, r1.left, r1.at = word1, left1, at1
	r2.bits, r2.left, r2.at = word2, left2, at2
	if err := t.finish(dst1[n:], &r1); err != nil {
		return err
	}
	return t.finish(dst2[n:], &r2)
}

// finish fills dst with the symbols that a stream still has.
func (t *huffmanTable) finish(dst []byte, r *bitReader) error {
	// Most symbols, five for each load, without a call and without a jump.
	word, left, at, n := r.bits, r.left, r.at, 0
	src := r.src
	for at >= 8 && n+5 <= len(dst) {
		word |= binary.LittleEndian.Uint64(src[at-8:]) >> left
		at -= int(63-left) >> 3
		left |= 56
		out := (*[5]byte)(dst[n:])
		n += 5
		e := t.entries[word>>(64-maxHuffmanBits)]
		word, left, out[0] = word<<e.bits(), left-e.bits(), e.symbol()
		e = t.entries[word>>(64-maxHuffmanBits)]
		word, left, out[1] = word<<e.bits(), left-e.bits(), e.symbol()
		e = t.entries[word>>(64-maxHuffmanBits)]
		word, left, out[2] = word<<e.bits(), left-e.bits(), e.symbol()
		e = t.entries[word>>(64-maxHuffmanBits)]
		word, left, out[3] = word<<e.bits(), left-e.bits(), e.symbol()
		e = t.entries[word>>(64-maxHuffmanBits)]
		word, left, out[4] = word<<e.bits(), left-e.bits(), e.symbol()
	}
	r.bits, r.left, r.at = word, left, at
	for ; n < len(dst); n++ {
		r.fill()
		e := t.entries[r.bits>>(64-maxHuffmanBits)]
		dst[n] = e.symbol()
		r.read(e.bits())
	}
	if r.unread() != 0 {
		return corrupt("Huffman stream")
	}
	return nil
}
