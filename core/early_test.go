package core

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"io/fs"
	"slices"
	"testing"

	"github.com/klauspost/compress/zstd"

	"github.com/spikechat/spikechat/core/coding"
	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/core/simd"
	"github.com/spikechat/spikechat/core/team"
	"github.com/spikechat/spikechat/core/tile"
)

// tinyInPieces is the tiny model in many shards, a run each, with the low planes of its embedding
// in runs of few blocks.
func tinyInPieces(tb testing.TB) (*planes.Manifest, [][]byte) {
	tb.Helper()
	text, err := fs.ReadFile(tinyFolder(), planes.ManifestFile)
	if err != nil {
		tb.Fatal(err)
	}
	m, err := planes.ReadManifest(text)
	if err != nil {
		tb.Fatal(err)
	}
	const header, low, blocks = 28, planes.MaxPlanes - EarlyPlanes, 25
	decoder, _ := zstd.NewReader(nil)
	defer decoder.Close()
	encoder, _ := zstd.NewWriter(nil)
	var pieces [][]byte
	for _, s := range m.Shards {
		data, err := fs.ReadFile(tinyFolder(), s.File)
		if err != nil {
			tb.Fatal(err)
		}
		for len(data) > 0 {
			field := func(i int) uint32 { return binary.LittleEndian.Uint32(data[4*i:]) }
			end := header + int(field(6))
			if m.Tensors[field(2)].Name != tables[0] || field(3) >= low {
				pieces, data = append(pieces, data[:end:end]), data[end:]
				continue
			}
			raw, err := decoder.DecodeAll(data[header:end], nil)
			if err != nil {
				tb.Fatal(err)
			}
			for first := 0; len(raw) > 0; first += blocks {
				n := min(blocks*tile.PlaneBytes, len(raw))
				frame := encoder.EncodeAll(raw[:n], nil)
				piece := slices.Clone(data[:header])
				put := func(i, v int) { binary.LittleEndian.PutUint32(piece[4*i:], uint32(v)) }
				put(4, first)
				put(5, n/tile.PlaneBytes)
				put(6, len(frame))
				pieces, raw = append(pieces, append(piece, frame...)), raw[n:]
			}
			data = data[end:]
		}
	}
	// Of each tensor the last run completes it.
	last := map[uint32]int{}
	for i, piece := range pieces {
		last[binary.LittleEndian.Uint32(piece[8:])] = i
	}
	m.Shards = nil
	for i, piece := range pieces {
		hash := sha256.Sum256(piece)
		s := planes.Shard{SHA256: hex.EncodeToString(hash[:]), Bytes: int64(len(piece))}
		s.File = s.SHA256 + ".bin"
		if tensor := binary.LittleEndian.Uint32(piece[8:]); last[tensor] == i {
			s.Completes = []string{m.Tensors[tensor].Name}
		}
		m.Shards = append(m.Shards, s)
	}
	return m, pieces
}

// arriving is a model whose shards come one by one.
type arriving struct {
	tb     testing.TB
	reader *planes.Reader
	pieces [][]byte
	model  *Model // once it can begin
	team   team.Team
	m      *planes.Manifest
}

func newArriving(tb testing.TB, member team.Team) *arriving {
	tb.Helper()
	a := &arriving{tb: tb, team: member}
	a.m, a.pieces = tinyInPieces(tb)
	a.reader = planes.NewReader(a.m)
	if member != nil {
		a.reader.Keep(Part(&a.m.Config, member.Rank(), member.Size()))
	}
	return a
}

// next brings one shard; false after the last.
func (a *arriving) next() bool {
	a.tb.Helper()
	i := a.reader.Next()
	if i == len(a.pieces) {
		return false
	}
	err := a.reader.Shard(a.pieces[i], false)
	if err == nil && a.model != nil {
		err = a.model.Refine(a.reader.Arrived())
	}
	if err != nil {
		a.tb.Error(err)
		return false
	}
	return true
}

// begin brings shards until a chat can begin, or so many have come, and makes the model.
func (a *arriving) begin(least int, kernels ...simd.Kernel) *Model {
	a.tb.Helper()
	for {
		_, ok := CanBegin(a.reader.Arrived())
		if ok && a.reader.Next() >= least {
			break
		}
		if !a.next() {
			a.tb.Error("a chat cannot begin")
			return nil
		}
	}
	model, err := NewModelWith(a.m, a.reader.Arrived(), nil, a.team)
	if err != nil {
		a.tb.Error(err)
		return nil
	}
	for _, k := range kernels {
		model.Prepare(k)
	}
	a.model = model
	return model
}

// upperModel is the whole tiny model with the upper planes of its embedding alone.
func upperModel(tb testing.TB, upper int) *Model {
	tb.Helper()
	m := ownTinyModel(tb)
	m.embedding = simd.NewWeights(m.embedding.Upper(upper))
	m.output = m.embedding
	for _, k := range kernels {
		m.output.Prepare(k)
	}
	return m
}

// TestBeginsEarly: at every cut from the first that is enough, the answer is that of a model whose
// embedding has so many planes; when the rest has come the next one is a full load's. Nothing is
// copied.
func TestBeginsEarly(t *testing.T) {
	r := ask("Hello! What is a neuron?")
	whole := map[int]answer{8: complete(t, newSession(t, tinyModel(t), 256), r, 0)}
	for upper := EarlyPlanes; upper < 8; upper++ {
		whole[upper] = complete(t, newSession(t, upperModel(t, upper), 256), r, 0)
		if whole[upper].hash == whole[upper+1].hash || whole[upper].hash == whole[8].hash {
			t.Fatalf("%d planes give the same as more", upper)
		}
	}
	cuts := 0
	for least := 0; ; least++ {
		a := newArriving(t, nil)
		kernel := kernels[least%len(kernels)]
		m := a.begin(least, simd.LookupKernel, kernel)
		if m == nil {
			return
		}
		r.Kernel = kernel
		least = max(least, a.reader.Next())
		s := newSession(t, m, 256)
		p := m.Precision()
		if p.Of != 8 || p.Planes < EarlyPlanes || p.Whole() != (least == len(a.pieces)) {
			t.Fatalf("after %d shards: %+v", least, p)
		}
		data := &m.embedding.Data[0]
		if got := complete(t, s, r, 0); !sameAnswer(got, whole[p.Planes]) {
			t.Errorf("after %d shards, %+v, kernel %d: another answer than of so many planes", least, p,
				kernel)
		}
		if again := begin(t, s, r); again.Cached == 0 {
			t.Errorf("after %d shards: nothing is cached, and nothing has come since", least)
		}
		s.End()
		for a.next() {
		}
		got := complete(t, s, r, 0)
		if !sameAnswer(got, whole[8]) || !m.Precision().Whole() ||
			!p.Whole() && got.prompt.Cached != 0 {
			t.Errorf("after %d shards, then all, kernel %d: another answer than a full load's", least,
				kernel)
		}
		if &m.embedding.Data[0] != data || m.output != m.embedding {
			t.Errorf("after %d shards, then all: the embedding was copied", least)
		}
		cuts++
		if least == len(a.pieces) {
			break
		}
	}
	if cuts < 8 {
		t.Errorf("only %d cuts", cuts)
	}
}

// TestRefinesBetweenTokens: planes come while an answer is given, one run between any two tokens.
// It is the same answer in every kernel and in a team, and the next one is a full load's.
func TestRefinesBetweenTokens(t *testing.T) {
	r := ask("Hello! What is a neuron?")
	r.MaxTokens = 40
	next := ask("Hello! What is a neuron?", "A cell.", "And a spike?")
	want := complete(t, newSession(t, tinyModel(t), 256), next, 0)
	// answers gives what is said meanwhile, and its logits' hash by token.
	answers := func(a *arriving, kernel simd.Kernel, l coding.Lesions) (hashes []uint64) {
		m := a.begin(0, simd.LookupKernel, kernel)
		if m == nil {
			return nil
		}
		s := newSession(t, m, 256)
		r.Kernel, r.Lesions, next.Kernel = kernel, l, kernel
		r := r
		begin(t, s, r)
		prefill(t, s)
		for token := (Token{}); token.Finish == Running; a.next() {
			hashes = append(hashes, HashLogits(HashSeed, s.Logits()))
			if err := s.Next(&token); err != nil {
				t.Error(err)
				return nil
			}
		}
		if a.next() {
			t.Error("the answer was too short for all shards")
		}
		if _, err := s.ReplayLogits(2); !errors.Is(err, ErrBadRequest) {
			t.Errorf("tokens of fewer planes are read again: %v", err)
		}
		if got := complete(t, s, next, 0); !sameAnswer(got, want) || got.prompt.Cached != 0 {
			t.Errorf("kernel %d, lesions %+v: the next answer is not a full load's", kernel, l)
		}
		if _, err := s.ReplayLogits(2); err != nil {
			t.Error(err)
		}
		return hashes
	}
	for _, l := range []coding.Lesions{{}, {DroppedPlanes: 1},
		{Silenced: []coding.Silence{{Layer: 1, Population: coding.Down, Head: coding.AllHeads}}}} {
		first := answers(newArriving(t, nil), simd.LookupKernel, l)
		for _, kernel := range kernels[1:] {
			if got := answers(newArriving(t, nil), kernel, l); !slices.Equal(got, first) {
				t.Errorf("kernel %d, lesions %+v: another answer while planes come", kernel, l)
			}
		}
		early := newSession(t, upperModel(t, EarlyPlanes), 256)
		r.Kernel = simd.LookupKernel
		begin(t, early, r)
		prefill(t, early)
		if HashLogits(HashSeed, early.Logits()) != first[0] {
			t.Errorf("lesions %+v: the first token is not that of %d planes", l, EarlyPlanes)
		}
	}
}

// TestCanBegin counts planes only when their scales are there, and waits for all layers.
func TestCanBegin(t *testing.T) {
	a := newArriving(t, nil)
	for {
		p, ok := CanBegin(a.reader.Arrived())
		upper, of := a.reader.Arrived().Upper(tables[0])
		if ok != (a.reader.Arrived().Complete(tables[:]...) && upper >= EarlyPlanes) ||
			ok && p != (Precision{upper, 8}) || of != 8 {
			t.Fatalf("after %d shards: %+v, %v, with %d of %d planes", a.reader.Next(), p, ok, upper, of)
		}
		if !ok {
			if _, err := NewModelWith(a.m, a.reader.Arrived(), nil, nil); err == nil {
				t.Fatalf("after %d shards: a model", a.reader.Next())
			}
		}
		if !a.next() {
			break
		}
	}
	if upper, of := a.reader.Arrived().Upper("output_norm.weight"); upper != 0 || of != 0 {
		t.Errorf("a norm has %d of %d planes", upper, of)
	}
	if _, err := a.reader.Arrived().Matrix("token_embd.weight", 5, 96); err == nil {
		t.Error("a matrix of another shape")
	}
}
