package planes

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
	"slices"

	"github.com/spikechat/spikechat/core/tile"
)

// Writer packs tensors into shards, the same bytes every time. The caller gives the parts in
// loading order; the planes of a matrix must come from the most significant down. What a Reader
// would refuse is refused here, and after an error the Writer stays at it.
type Writer struct {
	// Tiles gives rows 16*from to 16*to-1 of a matrix as a matrix of their own. It is asked for those
	// that are written without Data: of one too large for memory, which is read more than once.
	Tiles func(name string, from, to int) (*tile.Matrix, error)

	manifest   *Manifest
	compress   func(data []byte) []byte
	emit       func(file string, data []byte) error
	index      map[string]int // tensor name to its place in the table
	progress   []tensorProgress
	delivery   delivery // as a Reader will see it
	shard      []byte
	shardLimit int      // MaxShardBytes; tests make it small
	done       []string // tensors completed in the open shard
	raw        []byte   // scratch of one run
	ranges     ranges
	err        error
}

// NewWriter starts packing the tensors of m's table, which it checks. It writes versions 3 to 5
// where m says so, with every coding that saves bytes, and else version 2. compress gives data as
// one zstd frame that declares its size, the same one every time; this package has no compression
// of its own, because the page needs none. emit stores each finished shard; the slice is reused
// after it returns.
func NewWriter(m Manifest, compress func(data []byte) []byte,
	emit func(file string, data []byte) error) (*Writer, error) {
	m.Format, m.Shards = Format, nil
	if m.Version < CodedVersion || m.Version > Version {
		m.Version = PlainVersion
	}
	if _, _, err := m.validateTable(); err != nil {
		return nil, err
	}
	w := &Writer{
		manifest: &m, compress: compress, emit: emit, index: map[string]int{},
		progress: make([]tensorProgress, len(m.Tensors)), shardLimit: MaxShardBytes,
	}
	for i := range m.Tensors {
		w.index[m.Tensors[i].Name] = i
	}
	return w, nil
}

// Matrix writes all of a matrix.
func (w *Writer) Matrix(name string, m *tile.Matrix) error {
	if w.manifest.Version == PlainVersion {
		if err := w.Planes(name, m, m.Planes-1, 0); err != nil {
			return err
		}
		return w.Scales(name, m)
	}
	// The highest plane may be coded by the scales.
	if err := w.Scales(name, m); err != nil {
		return err
	}
	return w.Planes(name, m, m.Planes-1, 0)
}

// Planes writes planes high down to low of a matrix.
func (w *Writer) Planes(name string, m *tile.Matrix, high, low int) error {
	if err := w.matrix(name, m); err != nil {
		return err
	}
	if high >= m.Planes || low < 0 || high < low {
		return w.fail(name, fmt.Errorf("%w: planes %d to %d of %d", ErrInvalid, high, low, m.Planes))
	}
	return w.planes(name, m, high, low, 0, m.Blocks())
}

// planes writes blocks from to to-1 of planes high down to low.
func (w *Writer) planes(name string, m *tile.Matrix, high, low, from, to int) error {
	for p := high; p >= low; p-- {
		err := w.blocks(name, m, uint32(p), from, to, func(raw []byte, m *tile.Matrix, block int) []byte {
			return m.AppendPlane(raw, p, block)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// Scales writes the scales of a matrix, and its offsets where they are stored. They must be finite.
func (w *Writer) Scales(name string, m *tile.Matrix) error {
	if err := w.matrix(name, m); err != nil {
		return err
	}
	return w.scales(name, m, 0, m.Blocks())
}

// Upper writes the k highest planes and the scales of rows from to to-1 of a matrix: whole tiles,
// the next that it has not written.
func (w *Writer) Upper(name string, m *tile.Matrix, k, from, to int) error {
	if err := w.matrix(name, m); err != nil {
		return err
	}
	if k < 1 || k > m.Planes || from < 0 || from >= to || to > m.Rows || from%tile.Rows != 0 ||
		to%tile.Rows != 0 && to != m.Rows {
		return w.fail(name, fmt.Errorf("%w: %d of %d planes of rows %d to %d of %d", ErrInvalid,
			k, m.Planes, from, to, m.Rows))
	}
	from, to = from/tile.Rows*m.Groups(), (to+tile.Rows-1)/tile.Rows*m.Groups()
	if err := w.planes(name, m, m.Planes-1, m.Planes-k, from, to); err != nil {
		return err
	}
	return w.scales(name, m, from, to)
}

// scales writes those of blocks from to to-1.
func (w *Writer) scales(name string, m *tile.Matrix, from, to int) error {
	parts := []uint32{partScale}
	if m.StoredOffsets() {
		parts = append(parts, partOffset)
	}
	if w.manifest.Version >= CodedVersion {
		slices.Reverse(parts) // scales may be coded by the offsets
	}
	for _, part := range parts {
		which := int(part - partScale)
		err := w.blocks(name, m, part, from, to, func(raw []byte, m *tile.Matrix, block int) []byte {
			return m.AppendHalves(raw, which, block)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// matrix checks that m is what the table says of name.
func (w *Writer) matrix(name string, m *tile.Matrix) error {
	if w.err != nil {
		return w.err
	}
	i, ok := w.index[name]
	if !ok {
		return w.fail(name, fmt.Errorf("%w: not in the table", ErrInvalid))
	}
	t := &w.manifest.Tensors[i]
	if !t.IsMatrix() || m.Rows != t.Rows || m.Cols != t.Cols || m.Planes != t.Planes ||
		m.OffsetBy != t.OffsetBy || m.Data == nil && w.Tiles == nil ||
		m.Data != nil && int64(len(m.Data)) != t.memory() {
		return w.fail(name, fmt.Errorf("%w: matrix %d x %d of %d planes, the table has %s %d x %d of %d",
			ErrInvalid, m.Rows, m.Cols, m.Planes, t.Kind, t.Rows, t.Cols, t.Planes))
	}
	return nil
}

// Floats writes a float32 tensor. Its values must be finite.
func (w *Writer) Floats(name string, values []float32) error {
	data := make([]byte, 0, 4*len(values))
	for i, v := range values {
		if v-v != 0 {
			return w.fail(name, fmt.Errorf("%w: value %d is %v", ErrInvalid, i, v))
		}
		data = binary.LittleEndian.AppendUint32(data, math.Float32bits(v))
	}
	return w.bytes(name, KindFloat32, data)
}

// Tokenizer writes the vocabulary in the form of Tokenizer.AppendBinary.
func (w *Writer) Tokenizer(name string, data []byte) error {
	return w.bytes(name, KindTokenizer, data)
}

// Ranking writes a ranking of neurons.
func (w *Writer) Ranking(name string, r *Ranking) error {
	data, err := r.AppendBinary(nil, &w.manifest.Config)
	if err != nil {
		return w.fail(name, err)
	}
	return w.bytes(name, KindRanking, data)
}

func (w *Writer) bytes(name string, kind Kind, data []byte) error {
	if w.err != nil {
		return w.err
	}
	i, ok := w.index[name]
	if !ok || w.manifest.Tensors[i].Kind != kind ||
		w.manifest.Tensors[i].memory() != int64(len(data)) {
		return w.fail(name, fmt.Errorf("%w: no %s of %d bytes in the table", ErrInvalid, kind, len(data)))
	}
	return w.part(name, partData, 0, len(data), func(h *runHeader) ([]byte, error) {
		w.raw = append(w.raw[:0], data[h.First:][:h.Count]...)
		return w.encode(h, &w.manifest.Tensors[i], nil, w.raw), nil
	})
}

// fail keeps the first error.
func (w *Writer) fail(name string, err error) error {
	if w.err == nil {
		w.err = &FormatError{Shard: len(w.manifest.Shards), Tensor: name, Offset: -1, Err: err}
	}
	return w.err
}

// blocks writes one part of blocks from to to-1 of a matrix; add appends that of one block of the
// matrix that it is given.
func (w *Writer) blocks(name string, m *tile.Matrix, part uint32, from, to int,
	add func(raw []byte, m *tile.Matrix, block int) []byte) error {
	t := &w.manifest.Tensors[w.index[name]]
	groups := m.Groups()
	return w.part(name, part, from, to, func(h *runHeader) ([]byte, error) {
		first, end := int(h.First), int(h.First+h.Count)
		before := first / groups // tiles
		some, err := w.tiles(name, m, before, (end+groups-1)/groups)
		if err != nil {
			return nil, err
		}
		w.raw = w.raw[:0]
		for block := first; block < end; block++ {
			w.raw = add(w.raw, some, block-before*groups)
		}
		if part == partScale || part == partOffset {
			if err := some.CheckHalves(int(part - partScale)); err != nil {
				return nil, fmt.Errorf("%w: %w", ErrInvalid, err)
			}
			w.raw = splitHalves(w.raw)
		}
		// The coding looks at whole blocks, from the first one of the run on.
		some.Data = some.Data[(first-before*groups)*some.BlockBytes():]
		if t.Kind == KindTernary {
			if err := checkTernary(t, *h, some, 0, w.raw); err != nil {
				return nil, fmt.Errorf("%w: %w", ErrInvalid, err)
			}
		}
		return w.encode(h, t, some, w.raw), nil
	})
}

// tiles gives tiles from to to-1 of a matrix, as one of their own.
func (w *Writer) tiles(name string, m *tile.Matrix, from, to int) (*tile.Matrix, error) {
	if m.Data == nil {
		return w.Tiles(name, from, to)
	}
	some, size := *m, m.Groups()*m.BlockBytes()
	some.Rows = min(to*tile.Rows, m.Rows) - from*tile.Rows
	some.Whole, some.Data = some.Rows, m.Data[from*size:to*size]
	return &some, nil
}

// part cuts units from to to-1 of one part of a tensor into runs; encode gives the frames of one.
func (w *Writer) part(name string, part uint32, from, to int,
	encode func(h *runHeader) ([]byte, error)) error {
	i := w.index[name]
	t := &w.manifest.Tensors[i]
	_, size := t.units(part)
	step := MaxRunBytes / size
	for first := from; first < to; first += step {
		n := min(step, to-first)
		h := runHeader{Tensor: uint32(i), Part: part, First: uint32(first), Count: uint32(n)}
		if _, err := w.progress[i].check(t, h); err != nil {
			return w.fail(name, err)
		}
		frames, err := encode(&h)
		if err == nil {
			err = w.run(h, frames)
		}
		if err != nil {
			return w.fail(name, err)
		}
		w.delivery.filled += w.progress[i].fills(t, h)
		if w.progress[i].advance(t, part, n) {
			w.done = append(w.done, name)
		}
	}
	return nil
}

// splitHalves puts the low bytes of float16 values before the high ones, which repeat and compress.
func splitHalves(raw []byte) []byte {
	out := make([]byte, len(raw))
	for i := range len(raw) / 2 {
		out[i], out[len(raw)/2+i] = raw[2*i], raw[2*i+1]
	}
	return out
}

func (w *Writer) run(h runHeader, frames []byte) error {
	h.Packed = uint32(len(frames))
	if len(w.shard)+headerBytes+len(frames) > w.shardLimit {
		if err := w.flush(); err != nil {
			return err
		}
	}
	w.shard = append(h.append(w.shard), frames...)
	return nil
}

// Cut ends the open shard, so that nothing behind has to come for what is in it. The first shard
// is not ended: what is smaller than one comes whole anyway.
func (w *Writer) Cut() error {
	if w.err != nil || len(w.manifest.Shards) == 0 {
		return w.err
	}
	if err := w.flush(); err != nil {
		return w.fail("", err)
	}
	return nil
}

func (w *Writer) flush() error {
	if len(w.shard) == 0 {
		return nil
	}
	w.delivery.received += int64(len(w.shard))
	if err := w.delivery.check(0); err != nil {
		return err
	}
	sum := sha256.Sum256(w.shard)
	s := Shard{SHA256: hex.EncodeToString(sum[:]), Bytes: int64(len(w.shard)), Completes: w.done}
	s.File = s.SHA256 + ".bin"
	w.manifest.Shards = append(w.manifest.Shards, s)
	err := w.emit(s.File, w.shard)
	w.shard, w.done = w.shard[:0], nil
	return err
}

// Close writes the last shard and returns the finished manifest. It fails if any tensor is
// incomplete.
func (w *Writer) Close() (*Manifest, error) {
	if w.err != nil {
		return nil, w.err
	}
	if err := w.flush(); err != nil {
		return nil, w.fail("", err)
	}
	if err := w.manifest.validate(); err != nil {
		return nil, err
	}
	return w.manifest, nil
}
