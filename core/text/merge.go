package text

// pairKey packs two token ids into one map key.
func pairKey(left, right int32) uint64 {
	return uint64(uint32(left))<<32 | uint64(uint32(right))
}

// merger holds the buffers of the merge loop, so that the pieces of one text
// share them. The symbols of a piece form a linked list over array positions.
type merger struct {
	ids        []int32  // token at each position
	prev, next []int32  // neighbours; -1 before the first, the count after the last
	ranks      []int32  // rank of the merge of this symbol with its right neighbour, or -1
	heap       []uint64 // rank<<32 | position, least first; may hold outdated entries
}

// merge appends the tokens of one piece to dst. It applies the merge of lowest rank,
// the leftmost of equals, until none is left. The heap keeps a piece of n bytes at n*log(n) steps:
// pieces have no largest length, a run of spaces is one piece.
func (m *merger) merge(dst []int32, t *Tokenizer, piece string) []int32 {
	m.reset(t, piece)
	n := int32(len(m.ids))
	if n == 0 {
		return dst
	}
	for i := range n - 1 {
		m.rank(t, i)
	}
	for len(m.heap) > 0 {
		top := m.pop()
		rank, at := int32(top>>32), int32(uint32(top))
		if m.ranks[at] != rank {
			continue // one of the two was merged with another neighbour meanwhile
		}
		gone := m.next[at]
		after := m.next[gone]
		m.ids[at] = t.product[rank]
		m.next[at] = after
		m.ranks[gone] = -1
		if after < n {
			m.prev[after] = at
		}
		m.rank(t, at)
		if before := m.prev[at]; before >= 0 {
			m.rank(t, before)
		}
	}
	for i := int32(0); i < n; i = m.next[i] {
		dst = append(dst, m.ids[i])
	}
	return dst
}

// reset fills the list with the single bytes of piece. Bytes without a token are
// left out before any merge, so that their neighbours can meet, as in the reference.
func (m *merger) reset(t *Tokenizer, piece string) {
	m.ids, m.prev, m.next, m.ranks = m.ids[:0], m.prev[:0], m.next[:0], m.ranks[:0]
	for i := range len(piece) {
		id := t.bytes[piece[i]]
		if id < 0 {
			continue
		}
		at := int32(len(m.ids))
		m.ids = append(m.ids, id)
		m.prev = append(m.prev, at-1)
		m.next = append(m.next, at+1)
		m.ranks = append(m.ranks, -1)
	}
}

// rank looks up the merge of the symbol at a position with its right neighbour
// and queues it.
func (m *merger) rank(t *Tokenizer, at int32) {
	m.ranks[at] = -1
	next := m.next[at]
	if int(next) >= len(m.ids) {
		return
	}
	rank, ok := t.ranks[pairKey(m.ids[at], m.ids[next])]
	if !ok || t.product[rank] >= t.rows {
		return
	}
	m.ranks[at] = rank
	m.push(uint64(rank)<<32 | uint64(at))
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
