package simd

// tablesGeneric fills the lookup tables of one group: for four neurons of codes k = q - z and a
// nibble of weight bits,
//
//	e[nibble] = Σ_{bits set} k_j + Σ max(-k_j, 0)
//
// which lies in 0..Σ|k_j| <= 240 and so fits a byte; excess is the second sum over all 8 tables. It
// returns how many tables (1, 2, 4 or 8) can be added without overflow of a byte.
func tablesGeneric(s *Spikes, group int) (together int) {
	rest := int(s.Rest[group])
	s.lookup.excess[group] = 0
	var sizes [8]int // Σ|k| by table
	for quad := range sizes {
		code := s.Code[group*groupCols+4*quad:][:4]
		table := s.lookup.sums[(group*8+quad)*16:][:16]
		below := 0
		for _, q := range code {
			k := int(q) - rest
			below += max(-k, 0)
			sizes[quad] += max(k, -k)
		}
		s.lookup.excess[group] += uint16(below)
		table[0] = uint8(below)
		for i, q := range code {
			for n := range 1 << i {
				// Bytes wrap on the way; the results do not.
				table[1<<i+n] = table[n] + q - uint8(rest)
			}
		}
	}
	return byteSums(&sizes)
}

// byteSums gives how many neighbouring tables of the given sizes can be added in a byte.
func byteSums(sizes *[8]int) int {
	for _, n := range [...]int{8, 4, 2} {
		fits := true
		for at := 0; at < 8; at += n {
			sum := 0
			for _, v := range sizes[at : at+n] {
				sum += v
			}
			fits = fits && sum <= 255
		}
		if fits {
			return n
		}
	}
	return 1
}

// lookupTables is what Lookup needs of an input.
type lookupTables struct {
	sums   []uint8  // [groups*8*16]: of 4 neurons, for each of the 16 nibbles
	excess []uint16 // [groups]: what a group's 8 tables hold above the sums from rest
	// together is how many lookups of a plane (1, 2, 4 or 8) can be summed in a byte, in every group.
	together int
}
