package planes

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/spikechat/spikechat/core/tile"
	"github.com/spikechat/spikechat/core/zstd"
)

// Reader turns shards, given in the manifest's order, into tensors. Each tensor's memory is taken
// once, at its final size, when its first run arrives, and is filled in place: at any moment at
// most MaxRatio times what has come, and 1 MiB. After an error the Reader stays at that error, but
// for ErrChecksum: a damaged shard changes nothing, and can be given again.
type Reader struct {
	manifest *Manifest
	decoder  zstd.Decoder
	index    map[string]int
	tensors  []tensorState
	raw      []byte // scratch of one run
	sorted   []byte // the same in another coding; nil before version 3
	ranges   ranges
	next     int // shard wanted now
	delivery delivery
	err      error
	part     Part
}

// Part says which rows of a matrix are wanted, from to to-1: whole tiles but at its end.
type Part func(tensor string, rows int) (from, to int)

type tensorState struct {
	progress tensorProgress
	complete bool
	matrix   *tile.Matrix // of planes
	above    *tile.Matrix // whole planes of a ternary matrix of which a part is kept, while they come
	first    int          // block of the tensor that matrix begins with
	data     []byte       // other kinds
}

// NewReader prepares to read the model of a checked manifest.
func NewReader(m *Manifest) *Reader {
	r := &Reader{manifest: m, index: make(map[string]int, len(m.Tensors)),
		tensors: make([]tensorState, len(m.Tensors)), raw: make([]byte, MaxRunBytes)}
	if m.Version >= CodedVersion {
		r.sorted = make([]byte, MaxRunBytes+classRoom)
	}
	for i := range m.Tensors {
		r.index[m.Tensors[i].Name] = i
	}
	return r
}

// Keep has the Reader keep parts of the matrices alone. It comes before the first shard.
func (r *Reader) Keep(part Part) { r.part = part }

// Next is the index of the shard that Shard wants now; it equals the number of shards when all have
// been read.
func (r *Reader) Next() int { return r.next }

// Shard reads the next shard. verified says that the caller has compared its SHA-256 already (a
// browser does that faster than Go can); otherwise it is compared here.
func (r *Reader) Shard(data []byte, verified bool) error {
	return r.take(data, func(want *Shard) error {
		if int64(len(data)) != want.Bytes {
			return fmt.Errorf("%w: %d bytes, want %d", ErrChecksum, len(data), want.Bytes)
		}
		if verified {
			return nil
		}
		if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != want.SHA256 {
			return fmt.Errorf("%w: sha256 %x, want %s", ErrChecksum, sum, want.SHA256)
		}
		return nil
	})
}

// Unpacked reads what Unpack has made of the next shard, by this Reader or another one of the same
// manifest. The caller has compared the shard's SHA-256.
func (r *Reader) Unpacked(data []byte) error {
	return r.take(data, func(*Shard) error { return nil })
}

// Unpack appends a shard that gives the same tensors and whose contents are not compressed: reading
// them is copying. What does not fit into the capacity of dst, or is corrupt, stays as it is.
func (r *Reader) Unpack(dst, shard []byte) []byte {
	for len(shard) > 0 {
		h, err := parseRunHeader(shard)
		if err != nil || int64(h.Packed) > int64(len(shard)-headerBytes) {
			return append(dst, shard...)
		}
		frames, behind := shard[headerBytes:][:h.Packed], shard[headerBytes+int(h.Packed):]
		at := len(dst)
		dst = h.append(dst)
		room := max(cap(dst)-len(behind), len(dst))
		unpacked := r.decoder.Unpack(dst[:len(dst):room], frames)
		if len(unpacked) <= room {
			dst = dst[:len(unpacked)]
		} else {
			dst = unpacked
		}
		h.Packed = uint32(len(dst) - at - headerBytes)
		h.append(dst[at:at])
		shard = behind
	}
	return dst
}

// take reads the next shard, or what was made of it.
func (r *Reader) take(data []byte, check func(want *Shard) error) error {
	if r.err != nil {
		return r.err
	}
	if r.next >= len(r.manifest.Shards) {
		err := fmt.Errorf("%w: the model has %d shards", ErrInvalid, len(r.manifest.Shards))
		r.err = &FormatError{Shard: r.next, Offset: -1, Err: err}
		return r.err
	}
	err := r.shard(data, check)
	if !errors.Is(err, ErrChecksum) {
		r.err = err
	}
	return err
}

func (r *Reader) shard(data []byte, check func(want *Shard) error) error {
	want := &r.manifest.Shards[r.next]
	fail := func(tensor string, offset int, err error) error {
		return &FormatError{Shard: r.next, Tensor: tensor, Offset: int64(offset), Err: err}
	}
	if err := check(want); err != nil {
		return fail("", -1, err)
	}
	r.delivery.received += want.Bytes
	var completed []string
	for at := 0; at < len(data); {
		h, err := parseRunHeader(data[at:])
		if err != nil {
			return fail("", at, err)
		}
		frame := at + headerBytes
		if int64(h.Packed) > int64(len(data)-frame) {
			return fail("", at, fmt.Errorf("%w: run of %d bytes, %d are left",
				ErrInvalid, h.Packed, len(data)-frame))
		}
		if int64(h.Tensor) >= int64(len(r.tensors)) {
			return fail("", at, fmt.Errorf("%w: run for tensor %d of %d",
				ErrInvalid, h.Tensor, len(r.tensors)))
		}
		name := r.manifest.Tensors[h.Tensor].Name
		complete, err := r.run(h, data[frame:frame+int(h.Packed)])
		if err != nil {
			return fail(name, at, err)
		}
		if complete {
			completed = append(completed, name)
		}
		at = frame + int(h.Packed)
	}
	if !slices.Equal(completed, want.Completes) {
		return fail("", -1, fmt.Errorf("%w: completes %q, the manifest says %q",
			ErrInvalid, completed, want.Completes))
	}
	r.next++
	return nil
}

// run checks one run against the table and stores its data.
func (r *Reader) run(h runHeader, frame []byte) (complete bool, err error) {
	t, s := &r.manifest.Tensors[h.Tensor], &r.tensors[h.Tensor]
	size, err := s.progress.check(t, h)
	if err != nil {
		return false, err
	}
	if err := h.decodable(r.manifest.Version, t); err != nil {
		return false, err
	}
	if h.Coding == codingExtremes && h.Part == partScale && t.OffsetBy == 0 &&
		s.progress.units[partOffset] < int(h.First)+int(h.Count) {
		return false, fmt.Errorf("%w: scales of blocks %d+%d before their offsets",
			ErrInvalid, h.First, h.Count)
	}
	fills := s.progress.fills(t, h)
	if err := r.delivery.check(fills); err != nil {
		return false, err
	}
	first, n := int(h.First), int(h.Count)
	raw := r.raw[:n*size]
	if err := r.decode(raw, frame, t, s, h); err != nil {
		return false, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	s.allocate(t, r.part)
	if !t.IsMatrix() {
		copy(s.data[first:], raw)
	} else if err := s.store(t, h, raw, size); err != nil {
		return false, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	r.delivery.filled += fills
	if s.complete = s.progress.advance(t, h.Part, n); s.complete {
		s.above = nil
	}
	return s.complete, nil
}

// store puts what is kept of a run's blocks into the matrix.
func (s *tensorState) store(t *Tensor, h runHeader, raw []byte, size int) error {
	part, first, blocks := h.Part, int(h.First), int(h.Count)
	if t.Kind == KindTernary {
		if err := s.checkTernary(t, h, raw); err != nil {
			return err
		}
	}
	from := max(s.first-first, 0)
	to := min(s.first+s.matrix.Blocks()-first, blocks)
	if from >= to {
		return nil
	}
	at := first + from - s.first
	if part < partScale {
		s.matrix.StorePlane(int(part), at, raw[from*size:to*size])
		return nil
	}
	if h.Coding == codingExtremes {
		upper, lower := cutExtremes(raw)
		return s.matrix.StoreExtremes(int(part-partScale), at, upper[from*size/2:to*size/2],
			lower[from*size/4:to*size/4], t.levels())
	}
	half := len(raw) / 2
	low, high := raw[:half], raw[half:]
	return s.matrix.StoreHalves(int(part-partScale), at,
		low[from*size/2:to*size/2], high[from*size/2:to*size/2])
}

func (s *tensorState) allocate(t *Tensor, part Part) {
	switch {
	case s.matrix != nil || s.data != nil:
	case t.IsMatrix():
		from, to := 0, t.Rows
		if part != nil {
			from, to = part(t.Name, t.Rows)
		}
		s.matrix = tile.NewMatrix(to-from, t.Cols, t.Planes, t.OffsetBy)
		s.matrix.Whole = t.Rows
		s.first = from / tile.Rows * s.matrix.Groups()
		s.matrix.NormalScales = true // until a scale says otherwise
		if t.Kind == KindTernary && to-from < t.Rows {
			s.above = tile.NewMatrix(t.Rows, t.Cols, t.Planes, t.OffsetBy)
		}
	default:
		s.data = make([]byte, t.memory())
	}
}

// Close reports whether every tensor is complete. The tensors stay valid.
func (r *Reader) Close() error {
	if r.err == nil && r.next != len(r.manifest.Shards) {
		r.err = fmt.Errorf("%w: %d of %d shards read", ErrInvalid, r.next, len(r.manifest.Shards))
	}
	return r.err
}

// tensor finds a complete tensor of the wanted kinds.
func (r *Reader) tensor(name string, kinds ...Kind) (*Tensor, *tensorState, error) {
	i, ok := r.index[name]
	if !ok {
		return nil, nil, tensorError(name, ErrInvalid, "missing")
	}
	t, s := &r.manifest.Tensors[i], &r.tensors[i]
	if !slices.Contains(kinds, t.Kind) || !s.complete {
		return nil, nil, tensorError(name, ErrInvalid, "kind %s, complete %v; want a complete %s",
			t.Kind, s.complete, kinds[0])
	}
	return t, s, nil
}

// Matrix returns a weight matrix of the given shape, or the part of it that is kept.
func (r *Reader) Matrix(name string, rows, cols int) (*tile.Matrix, error) {
	t, s, err := r.tensor(name, KindUnsigned, KindTernary)
	if err != nil {
		return nil, err
	}
	if t.Rows != rows || t.Cols != cols {
		return nil, tensorError(name, ErrInvalid, "%d x %d, want %d x %d", t.Rows, t.Cols, rows, cols)
	}
	return s.matrix, nil
}

// Has reports whether the table has a tensor of this name.
func (r *Reader) Has(name string) bool { _, ok := r.index[name]; return ok }

// Floats returns a float32 tensor of the given length. Values that are not finite are refused.
func (r *Reader) Floats(name string, n int) ([]float32, error) {
	_, s, err := r.tensor(name, KindFloat32)
	if err != nil {
		return nil, err
	}
	bad := func(format string, args ...any) error {
		return tensorError(name, ErrInvalid, format, args...)
	}
	if len(s.data) != 4*n {
		return nil, bad("%d values, want %d", len(s.data)/4, n)
	}
	values := make([]float32, n)
	for i := range values {
		values[i] = math.Float32frombits(binary.LittleEndian.Uint32(s.data[4*i:]))
		if values[i]-values[i] != 0 {
			return nil, bad("value %d is %v", i, values[i])
		}
	}
	return values, nil
}

// Ranking returns a ranking of neurons.
func (r *Reader) Ranking(name string) (*Ranking, error) {
	_, s, err := r.tensor(name, KindRanking)
	if err != nil {
		return nil, err
	}
	return DecodeRanking(s.data, &r.manifest.Config)
}

// TokenizerName is the name of the tokenizer's entry in the tensor table.
const TokenizerName = "tokenizer"

// Tokenizer returns the vocabulary.
func (r *Reader) Tokenizer() (*Tokenizer, error) {
	_, s, err := r.tensor(TokenizerName, KindTokenizer)
	if err != nil {
		return nil, err
	}
	return DecodeTokenizer(s.data)
}
