package planes

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"math"
	"testing"

	"github.com/spikechat/spikechat/core/tile"
)

// An encoder for tests, written from FORMAT.md and not from the package: it shares no function with
// Writer, so that a mistake in the one cannot hide in the other.

// zstdFrame packs data without compression: one segment, its size in the header, raw blocks alone.
func zstdFrame(data []byte) []byte { return zstdFrameOf(uint32(len(data)), rawBlocks(data)) }

// zstdFrameOf is a frame that declares size bytes.
func zstdFrameOf(size uint32, blocks []byte) []byte {
	// Magic; 4 bytes of size, one segment, no checksum, no dictionary.
	b := []byte{0x28, 0xb5, 0x2f, 0xfd, 0xa0}
	return append(binary.LittleEndian.AppendUint32(b, size), blocks...)
}

func rawBlocks(data []byte) (b []byte) {
	for len(data) > 1<<17 {
		b = append(append(b, zstdBlock(0, 1<<17, false)...), data[:1<<17]...)
		data = data[1<<17:]
	}
	return append(append(b, zstdBlock(0, len(data), true)...), data...)
}

// zstdBlock is the head of a block: kind 0 raw, 1 one byte repeated.
func zstdBlock(kind, size int, last bool) []byte {
	v := kind<<1 | size<<3
	if last {
		v |= 1
	}
	return []byte{byte(v), byte(v >> 8), byte(v >> 16)}
}

// encodedRun is one run of a shard.
type encodedRun struct {
	tensor, part, first, count uint32
	frame                      []byte
}

func (r encodedRun) bytes() []byte {
	b := []byte{0x50, 0x2a, 0x4d, 0x18, 20, 0, 0, 0}
	for _, v := range []uint32{r.tensor, r.part, r.first, r.count, uint32(len(r.frame))} {
		b = binary.LittleEndian.AppendUint32(b, v)
	}
	return append(b, r.frame...)
}

func shardOf(runs ...encodedRun) (b []byte) {
	for _, r := range runs {
		b = append(b, r.bytes()...)
	}
	return b
}

// shardEntry is the manifest's entry of a shard.
func shardEntry(data []byte, completes ...string) Shard {
	sum := sha256.Sum256(data)
	name := hex.EncodeToString(sum[:])
	return Shard{File: name + ".bin", Bytes: int64(len(data)), SHA256: name, Completes: completes}
}

// weights is a matrix as a person thinks of it.
type weights struct {
	rows, cols, planes int
	code               func(row, col int) uint8
	d, n               func(row, group int) uint16 // n is nil where offsets are not stored
}

// place gives the byte of a row in each 16 bytes of a plane: 0, 8, 1, 9, ...
var place = [16]int{0, 2, 4, 6, 8, 10, 12, 14, 1, 3, 5, 7, 9, 11, 13, 15}

// plane gives the bytes of one plane, or of its difference to the next higher one.
func (w *weights) plane(p int) []byte {
	var b []byte
	for tile := 0; tile*16 < w.rows; tile++ {
		for group := 0; group*32 < w.cols; group++ {
			block := make([]byte, 64)
			for row := tile * 16; row < min(tile*16+16, w.rows); row++ {
				for col := range 32 {
					code := w.code(row, group*32+col)
					bit := code >> p & 1
					if p+1 < w.planes {
						bit ^= code >> (p + 1) & 1
					}
					block[col/8*16+place[row%16]] |= bit << (col % 8)
				}
			}
			b = append(b, block...)
		}
	}
	return b
}

// halves gives scales or offsets: all low bytes, then all high ones.
func (w *weights) halves(value func(row, group int) uint16) []byte {
	var low, high []byte
	for tile := 0; tile*16 < w.rows; tile++ {
		for group := 0; group*32 < w.cols; group++ {
			for row := tile * 16; row < tile*16+16; row++ {
				v := uint16(0)
				if row < w.rows {
					v = value(row, group)
				}
				low, high = append(low, byte(v)), append(high, byte(v>>8))
			}
		}
	}
	return append(low, high...)
}

func floatBytes(values ...float32) (b []byte) {
	for _, v := range values {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
	}
	return b
}

// smallWeights has 17 rows, so that its second tile is nearly all padding.
func smallWeights() *weights {
	return &weights{rows: 17, cols: 64, planes: 3,
		code: func(row, col int) uint8 { return uint8((row*7 + col*5 + row*col) % 8) },
		d:    func(row, group int) uint16 { return uint16(0x2c00 + row*16 + group) },
		n:    func(row, group int) uint16 { return uint16(0x3000 + row*8 + group) },
	}
}

// smallModel is a manifest of three tensors and the runs of its one shard.
func smallModel(tb testing.TB) (*Manifest, []encodedRun) {
	tb.Helper()
	tokenizer := encodeTokenizer(tb, smallTokenizer())
	w := smallWeights()
	m := &Manifest{
		Format: "spikechat-planes", Version: 1, Name: "small", License: "CC0-1.0",
		Source: Source{File: "small.gguf", Bytes: 123,
			SHA256: "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"},
		Config: Config{Architecture: "llama", Layers: 1, Hidden: 32, Intermediate: 32,
			Heads: 1, KVHeads: 1, HeadDim: 32,
			Vocab: 6, Context: 64, RopeBase: 10000, RMSEpsilon: 1e-5},
		ChatTemplate: "{{ bos }}",
		Tensors: []Tensor{
			{Name: "tokenizer", Kind: KindTokenizer, Rows: 1, Cols: len(tokenizer)},
			{Name: "norm", Kind: KindFloat32, Rows: 1, Cols: 3},
			{Name: "w", Kind: KindUnsigned, Rows: w.rows, Cols: w.cols, Planes: w.planes},
		},
	}
	runs := []encodedRun{
		{0, partData, 0, uint32(len(tokenizer)), zstdFrame(tokenizer)},
		{1, partData, 0, 12, zstdFrame(floatBytes(1, -2.5, 0))},
		{2, 2, 0, 3, zstdFrame(w.plane(2)[:3*64])}, // a plane in two runs
		{2, 1, 0, 3, zstdFrame(w.plane(1)[:3*64])},
		{2, 2, 3, 1, zstdFrame(w.plane(2)[3*64:])},
		{2, 1, 3, 1, zstdFrame(w.plane(1)[3*64:])},
		{2, 0, 0, 4, zstdFrame(w.plane(0))},
		{2, 16, 0, 4, zstdFrame(w.halves(w.d))},
		{2, 17, 0, 4, zstdFrame(w.halves(w.n))},
	}
	m.Shards = []Shard{shardEntry(shardOf(runs...), "tokenizer", "norm", "w")}
	return m, runs
}

func manifestText(tb testing.TB, m *Manifest) []byte {
	tb.Helper()
	text, err := m.AppendJSON(nil)
	if err != nil {
		tb.Fatal(err)
	}
	return text
}

// checkWeights compares every code, scale and offset.
func checkWeights(t *testing.T, got *tile.Matrix, want *weights) {
	t.Helper()
	if got.Rows != want.rows || got.Cols != want.cols || got.Planes != want.planes ||
		got.StoredOffsets() != (want.n != nil) {
		t.Fatalf("matrix %d x %d of %d planes, stored offsets %v; want %d x %d of %d, %v",
			got.Rows, got.Cols, got.Planes, got.StoredOffsets(),
			want.rows, want.cols, want.planes, want.n != nil)
	}
	for row := range want.rows {
		for group := range want.cols / tile.GroupCols {
			var codes [tile.GroupCols]uint8
			d, n := got.Group(row, group, &codes)
			wantN := uint16(0)
			if want.n != nil {
				wantN = want.n(row, group)
			}
			if d != want.d(row, group) || n != wantN {
				t.Fatalf("row %d, group %d: scale %#04x, offset %#04x; want %#04x, %#04x",
					row, group, d, n, want.d(row, group), wantN)
			}
			for i, code := range codes {
				if code != want.code(row, group*tile.GroupCols+i) {
					t.Fatalf("row %d, column %d: code %d, want %d", row, group*tile.GroupCols+i, code,
						want.code(row, group*tile.GroupCols+i))
				}
			}
		}
	}
}

// isOurs reports whether an error wraps exactly one sentinel, as every error of the package must.
func isOurs(err error) bool {
	n := 0
	for _, sentinel := range []error{ErrInvalid, ErrUnsupported, ErrChecksum, ErrLimit} {
		if errors.Is(err, sentinel) {
			n++
		}
	}
	return n == 1
}
