package planes

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"github.com/spikechat/spikechat/core/tile"
)

// ternaryPlanes is the table of FORMAT.md by T.
var ternaryPlanes = [MaxTernarySteps + 1]int{0, 2, 3, 3, 4, 4, 4, 4}

// ternaryWeights are smallWeights with codes from 0 to 2T.
func ternaryWeights(steps int) *weights {
	w := smallWeights()
	w.planes, w.n = ternaryPlanes[steps], nil
	code := w.code
	w.code = func(row, col int) uint8 { return uint8((int(code(row, col)) + row) % (2*steps + 1)) }
	return w
}

// inCoding4 gives the frames of plane p.
func inCoding4(w *weights, steps, p int) (frames []byte) {
	bits := map[int][]byte{} // one bit in each, by class
	for tile := 0; tile*16 < w.rows; tile++ {
		for group := 0; group*32 < w.cols; group++ {
			for at := range 64 {
				row := tile*16 + slices.Index(place[:], at%16)
				for i := range 8 {
					code := 0
					if row < w.rows {
						code = int(w.code(row, 32*group+at/16*8+i))
					}
					above := code >> (p + 1)
					if (2*above+1)<<p <= 2*steps {
						bits[above] = append(bits[above], byte(code>>p&1))
					}
				}
			}
		}
	}
	for class := range 8 {
		if len(bits[class]) > 0 {
			packed := make([]byte, (len(bits[class])+7)/8)
			for i, bit := range bits[class] {
				packed[i/8] |= bit << (i % 8)
			}
			frames = append(frames, zstdFrame(packed)...)
		}
	}
	return frames
}

// ternaryModel is smallModel in version 5 with a ternary matrix, whose planes are in coding 4.
func ternaryModel(tb testing.TB, steps int) (*Manifest, []encodedRun) {
	m, runs := smallModel(tb)
	w := ternaryWeights(steps)
	m.Version, m.ChatTemplate, m.Chat = TernaryVersion, "", wholeChat()
	m.Tensors[2] = Tensor{Name: "w", Kind: KindTernary, Rows: w.rows, Cols: w.cols,
		Planes: w.planes, OffsetBy: float32(steps)}
	runs = append(runs[:2], encodedRun{2, 16, 0, 4, zstdFrame(w.halves(w.d))})
	for p := w.planes - 1; p >= 0; p-- {
		runs = append(runs, encodedRun{2, uint32(p) | 4<<16, 0, 4, inCoding4(w, steps, p)})
	}
	m.Shards = []Shard{shardEntry(shardOf(runs...), "tokenizer", "norm", "w")}
	return m, runs
}

// TestReadsTernary reads what another encoder wrote, whole and in parts.
func TestReadsTernary(t *testing.T) {
	for steps := 1; steps <= MaxTernarySteps; steps++ {
		m, runs := ternaryModel(t, steps)
		for _, rows := range [][2]int{{0, 17}, {0, 16}, {16, 17}, {0, 0}} {
			r := newReader(t, m)
			r.Keep(func(string, int) (from, to int) { return rows[0], rows[1] })
			if err := r.Shard(shardOf(runs...), false); err != nil {
				t.Fatalf("T=%d: %v", steps, err)
			}
			got, err := r.Matrix("w", 17, 64)
			if err != nil || got.Rows != rows[1]-rows[0] || got.OffsetBy != float32(steps) {
				t.Fatalf("T=%d: %+v, %v", steps, got, err)
			}
			want := ternaryWeights(steps)
			for row := rows[0]; row < rows[1]; row++ {
				for col := range want.cols {
					var codes [tile.GroupCols]uint8
					d, _ := got.Group(row-rows[0], col/32, &codes)
					if codes[col%32] != want.code(row, col) || d != want.d(row, col/32) {
						t.Fatalf("T=%d, rows %v: row %d, column %d: code %d and scale %#x, want %d and %#x",
							steps, rows, row, col, codes[col%32], d, want.code(row, col), want.d(row, col/32))
					}
				}
			}
		}
	}
}

// badTernaries are shards of ternaryModel with three steps that must be refused.
func badTernaries(tb testing.TB) []badShard {
	w := ternaryWeights(3)
	plain := func(at int, w *weights, p uint32) func([]encodedRun) []encodedRun {
		return change(at, func(r *encodedRun) { r.part, r.frame = p, zstdFrame(w.plane(int(p))) })
	}
	sevens := *w
	sevens.code = func(row, col int) uint8 { return w.code(row, col)/6*7 + w.code(row, col)%6 }
	return []badShard{
		{name: "scales by planes", runs: change(2, func(r *encodedRun) { r.part = 16 | 4<<16 }),
			want: ErrInvalid, text: "coding 4"},
		{name: "by column", runs: change(5, func(r *encodedRun) { r.part = 0 | 3<<16 }),
			want: ErrInvalid, text: "coding 3"},
		{name: "extremes", runs: change(2, func(r *encodedRun) { r.part = 16 | 1<<16 }),
			want: ErrInvalid, text: "coding 1"},
		{name: "offsets", runs: change(2, func(r *encodedRun) { r.part = 17 }),
			want: ErrInvalid, text: "no part 17"},
		{name: "a code above 6", runs: func(runs []encodedRun) []encodedRun {
			for p := range uint32(3) {
				runs = plain(5-int(p), &sevens, p)(runs)
			}
			return runs
		}, want: ErrInvalid, text: "a code above 6"},
		{name: "a negative scale", runs: change(2, func(r *encodedRun) {
			r.frame = zstdFrame(w.halves(func(row, group int) uint16 { return 0x8000 * uint16(row/16) }))
		}), want: ErrInvalid, text: "a scale with a sign"},
		{name: "a class too few", runs: change(5, func(r *encodedRun) {
			r.frame = zstdFrame(make([]byte, 256))
		}), want: ErrInvalid, text: "declares 256 bytes"},
		{name: "a class too many", runs: change(5, func(r *encodedRun) {
			r.frame = append(r.frame, zstdFrame(nil)...)
		}), want: ErrInvalid, text: "behind it"},
		{name: "bits behind a class", runs: change(4, func(r *encodedRun) {
			r.frame[len(r.frame)-1] |= 0x80
		}), want: ErrInvalid, text: "does not end in zeros"},
		{name: "a plane before the one above", runs: func(runs []encodedRun) []encodedRun {
			return slices.Delete(runs, 4, 5)
		}, want: ErrInvalid, text: "plane 0 before plane 1"},
	}
}

func TestRefusesTernary(t *testing.T) {
	for _, c := range badTernaries(t) {
		for _, to := range []int{17, 16, 0} {
			m, runs := ternaryModel(t, 3)
			shard := shardOf(c.runs(runs)...)
			m.Shards = []Shard{shardEntry(shard, "tokenizer", "norm", "w")}
			r := newReader(t, m)
			r.Keep(func(string, int) (int, int) { return 0, to })
			err := r.Shard(shard, false)
			if !errors.Is(err, c.want) || !isOurs(err) || !strings.Contains(fmt.Sprint(err), c.text) {
				t.Errorf("%s, %d rows kept: %v, want %v with %q", c.name, to, err, c.want, c.text)
			}
		}
	}
}

// TestTernaryManifests: every claim of the table is checked.
func TestTernaryManifests(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*Manifest)
		want   error
		words  string
	}{
		{"version 4", func(m *Manifest) { m.Version = ArchitecturesVersion }, ErrInvalid,
			`kind "ternary" in version 4`},
		{"no steps", tensor(func(t *Tensor) { t.OffsetBy = 0 }), ErrInvalid, "offset_by is 0"},
		{"8 steps", tensor(func(t *Tensor) { t.OffsetBy = 8 }), ErrInvalid, "offset_by is 8"},
		{"-1 steps", tensor(func(t *Tensor) { t.OffsetBy = -1 }), ErrInvalid, "offset_by is -1"},
		{"2.5 steps", tensor(func(t *Tensor) { t.OffsetBy = 2.5 }), ErrInvalid, "offset_by is 2.5"},
		{"2 planes", tensor(func(t *Tensor) { t.Planes = 2 }), ErrInvalid, "2 planes, want 3 for 3"},
		{"4 planes", tensor(func(t *Tensor) { t.Planes = 4 }), ErrInvalid, "4 planes, want 3 for 3"},
		{"columns", tensor(func(t *Tensor) { t.Cols = 33 }), ErrInvalid, "33 columns"},
		{"memory", tensor(func(t *Tensor) { t.Rows, t.Cols = MaxRows, MaxCols }), ErrLimit,
			"bytes of memory"},
	} {
		m, _ := ternaryModel(t, 3)
		c.change(m)
		_, err := ReadManifest(manifestText(t, m))
		if !errors.Is(err, c.want) || !isOurs(err) || !strings.Contains(fmt.Sprint(err), c.words) {
			t.Errorf("%s: %v, want %v with %q", c.name, err, c.want, c.words)
		}
	}
}

// randomTernary has codes from 0 to 2T that are mostly in the middle, as weights are, in all blocks
// but the last ones.
func randomTernary(r *rand.Rand, rows, cols, steps int) *tile.Matrix {
	m := tile.NewMatrix(rows, cols, ternaryPlanes[steps], float32(steps))
	for row := range rows {
		for group := range m.Groups() {
			var codes [tile.GroupCols]uint8
			for i := range codes {
				k := int(math.Round(r.NormFloat64() * float64(steps) / 2))
				codes[i] = uint8(min(max(k+steps, 0), 2*steps))
			}
			m.SetGroup(row, group, &codes, uint16(0x2000+r.UintN(0x400)), 0)
		}
	}
	return m
}

// TestTernaryRoundTrip: what is packed gives the same blocks, in whole shards and small ones, plane
// by plane, and takes fewer bytes than without the coding.
func TestTernaryRoundTrip(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for steps := 1; steps <= MaxTernarySteps; steps++ {
		matrices := []*tile.Matrix{
			randomTernary(r, 6001, 96, steps), // more than a run
			randomTernary(r, 33, 32, steps), randomTernary(r, 1, 64, steps),
			tile.NewMatrix(70, 128, ternaryPlanes[steps], float32(steps)),
		}
		for _, limit := range []int{MaxShardBytes, 5000} {
			var p parts
			for i, m := range matrices {
				name := fmt.Sprint("m", i)
				p.add(Tensor{Name: name, Kind: KindTernary, Rows: m.Rows, Cols: m.Cols,
					Planes: m.Planes, OffsetBy: m.OffsetBy}, func(w *Writer) error {
					if i > 0 {
						return w.Matrix(name, m)
					}
					for from := 0; from < m.Rows; from += 2000 {
						if err := w.Upper(name, m, m.Planes-1, from, min(from+2000, m.Rows)); err != nil {
							return err
						}
					}
					return w.Planes(name, m, 0, 0)
				})
			}
			p.version, p.level = TernaryVersion, zstd.SpeedBestCompression
			m, folder := p.pack(t, limit)
			shards := map[string][]byte{}
			for file, f := range folder {
				shards[file] = f.Data
			}
			if m.Version != TernaryVersion {
				t.Errorf("a Writer wrote version %d", m.Version)
			}
			_, reader, err := Open(folder)
			if err != nil {
				t.Fatal(err)
			}
			for i, want := range matrices {
				got, err := reader.Matrix(fmt.Sprint("m", i), want.Rows, want.Cols)
				if err != nil || !bytes.Equal(got.Data, want.Data) || !got.NormalScales {
					t.Errorf("T=%d: matrix %d came back otherwise: %v", steps, i, err)
				}
			}
			count := codings(t, m, shards)
			if count[[2]uint32{0, 4}] == 0 {
				t.Errorf("T=%d: no run of the lowest plane in coding 4: %v", steps, count)
			}
		}
	}
}

// TestWriterRefusesTernary: what a Reader would refuse is not written.
func TestWriterRefusesTernary(t *testing.T) {
	for _, c := range []struct {
		words string
		spoil func(m *tile.Matrix)
	}{
		{"a code above 6", func(m *tile.Matrix) {
			m.SetGroup(16, 1, &[tile.GroupCols]uint8{31: 7}, 0x2000, 0)
		}},
		{"a scale with a sign", func(m *tile.Matrix) {
			m.SetGroup(16, 1, &[tile.GroupCols]uint8{}, 0xa000, 0)
		}},
	} {
		matrix := randomTernary(rand.New(rand.NewPCG(1, 1)), 17, 64, 3)
		c.spoil(matrix)
		m, _ := ternaryModel(t, 3)
		m.Tensors = m.Tensors[2:]
		w, err := NewWriter(*m, zstdFrame, func(string, []byte) error { return nil })
		if err != nil {
			t.Fatal(err)
		}
		err = w.Matrix("w", matrix)
		if !errors.Is(err, ErrInvalid) || !strings.Contains(err.Error(), c.words) {
			t.Errorf("%v, want %q", err, c.words)
		}
	}
}
