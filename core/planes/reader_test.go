package planes

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/klauspost/compress/zstd"
)

func newReader(tb testing.TB, m *Manifest) *Reader {
	tb.Helper()
	checked, err := ReadManifest(manifestText(tb, m))
	if err != nil {
		tb.Fatal(err)
	}
	return NewReader(checked)
}

// TestUnpacked: a shard that was unpacked gives the same tensors, whatever the room for it was, and
// what is refused in a shard is refused in that.
func TestUnpacked(t *testing.T) {
	folder := os.DirFS("../../models/tiny")
	text, err := fs.ReadFile(folder, ManifestFile)
	if err != nil {
		t.Fatal(err)
	}
	m, err := ReadManifest(text)
	if err != nil || len(m.Shards) != 1 {
		t.Fatal(len(m.Shards), err)
	}
	shard, err := fs.ReadFile(folder, m.Shards[0].File)
	if err != nil {
		t.Fatal(err)
	}
	packed, other := NewReader(m), NewReader(m)
	if err := packed.Shard(shard, false); err != nil {
		t.Fatal(err)
	}
	whole := len(other.Unpack(make([]byte, 0, 4*len(shard)), shard))
	if whole <= len(shard) {
		t.Fatalf("%d bytes became %d", len(shard), whole)
	}
	for room := 0; room <= whole+100; room += whole/30 + 1 {
		unpacked := other.Unpack(make([]byte, 0, max(room, len(shard))), shard)
		if len(unpacked) > max(room, len(shard)) {
			t.Fatalf("%d bytes where %d were free", len(unpacked), room)
		}
		r := NewReader(m)
		if err := r.Unpacked(unpacked); err != nil {
			t.Fatalf("room %d: %v", room, err)
		}
		for i, want := range packed.tensors {
			got := r.tensors[i]
			if !bytes.Equal(got.data, want.data) ||
				want.matrix != nil && !bytes.Equal(got.matrix.Data, want.matrix.Data) {
				t.Fatalf("room %d: tensor %d differs", room, i)
			}
		}
		if err := r.Close(); err != nil {
			t.Errorf("room %d: %v", room, err)
		}
	}
	for _, c := range badShards(t) {
		if errors.Is(c.want, ErrChecksum) {
			continue
		}
		m, shard := c.build(t)
		r := newReader(t, m)
		if err := r.Unpacked(other.Unpack(nil, shard)); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
}

// TestReadsWhatTheFormatSays reads a shard that the package did not write.
func TestReadsWhatTheFormatSays(t *testing.T) {
	m, runs := smallModel(t)
	r := newReader(t, m)
	if _, err := r.Matrix("w", 17, 64); !errors.Is(err, ErrInvalid) {
		t.Errorf("a matrix before its shard: %v", err)
	}
	if err := r.Shard(shardOf(runs...), false); err != nil {
		t.Fatal(err)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	matrix, err := r.Matrix("w", 17, 64)
	if err != nil {
		t.Fatal(err)
	}
	checkWeights(t, matrix, smallWeights())
	if floats, err := r.Floats("norm", 3); err != nil || !slices.Equal(floats, []float32{1, -2.5, 0}) {
		t.Errorf("floats %v, %v", floats, err)
	}
	if tokenizer, err := r.Tokenizer(); err != nil || tokenizer.Tokens[3] != "ab" {
		t.Errorf("tokenizer %v, %v", tokenizer, err)
	}
	if !r.Has("norm") || r.Has("v") || r.Next() != 1 {
		t.Errorf("has norm %v, has v %v, next %d", r.Has("norm"), r.Has("v"), r.Next())
	}
	for name, err := range map[string]error{
		"missing":         second(r.Floats("v", 3)),
		"kind":            second(r.Floats("w", 3)),
		"length":          second(r.Floats("norm", 4)),
		"rows":            second(r.Matrix("w", 16, 64)),
		"columns":         second(r.Matrix("w", 17, 32)),
		"floats asked as": second(r.Matrix("norm", 1, 3)),
	} {
		if !errors.Is(err, ErrInvalid) {
			t.Errorf("%s: %v, want ErrInvalid", name, err)
		}
	}
}

func second[T any](_ T, err error) error { return err }

// TestShardsInParts cuts the runs into shards at every place.
func TestShardsInParts(t *testing.T) {
	_, runs := smallModel(t)
	ends := []string{0: "tokenizer", 1: "norm", 8: "w"} // by run: what it completes
	for cut := 1; cut < len(runs); cut++ {
		m, _ := smallModel(t)
		first, rest := shardOf(runs[:cut]...), shardOf(runs[cut:]...)
		named := func(names []string) []string {
			return slices.DeleteFunc(slices.Clone(names), func(s string) bool { return s == "" })
		}
		m.Shards = []Shard{
			shardEntry(first, named(ends[:cut])...), shardEntry(rest, named(ends[cut:])...),
		}
		r := newReader(t, m)
		if err := r.Shard(first, false); err != nil {
			t.Fatalf("cut %d: %v", cut, err)
		}
		if err := r.Shard(rest, false); err != nil {
			t.Fatalf("cut %d: %v", cut, err)
		}
		matrix, err := r.Matrix("w", 17, 64)
		if err != nil {
			t.Fatalf("cut %d: %v", cut, err)
		}
		checkWeights(t, matrix, smallWeights())
	}
}

// compress packs as the real encoder does, with options that Writer does not use.
func compress(tb testing.TB, data []byte, options ...zstd.EOption) []byte {
	tb.Helper()
	e, err := zstd.NewWriter(nil, options...)
	if err != nil {
		tb.Fatal(err)
	}
	defer e.Close()
	return e.EncodeAll(data, nil)
}

// TestReadsOtherEncoders: any one frame that declares its size will do, with a checksum or without,
// of any level.
func TestReadsOtherEncoders(t *testing.T) {
	for name, options := range map[string][]zstd.EOption{
		"checksum":    {zstd.WithEncoderCRC(true)},
		"no checksum": {zstd.WithEncoderCRC(false)},
		"fastest":     {zstd.WithEncoderLevel(zstd.SpeedFastest)},
		"default":     {zstd.WithEncoderLevel(zstd.SpeedDefault)},
	} {
		m, runs := smallModel(t)
		options = append(options, zstd.WithSingleSegment(true))
		for i := range runs {
			runs[i].frame = compress(t, runs[i].frame[12:], options...) // 12: the head of zstdFrame
		}
		shard := shardOf(runs...)
		m.Shards = []Shard{shardEntry(shard, "tokenizer", "norm", "w")}
		r := newReader(t, m)
		if err := r.Shard(shard, false); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		matrix, err := r.Matrix("w", 17, 64)
		if err != nil {
			t.Fatal(err)
		}
		checkWeights(t, matrix, smallWeights())
	}
}

// badShard is a shard that must be refused.
type badShard struct {
	name  string
	runs  func(runs []encodedRun) []encodedRun
	bytes func(shard []byte) []byte // after the runs, before the manifest is made
	want  error
	text  string
}

// change makes a function that alters one run.
func change(at int, f func(*encodedRun)) func([]encodedRun) []encodedRun {
	return func(runs []encodedRun) []encodedRun { f(&runs[at]); return runs }
}

func badShards(tb testing.TB) []badShard {
	w := smallWeights()
	tokenizer := encodeTokenizer(tb, smallTokenizer())
	norm := floatBytes(1, -2.5, 0)
	windowed := append([]byte{0x28, 0xb5, 0x2f, 0xfd, 0x80, 0xf8}, 12, 0, 0, 0) // a window of 2 TiB
	windowed = append(windowed, rawBlocks(norm)...)
	withDictionary := append([]byte{0x28, 0xb5, 0x2f, 0xfd, 0xa1, 7}, 12, 0, 0, 0)
	withDictionary = append(withDictionary, rawBlocks(norm)...)
	skippable := []byte{0x50, 0x2a, 0x4d, 0x18, 4, 0, 0, 0, 'e', 'v', 'i', 'l'}
	plane := w.plane(2)
	// 16 MiB of zeros behind the size that the table wants.
	zeros := slices.Repeat(append(zstdBlock(1, 1<<17, false), 0), 127)
	bomb := zstdFrameOf(12, append(append(zeros, zstdBlock(1, 1<<17, true)...), 0))
	replace := func(at int, frame []byte) func([]encodedRun) []encodedRun {
		return change(at, func(r *encodedRun) { r.frame = frame })
	}
	return []badShard{
		{name: "empty frame", runs: replace(1, nil), want: ErrInvalid, text: "zstd frame"},
		{name: "not zstd", runs: replace(1, []byte("<!DOCTYPE html><html></html>")),
			want: ErrInvalid, text: "zstd frame"},
		{name: "wrong size", runs: replace(1, zstdFrame(norm[:8])),
			want: ErrInvalid, text: "declares 8 bytes, want 12"},
		{name: "size not declared",
			runs: replace(1, append([]byte{0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58}, rawBlocks(norm)...)),
			want: ErrInvalid, text: "want 12"},
		{name: "size a lie", runs: replace(1, zstdFrameOf(12, rawBlocks(norm[:8]))),
			want: ErrInvalid, text: "zstd frame"},
		{name: "bomb", runs: replace(1, bomb), want: ErrInvalid, text: "zstd frame"},
		{name: "bomb that says so", runs: replace(1, zstdFrameOf(1<<30, bomb[9:])),
			want: ErrInvalid, text: "declares 1073741824 bytes"},
		{name: "huge window", runs: replace(1, windowed), want: ErrInvalid, text: "zstd frame"},
		{name: "dictionary", runs: replace(1, withDictionary), want: ErrInvalid, text: "zstd frame"},
		{name: "two frames", runs: replace(1, append(zstdFrame(norm), zstdFrame(nil)...)),
			want: ErrInvalid, text: "behind it"},
		{name: "two halves",
			runs: replace(1, append(zstdFrameOf(12, rawBlocks(norm[:6])), zstdFrame(norm[6:])...)),
			want: ErrInvalid, text: "holds 6 bytes, declares 12"},
		{name: "frame to skip behind", runs: replace(1, append(zstdFrame(norm), skippable...)),
			want: ErrInvalid, text: "behind it"},
		{name: "frame to skip before",
			runs: replace(1, append(slices.Clone(skippable), zstdFrame(norm)...)),
			want: ErrInvalid, text: "zstd frame"},
		{name: "byte behind", runs: replace(1, append(zstdFrame(norm), 0)),
			want: ErrInvalid, text: "behind it"},
		{name: "frame cut", runs: replace(1, zstdFrame(norm)[:14]),
			want: ErrInvalid, text: "block of 12 bytes, 2 are left"},
		{name: "reserved block",
			runs: replace(1, zstdFrameOf(12, append(zstdBlock(3, 12, true), norm...))),
			want: ErrInvalid, text: "zstd frame"},
		{name: "checksum cut", runs: replace(1, cutLast(compress(tb, norm,
			zstd.WithEncoderCRC(true), zstd.WithSingleSegment(true)))),
			want: ErrInvalid, text: "zstd frame"},

		{name: "tensor not in the table", runs: change(1, func(r *encodedRun) { r.tensor = 3 }),
			want: ErrInvalid, text: "tensor 3 of 3"},
		{name: "tensor -1", runs: change(1, func(r *encodedRun) { r.tensor = math.MaxUint32 }),
			want: ErrInvalid, text: "of 3"},
		{name: "part of another kind", runs: change(1, func(r *encodedRun) { r.part = 0 }),
			want: ErrInvalid, text: "no part 0"},
		{name: "plane above the top", runs: change(2, func(r *encodedRun) { r.part = 3 }),
			want: ErrInvalid, text: "no part 3"},
		{name: "part 19", runs: change(2, func(r *encodedRun) { r.part = 19 }),
			want: ErrInvalid, text: "no part 19"},
		{name: "part -1", runs: change(2, func(r *encodedRun) { r.part = math.MaxUint32 }),
			want: ErrInvalid, text: "no part"},
		{name: "data of a matrix", runs: change(2, func(r *encodedRun) { r.part = partData }),
			want: ErrInvalid, text: "no part 18"},
		{name: "no units", runs: change(2, func(r *encodedRun) { r.count = 0 }),
			want: ErrInvalid, text: "no units"},
		{name: "too many units", runs: change(2, func(r *encodedRun) { r.count = 5 }),
			want: ErrInvalid, text: "units 0+5, want 0 of 4"},
		{name: "units for a whole run and more",
			runs: change(2, func(r *encodedRun) { r.count = 1<<12 + 1 }),
			want: ErrLimit, text: "at most 4096"},
		{name: "units that wrap", runs: change(2, func(r *encodedRun) { r.count = 1<<26 + 1 }),
			want: ErrLimit, text: "at most 4096"},
		{name: "first that wraps",
			runs: change(2, func(r *encodedRun) { r.first, r.count = math.MaxUint32, 1 }),
			want: ErrInvalid, text: "want 0 of 4"},
		{name: "gap", runs: change(2, func(r *encodedRun) { r.first = 1 }),
			want: ErrInvalid, text: "units 1+3, want 0 of 4"},
		{name: "units out of order", runs: func(runs []encodedRun) []encodedRun {
			runs[2] = encodedRun{2, 2, 3, 1, zstdFrame(plane[3*64:])}
			return runs
		}, want: ErrInvalid, text: "units 3+1, want 0 of 4"},
		{name: "lower plane first", runs: func(runs []encodedRun) []encodedRun {
			runs[2], runs[3] = runs[3], runs[2]
			return runs
		}, want: ErrInvalid, text: "plane 1 before plane 2"},
		{name: "lower plane too far", runs: func(runs []encodedRun) []encodedRun {
			runs[3] = encodedRun{2, 1, 0, 4, zstdFrame(w.plane(1))}
			return runs
		}, want: ErrInvalid, text: "plane 1 before plane 2"},
		{name: "run twice",
			runs: func(runs []encodedRun) []encodedRun { return slices.Insert(runs, 3, runs[2]) },
			want: ErrInvalid, text: "units 0+3, want 3 of 4"},
		{name: "run after completion",
			runs: func(runs []encodedRun) []encodedRun { return append(runs, runs[1]) },
			want: ErrInvalid, text: "units 0+12, want 12 of 12"},
		{name: "run past completion", runs: func(runs []encodedRun) []encodedRun {
			return append(runs, encodedRun{1, partData, 12, 4, zstdFrame(norm[:4])})
		}, want: ErrInvalid, text: "units 12+4, want 12 of 12"},
		{name: "infinite scale",
			runs: replace(7, zstdFrame(w.halves(func(row, _ int) uint16 {
				return uint16(row / 16 * 0x7c00)
			}))),
			want: ErrInvalid, text: "is not finite"},
		{name: "NaN scale",
			runs: replace(7, zstdFrame(w.halves(func(int, int) uint16 { return 0xfe00 }))),
			want: ErrInvalid, text: "0xfe00 is not finite"},
		{name: "infinite offset",
			runs: replace(8, zstdFrame(w.halves(func(int, int) uint16 { return 0x7c00 }))),
			want: ErrInvalid, text: "0x7c00 is not finite"},

		{name: "nothing for w", runs: func(runs []encodedRun) []encodedRun { return runs[:2] },
			want: ErrInvalid, text: `completes ["tokenizer" "norm"], the manifest says`},
		{name: "another order",
			runs: func(runs []encodedRun) []encodedRun { runs[0], runs[1] = runs[1], runs[0]; return runs },
			want: ErrInvalid, text: `completes ["norm" "tokenizer" "w"]`},

		{name: "packed too long",
			bytes: func(b []byte) []byte { binary.LittleEndian.PutUint32(b[24:], uint32(len(b))); return b },
			want:  ErrInvalid, text: "are left"},
		{name: "packed 2^32-1",
			bytes: func(b []byte) []byte { binary.LittleEndian.PutUint32(b[24:], math.MaxUint32); return b },
			want:  ErrInvalid, text: "run of 4294967295 bytes"},
		{name: "no magic", bytes: func(b []byte) []byte { b[0] = 0x51; return b },
			want: ErrInvalid, text: "no run header"},
		{name: "header of another size", bytes: func(b []byte) []byte { b[4] = 24; return b },
			want: ErrInvalid, text: "no run header"},
		{name: "trailing byte", bytes: func(b []byte) []byte { return append(b, 0) },
			want: ErrInvalid, text: "1 bytes where a run header has 28"},
		{name: "trailing header", bytes: func(b []byte) []byte { return append(b, b[:28]...) },
			want: ErrInvalid, text: "are left"},
		{name: "HTML",
			bytes: func([]byte) []byte {
				return []byte("<!DOCTYPE html><html><title>404 Not Found</title></html>")
			},
			want: ErrInvalid, text: "no run header"},
		{name: "tokenizer only", runs: func([]encodedRun) []encodedRun {
			return []encodedRun{{0, partData, 0, uint32(len(tokenizer)), zstdFrame(tokenizer)}}
		}, want: ErrInvalid, text: "completes"},
	}
}

func cutLast(b []byte) []byte { return b[:len(b)-1] }

// build gives the shard and a manifest that vouches for its bytes.
func (c *badShard) build(tb testing.TB) (*Manifest, []byte) {
	tb.Helper()
	m, runs := smallModel(tb)
	if c.runs != nil {
		runs = c.runs(runs)
	}
	shard := shardOf(runs...)
	if c.bytes != nil {
		shard = c.bytes(shard)
	}
	m.Shards = []Shard{shardEntry(shard, "tokenizer", "norm", "w")}
	return m, shard
}

func TestBadShards(t *testing.T) {
	for _, c := range badShards(t) {
		m, shard := c.build(t)
		r := newReader(t, m)
		err := r.Shard(shard, true)
		var place *FormatError
		if !errors.Is(err, c.want) || !isOurs(err) || !errors.As(err, &place) ||
			place.Shard != 0 || !strings.Contains(err.Error(), c.text) {
			t.Errorf("%s: %v, want %v in shard 0 with %q", c.name, err, c.want, c.text)
			continue
		}
		if later := r.Shard(shard, true); later != err {
			t.Errorf("%s: later %v, want the first error", c.name, later)
		}
		if later := r.Close(); later != err {
			t.Errorf("%s: Close gives %v, want the first error", c.name, later)
		}
		if r.Next() != 0 {
			t.Errorf("%s: next shard is %d", c.name, r.Next())
		}
	}
}

// TestHostileFloats reads values that only Floats can see.
func TestHostileFloats(t *testing.T) {
	for _, bad := range []float32{float32(math.NaN()), float32(math.Inf(1)), float32(math.Inf(-1))} {
		c := badShard{runs: change(1, func(r *encodedRun) { r.frame = zstdFrame(floatBytes(1, 2, bad)) })}
		m, shard := c.build(t)
		r := newReader(t, m)
		if err := r.Shard(shard, false); err != nil {
			t.Fatal(err)
		}
		if v, err := r.Floats("norm", 3); v != nil || !errors.Is(err, ErrInvalid) {
			t.Errorf("%v, %v, want ErrInvalid", v, err)
		}
	}
}

// TestDamagedShards cuts and flips a good shard: its length or its hash tells.
func TestDamagedShards(t *testing.T) {
	m, runs := smallModel(t)
	good := shardOf(runs...)
	refused := func(data []byte) error {
		r := newReader(t, m)
		defer r.Close()
		return r.Shard(data, false)
	}
	for n := 0; n < len(good); n += 1 + n/20 {
		if err := refused(good[:n]); !errors.Is(err, ErrChecksum) {
			t.Errorf("cut to %d bytes: %v, want ErrChecksum", n, err)
		}
	}
	if err := refused(append(slices.Clone(good), 0)); !errors.Is(err, ErrChecksum) {
		t.Errorf("one byte more: %v, want ErrChecksum", err)
	}
	for bit := 0; bit < 8*len(good); bit += 1 + bit/50 {
		flipped := slices.Clone(good)
		flipped[bit/8] ^= 1 << (bit % 8)
		if err := refused(flipped); !errors.Is(err, ErrChecksum) {
			t.Errorf("bit %d flipped: %v, want ErrChecksum", bit, err)
		}
	}
	// The shard itself is taken after that.
	r := newReader(t, m)
	if err := r.Shard(good[1:], false); !errors.Is(err, ErrChecksum) {
		t.Error(err)
	}
	if err := r.Shard(good, false); err != nil || r.Close() != nil {
		t.Errorf("the shard after a damaged one: %v", err)
	}
}

func TestShardAfterTheLast(t *testing.T) {
	m, runs := smallModel(t)
	r := newReader(t, m)
	if err := r.Shard(shardOf(runs...), false); err != nil {
		t.Fatal(err)
	}
	err := r.Shard(shardOf(runs...), false)
	if !errors.Is(err, ErrInvalid) || r.Close() != err {
		t.Errorf("a second shard of one: %v, then %v", err, r.Close())
	}
}

func TestCloseBeforeTheEnd(t *testing.T) {
	m, _ := smallModel(t)
	err := newReader(t, m).Close()
	if !errors.Is(err, ErrInvalid) || !strings.Contains(err.Error(), "0 of 1 shards") {
		t.Errorf("%v", err)
	}
}

// TestNormalScales: one scale or offset anywhere that is negative or subnormal, and the kernels'
// short cut is off.
func TestNormalScales(t *testing.T) {
	for _, c := range []struct {
		half   uint16
		normal bool
	}{
		{0, true}, {0x0400, true}, {0x3c00, true}, {0x7bff, true},
		{0x0001, false}, {0x03ff, false}, {0x8000, false},
		{0x8001, false}, {0x8400, false}, {0xfbff, false},
	} {
		for _, run := range []int{7, 8} {
			for _, at := range [][2]int{{0, 0}, {16, 1}} {
				w := smallWeights()
				value := w.d
				if run == 8 {
					value = w.n
				}
				one := func(row, group int) uint16 {
					if row == at[0] && group == at[1] {
						return c.half
					}
					return value(row, group)
				}
				bad := badShard{runs: change(run, func(r *encodedRun) { r.frame = zstdFrame(w.halves(one)) })}
				m, shard := bad.build(t)
				r := newReader(t, m)
				if err := r.Shard(shard, false); err != nil {
					t.Fatal(err)
				}
				matrix, err := r.Matrix("w", 17, 64)
				if err != nil || matrix.NormalScales != c.normal {
					t.Errorf("run %d, %#04x at %v: normal scales %v, %v; want %v",
						run, c.half, at, matrix.NormalScales, err, c.normal)
				}
			}
		}
	}
}

// allocated gives the bytes that f takes from the heap.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// TestHostileShardsTakeLittleMemory: what is refused costs less than a megabyte, whatever it
// claims; the scratch of one run and the zstd decoder's own tables are most of it.
func TestHostileShardsTakeLittleMemory(t *testing.T) {
	for _, c := range badShards(t) {
		m, shard := c.build(t)
		r := newReader(t, m)
		if n := allocated(func() { _ = r.Shard(shard, true) }); n > 1<<20 {
			t.Errorf("%s: %d bytes", c.name, n)
		}
	}
}

func TestOpen(t *testing.T) {
	build := func(change func(fstest.MapFS, *Manifest)) fstest.MapFS {
		m, runs := smallModel(t)
		folder := fstest.MapFS{m.Shards[0].File: &fstest.MapFile{Data: shardOf(runs...)}}
		folder[ManifestFile] = &fstest.MapFile{Data: manifestText(t, m)}
		change(folder, m)
		return folder
	}
	unchanged := func(fstest.MapFS, *Manifest) {}
	if m, r, err := Open(build(unchanged)); err != nil || m.Name != "small" || !r.Has("w") {
		t.Fatalf("%v, %v", m, err)
	}
	for _, c := range []struct {
		name   string
		change func(fstest.MapFS, *Manifest)
		want   error
		text   string
	}{
		{"no manifest", func(f fstest.MapFS, m *Manifest) { delete(f, ManifestFile) },
			os.ErrNotExist, "manifest.json"},
		{"no shard", func(f fstest.MapFS, m *Manifest) { delete(f, m.Shards[0].File) },
			os.ErrNotExist, ".bin"},
		{"bad manifest", func(f fstest.MapFS, m *Manifest) { f[ManifestFile].Data = []byte("{}") },
			ErrInvalid, "manifest.json: manifest: "},
		{"big manifest",
			func(f fstest.MapFS, m *Manifest) { f[ManifestFile].Data = make([]byte, MaxManifestBytes+1) },
			ErrLimit, "manifest.json"},
		{"big shard",
			func(f fstest.MapFS, m *Manifest) { f[m.Shards[0].File].Data = make([]byte, MaxShardBytes+1) },
			ErrLimit, ".bin"},
		{"damaged shard", func(f fstest.MapFS, m *Manifest) { f[m.Shards[0].File].Data[70] ^= 1 },
			ErrChecksum, ".bin: shard 0"},
		{"folder", func(f fstest.MapFS, m *Manifest) { f[m.Shards[0].File].Mode = os.ModeDir },
			nil, ".bin"},
	} {
		m, r, err := Open(build(c.change))
		if err == nil || m != nil || r != nil || c.want != nil && !errors.Is(err, c.want) ||
			!strings.Contains(fmt.Sprint(err), c.text) {
			t.Errorf("%s: %v, %v, %v; want %v with %q", c.name, m, r, err, c.want, c.text)
		}
	}
}
