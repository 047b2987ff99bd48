package zstd

import "math/bits"

const (
	maxFSELog     = 9
	maxFSESymbols = 256
)

// fseTable is the decoding table of a finite state entropy code.
type fseTable struct {
	log    int // Accuracy_Log: the table has 2^log states; -1 where there is no table yet
	states [1 << maxFSELog]fseState
}

// fseState is a state: the symbol it stands for, and where to go: baseline plus that many bits of
// the stream.
type fseState struct {
	baseline uint16
	symbol   uint8
	bits     uint8
}

// first reads the state to begin with.
func (t *fseTable) first(r *bitReader) *fseState {
	return &t.states[r.read(uint(t.log))&(len(t.states)-1)]
}

// next reads the state that follows s.
func (t *fseTable) next(s *fseState, r *bitReader) *fseState {
	return &t.states[(int(s.baseline)+r.read(uint(s.bits)))&(len(t.states)-1)]
}

// read parses an FSE_Table_Description for symbols 0 to maxSymbol and gives what follows it.
func (t *fseTable) read(src []byte, maxLog, maxSymbol int) (rest []byte, err error) {
	at := 0 // bits of src, which are counted from the lowest one of the first byte
	take := func(n int) (v int) {
		for i := range n {
			if byte := at >> 3; byte < len(src) {
				v |= int(src[byte]>>(at&7)&1) << i
			}
			at++
		}
		return v
	}
	log := take(4) + 5
	if log > maxLog {
		return nil, corrupt("FSE table of 2^%d states, at most 2^%d", log, maxLog)
	}
	counts := make([]int16, 0, maxFSESymbols)
	for left := 1 << log; left > 0; {
		if len(counts) > maxSymbol || at > 8*len(src) {
			return nil, corrupt("FSE table description")
		}
		// A value from 0 to left+1. The lower ones of these take a bit less.
		n := bits.Len(uint(left + 1))
		short := 1<<n - 1 - (left + 1)
		v := take(n - 1)
		if v >= short {
			if v |= take(1) << (n - 1); v >= 1<<(n-1) {
				v -= short
			}
		}
		count := int16(v - 1) // -1: less than one state in 2^log
		left -= max(int(count), -int(count))
		counts = append(counts, count)
		for repeat := 3; count == 0 && repeat == 3; {
			if repeat = take(2); len(counts)+repeat > maxSymbol+1 {
				return nil, corrupt("FSE table description")
			}
			counts = counts[:len(counts)+repeat] // zeros
		}
	}
	end := (at + 7) / 8
	if end > len(src) {
		return nil, corrupt("FSE table description cut short")
	}
	t.build(log, counts)
	return src[end:], nil
}

// build lays out the states of symbols that take so many each, together 2^log.
func (t *fseTable) build(log int, counts []int16) {
	t.log = log
	size := 1 << log
	var next [maxFSESymbols]uint16
	free := size // states from here on are taken by the rare symbols
	for symbol, count := range counts {
		next[symbol] = uint16(count)
		if count == -1 {
			free--
			t.states[free].symbol = uint8(symbol)
			next[symbol] = 1
		}
	}
	at := 0
	for symbol, count := range counts {
		for range max(count, 0) {
			t.states[at].symbol = uint8(symbol)
			for at = (at + size>>1 + size>>3 + 3) & (size - 1); at >= free; {
				at = (at + size>>1 + size>>3 + 3) & (size - 1)
			}
		}
	}
	for i := range t.states[:size] {
		s := &t.states[i]
		n := next[s.symbol]
		next[s.symbol]++
		s.bits = uint8(log + 1 - bits.Len16(n))
		s.baseline = n<<s.bits - uint16(size)
	}
}

// buildRLE makes a table of one symbol, which takes no bits.
func (t *fseTable) buildRLE(symbol uint8) {
	t.log = 0
	t.states[0] = fseState{symbol: symbol}
}
