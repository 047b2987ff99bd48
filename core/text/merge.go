package text

import (
	"unicode/utf8"

	"github.com/spikechat/spikechat/core/planes"
)

// pairKey packs two token ids into one map key.
func pairKey(left, right int32) uint64 {
	return uint64(uint32(left))<<32 | uint64(uint32(right))
}

// merger holds the buffers of the merge loop, so that the pieces of one text share them.
type merger struct {
	symbols []symbol
	heap    []uint64 // rank<<32 | position, least first; may hold outdated entries
}

// symbol is what stands at a position of a piece: at first one byte, in SPM one character, later
// what was merged with it. Those that are left form a list.
type symbol struct {
	id         int32 // the token; in SPM -1 for a character that is none
	prev, next int32 // neighbours; -1 before the first, the count after the last
	rank       int32 // of the merge with the right neighbour, or -1
	into       int32 // the token that this merge makes
	begin, end int32 // in SPM: where in the piece
}

// merge appends the tokens of one piece to dst. It applies the merge of lowest rank (in SPM the
// place of the token that it makes), the leftmost of equals, until none is left. The heap keeps a
// piece of n bytes at n*log(n) steps: pieces have no largest length, a run of spaces is one piece.
func (m *merger) merge(dst []int32, t *Tokenizer, piece string) []int32 {
	m.reset(t, piece)
	n := int32(len(m.symbols))
	for i := range n {
		m.rank(t, piece, i)
	}
	for len(m.heap) > 0 {
		top := m.pop()
		rank, at := int32(top>>32), int32(uint32(top))
		s := &m.symbols[at]
		if s.rank != rank {
			continue // one of the two was merged with another neighbour meanwhile
		}
		gone := &m.symbols[s.next]
		s.id, s.next, s.end = s.into, gone.next, gone.end
		gone.rank = -1
		if s.next < n {
			m.symbols[s.next].prev = at
		}
		m.rank(t, piece, at)
		if s.prev >= 0 {
			m.rank(t, piece, s.prev)
		}
	}
	for i := int32(0); i < n; i = m.symbols[i].next {
		s := &m.symbols[i]
		if s.id >= 0 {
			dst = append(dst, s.id)
			continue
		}
		for j := s.begin; j < s.end; j++ {
			dst = append(dst, t.bytes[piece[j]])
		}
	}
	return dst
}

// reset fills the list with the single bytes of piece, in SPM with its characters.
func (m *merger) reset(t *Tokenizer, piece string) {
	m.symbols = m.symbols[:0]
	size := 1
	for i := 0; i < len(piece); i += size {
		id := t.bytes[piece[i]]
		if t.data.Model == planes.TokenizerSPM {
			_, size = utf8.DecodeRuneInString(piece[i:])
			id = t.ordinary(piece[i : i+size])
		} else if id < 0 {
			// Bytes without a token are left out before any merge, so that their neighbours can meet,
			// as in the reference.
			continue
		}
		at := int32(len(m.symbols))
		m.symbols = append(m.symbols, symbol{id: id, prev: at - 1, next: at + 1, rank: -1,
			begin: int32(i), end: int32(i + size)})
	}
}

// rank looks up the merge of the symbol at a position with its right neighbour and queues it.
func (m *merger) rank(t *Tokenizer, piece string, at int32) {
	s := &m.symbols[at]
	s.rank = -1
	if int(s.next) == len(m.symbols) {
		return
	}
	next := &m.symbols[s.next]
	if t.data.Model == planes.TokenizerSPM {
		if s.id < 0 || next.id < 0 {
			return
		}
		if s.into = t.ordinary(piece[s.begin:next.end]); s.into < 0 {
			return
		}
		s.rank = t.data.Order[s.into]
	} else {
		rank, ok := t.ranks[pairKey(s.id, next.id)]
		if !ok || t.product[rank] >= t.rows {
			return
		}
		s.rank, s.into = rank, t.product[rank]
	}
	m.push(uint64(s.rank)<<32 | uint64(at))
}

// push and pop are container/heap's without the interface calls.
func (m *merger) push(v uint64) {
	h := append(m.heap, v)
	i := len(h) - 1
	for i > 0 {
		up := (i - 1) / 2
		if h[up] <= v {
			break
		}
		h[i] = h[up]
		i = up
	}
	h[i] = v
	m.heap = h
}

func (m *merger) pop() uint64 {
	h := m.heap
	top, last := h[0], h[len(h)-1]
	h = h[:len(h)-1]
	for i := 0; len(h) > 0; {
		down := 2*i + 1
		if down+1 < len(h) && h[down+1] < h[down] {
			down++
		}
		if down >= len(h) || last <= h[down] {
			h[i] = last
			break
		}
		h[i] = h[down]
		i = down
	}
	m.heap = h
	return top
}
