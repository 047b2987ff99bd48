package tile

import (
	"math/bits"
	"sync"
)

// MaxTernarySteps is the most time steps of a ternary weight.
const MaxTernarySteps = 7

// TernaryPlanes is how many planes the codes 0 to 2T of weights of T ternary steps take.
func TernaryPlanes(steps int) int { return bits.Len(uint(2 * steps)) }

// Where no code is above some largest one, the planes above plane p decide a bit of it, which is 0
// then, or leave it open. Their number is the class of an open bit (FORMAT.md, coding 4).

// maxClasses is how many classes a plane of at most 4 has.
const maxClasses = 8

// OpenClasses is how many classes the bits of plane p have: 0 up to that.
func OpenClasses(p, largest int) int { return (largest>>p + 1) / 2 }

// classMasks tells for 64 codes at word at of a block, whose highest plane begins there, which of
// them are of each class.
func (m *Matrix) classMasks(masks *[maxClasses]uint64, p int, planes []uint64) {
	masks[0] = ^uint64(0)
	n := 1
	for above := m.Planes - 1; above > p; above-- {
		u := planes[(m.Planes-1-above)*planeWords]
		for c := n - 1; c >= 0; c-- {
			masks[2*c+1], masks[2*c] = masks[c]&u, masks[c]&^u
		}
		n *= 2
	}
}

// CountClasses gives the bits of each class in plane p of some blocks. Planes are 4 at most.
func (m *Matrix) CountClasses(p, block, count, largest int) []int {
	counts := make([]int, OpenClasses(p, largest))
	data, size := words(m.Data), m.BlockBytes()/8
	var masks [maxClasses]uint64
	for at := block * size; at < (block+count)*size; at += size {
		for w := range planeWords {
			m.classMasks(&masks, p, data[at+w:])
			for c := range counts {
				counts[c] += bits.OnesCount64(masks[c])
			}
		}
	}
	return counts
}

// ClassSlack is how many bytes a class may be read past its end.
const ClassSlack = 9

// FromClasses makes plane p of the blocks from the given one on, in the Gray code of StorePlane, of
// its open bits: sorted has them class by class, class c from byte starts[c] on, and ClassSlack
// bytes behind all of them.
func (m *Matrix) FromClasses(raw []byte, p, block int, sorted []byte, starts []int) {
	fillDeposit.Do(makeDeposit)
	data, size := words(m.Data), m.BlockBytes()/8
	var at [maxClasses]int // in bits
	for c, start := range starts {
		at[c] = 8 * start
	}
	out := words(raw)
	var masks [maxClasses]uint64
	for block := block * size; len(out) > 0; block, out = block+size, out[planeWords:] {
		for w := range planeWords {
			m.classMasks(&masks, p, data[block+w:])
			plane := uint64(0)
			for c := range starts {
				mask := masks[c]
				if mask == 0 {
					continue
				}
				x := bitsAt(sorted, at[c])
				at[c] += bits.OnesCount64(mask)
				for i := 0; i < 64; i += 8 {
					which := uint8(mask >> i)
					plane |= uint64(deposit[which][uint8(x)]) << i
					x >>= bits.OnesCount8(which)
				}
			}
			if p < m.Planes-1 {
				plane ^= data[block+(m.Planes-2-p)*planeWords+w]
			}
			out[w] = plane
		}
	}
}

// deposit has for each mask of a byte, and each byte, its lower bits put where the mask has ones.
var (
	deposit     [256][256]uint8
	fillDeposit sync.Once
)

func makeDeposit() {
	for mask := range deposit {
		for b := range deposit[mask] {
			rest := b
			for i := range 8 {
				if mask>>i&1 != 0 {
					deposit[mask][b] |= uint8(rest & 1 << i)
					rest >>= 1
				}
			}
		}
	}
}

// ToClasses sorts the open bits of plane p of some blocks: the bytes of each class, the last one
// filled with zeros.
func (m *Matrix) ToClasses(p, block, count, largest int) [][]byte {
	classes := make([][]byte, OpenClasses(p, largest))
	free := make([]int, len(classes)) // bits of the last byte
	data, size := words(m.Data), m.BlockBytes()/8
	var masks [maxClasses]uint64
	for at := block * size; at < (block+count)*size; at += size {
		for w := range planeWords {
			m.classMasks(&masks, p, data[at+w:])
			plane := data[at+(m.Planes-1-p)*planeWords+w]
			for c := range classes {
				for mask := masks[c]; mask != 0; mask &= mask - 1 {
					if free[c] == 0 {
						classes[c], free[c] = append(classes[c], 0), 8
					}
					bit := uint8(plane >> bits.TrailingZeros64(mask) & 1)
					classes[c][len(classes[c])-1] |= bit << (8 - free[c])
					free[c]--
				}
			}
		}
	}
	return classes
}

// NoneAbove reports whether no code of some blocks is above the largest one that there may be.
func (m *Matrix) NoneAbove(largest, block, count int) bool {
	data, size := words(m.Data), m.BlockBytes()/8
	for at := block * size; at < (block+count)*size; at += size {
		above := uint64(0)
		for w := range planeWords {
			equal := ^uint64(0)
			for p := range m.Planes {
				plane := data[at+p*planeWords+w]
				if largest>>(m.Planes-1-p)&1 == 0 {
					above |= equal & plane
					equal &^= plane
				} else {
					equal &= plane
				}
			}
		}
		if above != 0 {
			return false
		}
	}
	return true
}
