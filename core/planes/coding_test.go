package planes

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"github.com/spikechat/spikechat/core/tile"
)

// nearestHalf searches all float16 for the one that is nearest to a number that is not negative, an
// even one between two.
func nearestHalf(x float64) uint16 {
	above := sort.Search(0x7c00, func(h int) bool { return float64(tile.Half(uint16(h))) >= x })
	if above == 0 || above == 0x7c00 {
		return uint16(above)
	}
	below := above - 1
	up := float64(tile.Half(uint16(above))) - x
	down := x - float64(tile.Half(uint16(below)))
	if down < up || down == up && below%2 == 0 {
		return uint16(below)
	}
	return uint16(above)
}

// codedWeights are such as quantisation makes them of weights with eight significant bits: 17 rows
// in which zero lies at all places of a group's range.
func codedWeights() *weights {
	w := smallWeights()
	n := func(row, group int) uint16 { return uint16(0x3000 + 8*(11*row+40*group)) }
	w.n = n
	w.d = func(row, group int) uint16 {
		largest, n := codedLargest(row, group), n(row, group)
		return nearestHalf(float64((tile.Half(largest) + tile.Half(n)) / 7))
	}
	return w
}

func codedLargest(row, group int) uint16 { return uint16(0x3300 + 8*(row*row+group)) }

// inCoding1 gives the two frames of values in the order of blocks.
func inCoding1(w *weights, value func(row, group int) uint16) []byte {
	raw := w.halves(value)
	var upper, lower []byte
	for i := range len(raw) / 2 {
		h := uint16(raw[i]) | uint16(raw[len(raw)/2+i])<<8
		upper = append(upper, byte(h>>7))
		if i%2 == 0 {
			lower = append(lower, byte(h>>3&15))
		} else {
			lower[i/2] |= byte(h >> 3 & 15 << 4)
		}
	}
	return append(zstdFrame(upper), zstdFrame(lower)...)
}

// inCoding2 gives the frames of the highest plane.
func inCoding2(w *weights) (frames []byte) {
	plane := w.plane(w.planes - 1)
	var classes [3][]byte
	for block := range len(plane) / 64 {
		groups := w.cols / 32
		for r := range 16 {
			row, group := block/groups*16+r, block%groups
			gap := 0
			if row < w.rows {
				gap = int(w.n(row, group)>>7) - int(codedLargest(row, group)>>7)
			}
			class := 0
			if gap < -1 || gap > 1 {
				class++
			}
			if gap < -4 || gap > 4 {
				class++
			}
			for b := range 4 {
				v := plane[64*block+16*b+place[r]]
				if gap > 0 {
					v = ^v
				}
				classes[class] = append(classes[class], v)
			}
		}
	}
	for _, c := range classes {
		if len(c) > 0 {
			frames = append(frames, zstdFrame(c)...)
		}
	}
	return frames
}

// inCoding3 gives the frames of a plane whose column c is of class class(c), from 8 on inverted.
func inCoding3(plane []byte, cols, first int, class func(col int) byte) []byte {
	table := make([]byte, cols/2)
	for c := range cols {
		table[c/2] |= class(c) << (c % 2 * 4)
	}
	frames := zstdFrame(table)
	var classes [8][]byte
	for at := 0; at < len(plane); at += 64 {
		group := (first + at/64) % (cols / 32)
		for b := range 4 {
			for half := range 2 {
				for j := range 8 {
					v := byte(0)
					for lane := range 8 {
						v |= plane[at+16*b+8*half+lane] >> j & 1 << lane
					}
					c := class(32*group + 8*b + j)
					if c >= 8 {
						v = ^v
					}
					classes[c%8] = append(classes[c%8], v)
				}
			}
		}
	}
	for _, c := range classes {
		if len(c) > 0 {
			frames = append(frames, zstdFrame(c)...)
		}
	}
	return frames
}

// codedModel is smallModel in version 3, with a run in every coding.
func codedModel(tb testing.TB) (*Manifest, []encodedRun) {
	m, runs := smallModel(tb)
	m.Version = 3
	w := codedWeights()
	some := func(c int) byte { return byte(c * 7 % 16) }
	runs = append(runs[:2],
		encodedRun{2, 17 | 1<<16, 0, 4, inCoding1(w, w.n)},
		encodedRun{2, 16 | 1<<16, 0, 4, inCoding1(w, codedLargest)},
		encodedRun{2, 2 | 2<<16, 0, 4, inCoding2(w)},
		encodedRun{2, 1 | 3<<16, 0, 3, inCoding3(w.plane(1)[:3*64], w.cols, 0, some)},
		encodedRun{2, 1 | 3<<16, 3, 1, inCoding3(w.plane(1)[3*64:], w.cols, 3, some)},
		encodedRun{2, 0, 0, 4, zstdFrame(w.plane(0))})
	m.Shards = []Shard{shardEntry(shardOf(runs...), "tokenizer", "norm", "w")}
	return m, runs
}

// TestReadsCodings reads what another encoder wrote, whole and in parts of a matrix.
func TestReadsCodings(t *testing.T) {
	m, runs := codedModel(t)
	shard := shardOf(runs...)
	whole := newReader(t, m)
	if err := whole.Shard(shard, false); err != nil {
		t.Fatal(err)
	}
	matrix, err := whole.Matrix("w", 17, 64)
	if err != nil {
		t.Fatal(err)
	}
	checkWeights(t, matrix, codedWeights())
	for _, rows := range [][2]int{{0, 16}, {16, 17}} {
		r := newReader(t, m)
		r.Keep(func(string, int) (from, to int) { return rows[0], rows[1] })
		if err := r.Shard(shard, false); err != nil {
			t.Fatal(err)
		}
		part, err := r.Matrix("w", 17, 64)
		if err != nil {
			t.Fatal(err)
		}
		from := rows[0] / tile.Rows * matrix.Groups() * matrix.BlockBytes()
		if !bytes.Equal(part.Data, matrix.Data[from:][:len(part.Data)]) {
			t.Errorf("rows %v are others than in the whole matrix", rows)
		}
	}
}

// badCodings are shards of codedModel that must be refused.
func badCodings(tb testing.TB) []badShard {
	w := codedWeights()
	drop := func(at int) func([]encodedRun) []encodedRun {
		return func(runs []encodedRun) []encodedRun { return slices.Delete(runs, at, at+1) }
	}
	cut := func(at, n int) func([]encodedRun) []encodedRun {
		return change(at, func(r *encodedRun) { r.frame = r.frame[:len(r.frame)-n] })
	}
	behind := func(at int) func([]encodedRun) []encodedRun {
		return change(at, func(r *encodedRun) { r.frame = append(r.frame, zstdFrame(nil)...) })
	}
	part := func(at int, part uint32) func([]encodedRun) []encodedRun {
		return change(at, func(r *encodedRun) { r.part = part })
	}
	infinite := func(row, group int) uint16 { return 0x7c00 }
	return []badShard{
		{name: "coding 4", runs: part(7, 4<<16), want: ErrInvalid, text: "coding 4, version 3"},
		{name: "coding 65535", runs: part(7, 0xffff<<16), want: ErrInvalid, text: "coding 65535"},
		{name: "extremes of a plane", runs: part(7, 1<<16), want: ErrInvalid, text: "coding 1"},
		{name: "a low plane by range", runs: part(7, 2<<16), want: ErrInvalid, text: "coding 2"},
		{name: "scales by column", runs: part(3, 16|3<<16), want: ErrInvalid, text: "coding 3"},
		{name: "floats in a coding", runs: part(1, 18|1<<16), want: ErrInvalid, text: "coding 1"},
		{name: "scales before offsets", runs: drop(2), want: ErrInvalid, text: "before their offsets"},
		{name: "a plane before the ranges", runs: drop(3), want: ErrInvalid,
			text: "before the ranges of their groups"},
		{name: "a plane by plain scales", runs: change(3, func(r *encodedRun) {
			r.part, r.frame = 16, zstdFrame(w.halves(w.d))
		}), want: ErrInvalid, text: "before the ranges of their groups"},
		{name: "infinite weight", runs: change(3, func(r *encodedRun) {
			r.frame = inCoding1(w, infinite)
		}), want: ErrInvalid, text: "0x7c00 is not finite"},
		{name: "one frame of extremes", runs: cut(2, len(zstdFrame(make([]byte, 32)))),
			want: ErrInvalid, text: "no frame header"},
		{name: "three frames of extremes", runs: behind(2), want: ErrInvalid, text: "behind it"},
		{name: "classes cut short", runs: cut(4, 1), want: ErrInvalid, text: "zstd frame"},
		{name: "a class too many", runs: behind(4), want: ErrInvalid, text: "behind it"},
		{name: "columns cut short", runs: cut(5, 1), want: ErrInvalid, text: "zstd frame"},
		{name: "a class of columns too many", runs: behind(5), want: ErrInvalid, text: "behind it"},
		{name: "no table of columns", runs: change(5, func(r *encodedRun) { r.frame = nil }),
			want: ErrInvalid, text: "no frame header"},
		{name: "a table of other columns", runs: change(5, func(r *encodedRun) {
			r.frame = append(zstdFrame(make([]byte, 16)), r.frame...)
		}), want: ErrInvalid, text: "declares 16 bytes, want 32"},
	}
}

func TestRefusesCodings(t *testing.T) {
	for _, c := range badCodings(t) {
		m, runs := codedModel(t)
		shard := shardOf(c.runs(runs)...)
		m.Shards = []Shard{shardEntry(shard, "tokenizer", "norm", "w")}
		err := newReader(t, m).Shard(shard, false)
		if !errors.Is(err, c.want) || !isOurs(err) || !strings.Contains(fmt.Sprint(err), c.text) {
			t.Errorf("%s: %v, want %v with %q", c.name, err, c.want, c.text)
		}
	}
	// No earlier version has any.
	m, runs := codedModel(t)
	m.Version = 2
	err := newReader(t, m).Shard(shardOf(runs...), false)
	if !errors.Is(err, ErrInvalid) || !strings.Contains(err.Error(), "in coding 1, version 2") {
		t.Errorf("codings in version 2: %v", err)
	}
}

// quantised makes a matrix as Q4_1 (offsetBy 0) does of weights in bfloat16, and as Q8_0 does of
// such whose columns have means of their own.
func quantised(r *rand.Rand, rows, cols, planes int, offsetBy float32) *tile.Matrix {
	m := tile.NewMatrix(rows, cols, planes, offsetBy)
	means := make([]float64, cols)
	for c := range means {
		if offsetBy != 0 {
			means[c] = r.NormFloat64()
		}
	}
	for row := range rows {
		for group := range m.Groups() {
			var w [tile.GroupCols]float32
			for i := range w {
				x := float32(0.1 * (means[group*tile.GroupCols+i] + r.NormFloat64()))
				w[i] = math.Float32frombits(math.Float32bits(x) &^ 0xffff)
				if x > -0x1p-13 && x < 0x1p-13 {
					w[i] = 0 // a subnormal float16 has fewer bits
				}
			}
			low, high := min(slices.Min(w[:]), 0), max(slices.Max(w[:]), 0)
			n, scale := -low, (high-low)/float32(int(1)<<planes-1)
			if offsetBy != 0 {
				scale = max(high, -low) / 127
				n = 128 * scale
			}
			var codes [tile.GroupCols]uint8
			for i := range w {
				code := math.Round(float64((w[i] + n) / scale))
				codes[i] = uint8(min(max(code, 0), float64(int(1)<<planes-1)))
			}
			m.SetGroup(row, group, &codes, nearestHalf(float64(scale)), nearestHalf(float64(n)))
		}
	}
	return m
}

// codings counts the runs of a model by part and coding.
func codings(t *testing.T, m *Manifest, shards map[string][]byte) map[[2]uint32]int {
	t.Helper()
	count := map[[2]uint32]int{}
	for _, s := range m.Shards {
		data := shards[s.File]
		for at := 0; at < len(data); {
			h, err := parseRunHeader(data[at:])
			if err != nil {
				t.Fatal(err)
			}
			count[[2]uint32{h.Part, h.Coding}]++
			at += headerBytes + int(h.Packed)
		}
	}
	return count
}

// TestCodedRoundTrip: what is packed in version 3 takes fewer bytes and gives the same blocks.
func TestCodedRoundTrip(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	matrices := []*tile.Matrix{
		quantised(r, 6001, 96, 4, 0),
		quantised(r, 3000, 96, 8, 128),
		first(randomMatrix(r, 40, 64, 4, 0)),
		first(randomMatrix(r, 40, 64, 5, 16)),
		tile.NewMatrix(70, 128, 4, 0),
		tile.NewMatrix(70, 128, 8, 128),
		quantised(r, 33, 32, 3, 0), quantised(r, 3, 32, 8, 128), // too small to gain
	}
	size := map[int]int64{}
	for _, version := range []int{PlainVersion, CodedVersion} {
		for _, limit := range []int{MaxShardBytes, 5000} {
			var p parts
			for i, m := range matrices {
				name := fmt.Sprint("m", i)
				p.add(Tensor{Name: name, Kind: KindUnsigned, Rows: m.Rows, Cols: m.Cols,
					Planes: m.Planes, OffsetBy: m.OffsetBy},
					func(w *Writer) error { return w.Matrix(name, m) })
			}
			p.version, p.level = version, zstd.SpeedBestCompression // as tools/pack
			m, folder := p.pack(t, limit)
			shards := map[string][]byte{}
			for file, f := range folder {
				shards[file] = f.Data
			}
			size[version] = m.Bytes()
			_, reader, err := Open(folder)
			if err != nil {
				t.Fatal(err)
			}
			for i, want := range matrices {
				got, err := reader.Matrix(fmt.Sprint("m", i), want.Rows, want.Cols)
				if err != nil || !bytes.Equal(got.Data, want.Data) {
					t.Errorf("version %d: matrix %d came back otherwise: %v", version, i, err)
				}
			}
			count := codings(t, m, shards)
			for _, c := range [][2]uint32{{16, 1}, {17, 1}, {3, 2}, {7, 3}, {6, 3}} {
				if (count[c] > 0) != (version == CodedVersion) {
					t.Errorf("version %d: %d runs of part %d in coding %d", version, count[c], c[0], c[1])
				}
			}
		}
	}
	if size[CodedVersion] > size[PlainVersion]*97/100 {
		t.Errorf("%d bytes, without codings %d", size[CodedVersion], size[PlainVersion])
	}
}

func first[T, U any](v T, _ U) T { return v }

// TestFractionalOffsets: since version 3 a code can have been cut to its upper planes.
func TestFractionalOffsets(t *testing.T) {
	for _, c := range []struct {
		version int
		by      float32
		ok      bool
	}{
		{2, 31.625, false}, {3, 31.625, true}, {3, 0.00390625, true}, {3, 0.001953125, false},
		{3, 256, true}, {3, 256.5, false}, {3, -1, false},
	} {
		m, _ := codedModel(t)
		m.Version, m.Tensors[2].OffsetBy = c.version, c.by
		if err := m.validate(); (err == nil) != c.ok || err != nil && !errors.Is(err, ErrInvalid) {
			t.Errorf("version %d, offset_by %v: %v", c.version, c.by, err)
		}
	}
}
