package planes

import (
	"encoding/binary"
	"fmt"

	"github.com/spikechat/spikechat/core/tile"
)

// How the data of a run are coded (FORMAT.md, "Codings"): since version 3 otherwise than plain.
// Each coding is a few zstd frames, one behind the other.
const (
	codingPlain    = 0
	codingExtremes = 1 // scales and offsets: by the largest and the smallest weight of each group
	codingByRange  = 2 // the highest plane, sorted by where zero lies in the range of a group
	codingByColumn = 3 // a plane sorted by how its bits are distributed in a column
	codingByAbove  = 4 // a ternary plane, sorted by the planes above it; since version 5
)

// decodable refuses a coding that the manifest's version, or this part of a tensor, does not have.
func (h runHeader) decodable(version int, t *Tensor) error {
	ok := h.Coding == codingPlain
	if version >= CodedVersion && t.Kind == KindUnsigned {
		stored := t.OffsetBy == 0
		switch h.Coding {
		case codingExtremes:
			ok = h.Part == partOffset && stored || h.Part == partScale
		case codingByRange:
			ok = stored && int(h.Part) == t.Planes-1
		case codingByColumn:
			ok = int(h.Part) < t.Planes
		}
	}
	if t.Kind == KindTernary && h.Coding == codingByAbove { // version 5 has been checked
		ok = int(h.Part) < t.Planes
	}
	if !ok {
		return fmt.Errorf("%w: part %d of the tensor in coding %d, version %d", ErrInvalid,
			h.Part, h.Coding, version)
	}
	return nil
}

// levels is how many scales lie between the smallest weight and the largest one of a group, as
// quantisation makes them. Without stored offsets the smallest one stands for zero and the largest
// for the largest absolute weight: 127 levels in Q8_0, so many fewer where lower planes were left
// out.
func (t *Tensor) levels() float32 {
	if t.OffsetBy == 0 {
		return float32(int(1)<<t.Planes - 1)
	}
	return 127 / float32(int(1)<<(MaxPlanes-t.Planes))
}

// ranges keeps the upper bytes of the last runs of scales (0) and offsets (1) in codingExtremes, by
// which codingByRange is sorted.
type ranges [2]struct {
	tensor, first, count uint32
	upper                []byte // [16 count]
}

// keep is told of every run of scales or offsets; upper is nil in another coding.
func (r *ranges) keep(h runHeader, upper []byte) {
	at := &r[h.Part-partScale]
	at.tensor, at.first, at.count = h.Tensor, h.First, 0
	if upper != nil {
		at.count = h.Count
		at.upper = append(at.upper[:0], upper...)
	}
}

// of gives the upper bytes of the run's groups, row by row and block by block; ok says whether they
// are there.
func (r *ranges) of(h runHeader) (smallest, largest []byte, ok bool) {
	var upper [2][]byte
	for i := range r {
		at := &r[i]
		if at.tensor != h.Tensor || h.First < at.first ||
			h.First+h.Count > at.first+at.count { // both were checked against the tensor
			return nil, nil, false
		}
		upper[i] = at.upper[tile.Rows*(h.First-at.first):][:tile.Rows*h.Count]
	}
	return upper[1], upper[0], true
}

// rangeClasses is how many classes of groups there are.
const rangeClasses = 3

// A rangeClass tells how far zero lies from the middle of a group's range, in eighths of an octave
// between its extremes, and has rangeFlip where it lies above: then most bits of the highest plane
// are ones.
type rangeClass uint8

const rangeFlip = 1 << 7

// rangeTable holds the classes by the difference of the upper bytes, from -255 on.
var rangeTable = func() (table [512]rangeClass) {
	for i := range table {
		gap := i - 255
		class := rangeClass(0)
		if gap < -1 || gap > 1 {
			class++
		}
		if gap < -4 || gap > 4 {
			class++
		}
		if gap > 0 {
			class |= rangeFlip
		}
		table[i] = class
	}
	return table
}()

func rangeClassOf(smallest, largest byte) rangeClass {
	return rangeTable[(int(smallest)-int(largest)+255)&511]
}

// rangeSizes gives the bytes of each class; the last one is none.
func rangeSizes(smallest, largest []byte) (sizes [rangeClasses + 1]int) {
	for i, s := range smallest {
		sizes[rangeClassOf(s, largest[i])&3] += tile.GroupCols / 8
	}
	return sizes
}

// fromRanges undoes toRanges: it puts what is sorted by class into the plane raw. at says where the
// classes begin.
func fromRanges(raw, sorted, smallest, largest []byte, at [rangeClasses + 1]int) {
	for ; len(raw) > 0; raw = raw[tile.PlaneBytes:] {
		plane := (*[tile.PlaneBytes]byte)(raw)
		small, large := (*[tile.Rows]byte)(smallest), (*[tile.Rows]byte)(largest)
		smallest, largest = smallest[tile.Rows:], largest[tile.Rows:]
		for row := range tile.Rows {
			class := rangeClassOf(small[row], large[row])
			from := (*[tile.GroupCols / 8]byte)(sorted[at[class&3]:])
			at[class&3] += len(from)
			flip := -byte(class >> 7)
			lanes := (*[3*16 + 1]byte)(plane[tile.Lane(row)&15:])
			lanes[0] = from[0] ^ flip
			lanes[16] = from[1] ^ flip
			lanes[32] = from[2] ^ flip
			lanes[48] = from[3] ^ flip
		}
	}
}

// toRanges sorts the bytes of the plane raw, row by row and block by block, by the class of the
// row's group.
func toRanges(raw, smallest, largest []byte) (sorted []byte) {
	sizes := rangeSizes(smallest, largest)
	at := starts(sizes[:])
	sorted = make([]byte, len(raw))
	for i := range smallest {
		class := rangeClassOf(smallest[i], largest[i])
		plane := raw[i/tile.Rows*tile.PlaneBytes+tile.Lane(i%tile.Rows):]
		for b := range tile.GroupCols / 8 {
			sorted[at[class&3]] = plane[b*tile.Rows] ^ -byte(class>>7)
			at[class&3]++
		}
	}
	return sorted
}

// starts gives where classes of these sizes begin, one behind the other.
func starts(sizes []int) []int {
	at := make([]int, len(sizes))
	for i := 1; i < len(sizes); i++ {
		at[i] = at[i-1] + sizes[i-1]
	}
	return at
}

// columnClasses is how many classes of columns there can be.
const columnClasses = 8

// A columnTable [cols/2] has four bits for each column, the first one in the lower bits: its class,
// and columnFlip where its bits are inverted.
type columnTable []byte

const columnFlip = columnClasses

func (t columnTable) of(column int) byte { return t[column/2] >> (column % 2 * 4) & 15 }

// bytes gives for each of the 64 bytes that tile.Columns makes of a block of each group its class,
// and 255 where it is inverted.
func (t columnTable) bytes() (classes, flips []byte) {
	n := len(t) * 2 / tile.GroupCols * tile.PlaneBytes
	classes, flips = make([]byte, n), make([]byte, n)
	for i := range classes {
		group, b, j := i/tile.PlaneBytes, i/16%4, i%8
		v := t.of(group*tile.GroupCols + 8*b + j)
		classes[i] = v % columnClasses
		if v&columnFlip != 0 {
			flips[i] = 255
		}
	}
	return classes, flips
}

// columnSizes gives the bytes of each class in the blocks of a run.
func columnSizes(classes []byte, first, count int) []int {
	sizes := make([]int, columnClasses)
	groups := len(classes) / tile.PlaneBytes
	for i, class := range classes {
		// Blocks of the run that are of this group.
		behind := (i/tile.PlaneBytes - first%groups + groups) % groups
		sizes[class] += (count - behind + groups - 1) / groups
	}
	return sizes
}

// fromColumns undoes toColumns: it puts what is sorted by class into the plane raw of the blocks
// from first on.
func fromColumns(raw, sorted, classes, flips []byte, first int) {
	at := [columnClasses]int(starts(columnSizes(classes, first, len(raw)/tile.PlaneBytes)))
	group := first * tile.PlaneBytes % len(classes)
	for ; len(raw) > 0; raw = raw[tile.PlaneBytes:] {
		class := (*[tile.PlaneBytes]byte)(classes[group:])
		for i := 0; i < tile.PlaneBytes; i += 8 {
			eight := (*[8]byte)(class[i:])
			c0, c1, c2, c3 := eight[0]&7, eight[1]&7, eight[2]&7, eight[3]&7
			c4, c5, c6, c7 := eight[4]&7, eight[5]&7, eight[6]&7, eight[7]&7
			x := uint64(sorted[at[c0]])
			at[c0]++
			x |= uint64(sorted[at[c1]]) << 8
			at[c1]++
			x |= uint64(sorted[at[c2]]) << 16
			at[c2]++
			x |= uint64(sorted[at[c3]]) << 24
			at[c3]++
			x |= uint64(sorted[at[c4]]) << 32
			at[c4]++
			x |= uint64(sorted[at[c5]]) << 40
			at[c5]++
			x |= uint64(sorted[at[c6]]) << 48
			at[c6]++
			x |= uint64(sorted[at[c7]]) << 56
			at[c7]++
			x = tile.Transpose(x ^ binary.LittleEndian.Uint64(flips[group+i:]))
			binary.LittleEndian.PutUint64(raw[i:], x)
		}
		if group += tile.PlaneBytes; group == len(classes) {
			group = 0
		}
	}
}

// toColumns turns the blocks of the plane raw from rows to columns, and sorts the bytes by class.
func toColumns(raw []byte, table columnTable, first int) (sorted []byte, sizes []int) {
	classes, flips := table.bytes()
	sizes = columnSizes(classes, first, len(raw)/tile.PlaneBytes)
	at := starts(sizes)
	sorted = make([]byte, len(raw))
	var plane [tile.PlaneBytes]byte
	for block := range len(raw) / tile.PlaneBytes {
		tile.Columns(plane[:], raw[block*tile.PlaneBytes:])
		group := (first + block) * tile.PlaneBytes % len(classes)
		for i, bits := range plane {
			class := classes[group+i]
			sorted[at[class]] = bits ^ flips[group+i]
			at[class]++
		}
	}
	return sorted, sizes
}
