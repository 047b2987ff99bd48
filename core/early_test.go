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
	chat   *Chat  // once the tokenizer is there
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
		err = a.model.Refine(Arrived(a.reader))
	}
	if err == nil && slices.Contains(a.m.Shards[i].Completes, planes.TokenizerName) {
		a.chat, err = ReadChat(a.m, a.reader)
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
		if CanBegin(Arrived(a.reader), a.chat) && a.reader.Next() >= least {
			break
		}
		if !a.next() {
			a.tb.Error("a chat cannot begin")
			return nil
		}
	}
	model, err := NewModelWith(a.m, Arrived(a.reader), a.chat, a.team)
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

// fewer is a model of a smaller vocabulary: upper planes of the first rows of its embedding, and a
// tokenizer that has no other tokens.
type fewer struct {
	*planes.Reader
	rows, planes int
}

func (f fewer) Matrix(name string, rows, cols int) (*tile.Matrix, error) {
	if name != tables[0] {
		return f.Reader.Matrix(name, rows, cols)
	}
	m, err := f.Reader.Matrix(name, 325, cols)
	if err != nil {
		return nil, err
	}
	few := tile.NewMatrix(f.rows, cols, m.Planes, m.OffsetBy)
	copy(few.Data, m.Data)
	few.NormalScales = true
	return few.Upper(f.planes), nil
}

func (f fewer) Tokenizer() (*planes.Tokenizer, error) {
	t, err := f.Reader.Tokenizer()
	if err != nil {
		return nil, err
	}
	t.Tokens, t.Kinds = t.Tokens[:f.rows], t.Kinds[:f.rows]
	t.Merges = slices.DeleteFunc(t.Merges, func(m [2]int32) bool {
		return int(max(m[0], m[1])) >= f.rows ||
			!slices.Contains(t.Tokens, t.Tokens[m[0]]+t.Tokens[m[1]])
	})
	return t, nil
}

// fewerModel is the tiny model of so many rows and planes of its embedding.
func fewerModel(tb testing.TB, p Precision) *Model {
	tb.Helper()
	m, r, err := planes.Open(tinyFolder())
	if err != nil {
		tb.Fatal(err)
	}
	m.Config.Vocab = p.Rows
	model, err := NewModel(m, fewer{r, p.Rows, p.Planes})
	if err != nil {
		tb.Fatal(err)
	}
	for _, k := range kernels {
		model.Prepare(k)
	}
	return model
}

// TestBeginsEarly: at every cut from the first that is enough, the answer is that of a model whose
// embedding has so many rows and planes, and whose vocabulary has so many tokens; when the rest has
// come the next one is a full load's. Nothing is copied.
func TestBeginsEarly(t *testing.T) {
	r := ask("Hello! What is the assistant's neuron?")
	all := Precision{Planes: 8, Of: 8, Rows: 325, OfRows: 325}
	whole := map[Precision]answer{all: complete(t, newSession(t, tinyModel(t), 256), r, 0)}
	// of gives the answer of so much.
	of := func(p Precision) answer {
		a, ok := whole[p]
		if !ok {
			a = complete(t, newSession(t, fewerModel(t, p), 256), r, 0)
			for other, b := range whole {
				if a.hash == b.hash {
					t.Errorf("%+v gives the same as %+v", p, other)
				}
			}
			whole[p] = a
		}
		return a
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
		if p.Of != 8 || p.Planes < EarlyPlanes || p.OfRows != 325 || p.Rows < 272 ||
			p.Whole() != (least == len(a.pieces)) {
			t.Fatalf("after %d shards: %+v", least, p)
		}
		data := &m.embedding.Data[0]
		if got := complete(t, s, r, 0); !sameAnswer(got, of(p)) {
			t.Errorf("after %d shards, %+v, kernel %d: another answer than of so much", least, p,
				kernel)
		}
		if again := begin(t, s, r); again.Cached == 0 {
			t.Errorf("after %d shards: nothing is cached, and nothing has come since", least)
		}
		s.End()
		for a.next() {
		}
		got := complete(t, s, r, 0)
		if !sameAnswer(got, whole[all]) || !m.Precision().Whole() ||
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
	if cuts < 8 || len(whole) != 6 {
		t.Errorf("only %d cuts, %d ways to speak", cuts, len(whole))
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
		early := newSession(t, fewerModel(t, Precision{Planes: EarlyPlanes, Rows: 272}), 256)
		r.Kernel = simd.LookupKernel
		begin(t, early, r)
		prefill(t, early)
		if HashLogits(HashSeed, early.Logits()) != first[0] {
			t.Errorf("lesions %+v: the first token is not that of 272 rows of %d planes", l,
				EarlyPlanes)
		}
	}
}

// TestCanBegin: a chat waits for all layers, for a mark of rows with their scales, and for each
// byte and control token of the vocabulary.
func TestCanBegin(t *testing.T) {
	a := newArriving(t, nil)
	if marks := EarlyRows(a.m.Config.Vocab); !slices.Equal(marks, []int{224, 272, 325}) {
		t.Fatal(marks)
	}
	for before := (planes.Extent{}); ; {
		arrived := Arrived(a.reader)
		e := arrived.Extent(tables[0])
		if e.Rows < before.Rows || e.Planes < before.Planes ||
			e.Planes > EarlyPlanes && e.Rows != 325 ||
			e != (planes.Extent{}) && (e.Planes < EarlyPlanes || e.Planes+e.Missing != 8) {
			t.Errorf("after %d shards %+v, before %+v", a.reader.Next(), e, before)
		}
		before = e
		ok := CanBegin(arrived, a.chat)
		// The last of the tiny model's bytes is token 258.
		if ok != (a.chat != nil && arrived.Complete(tables[:]...) && e.Rows >= 259) {
			t.Fatalf("after %d shards: %v, with %+v", a.reader.Next(), ok, e)
		}
		if !ok {
			if _, err := NewModelWith(a.m, arrived, nil, nil); err == nil {
				t.Fatalf("after %d shards: a model", a.reader.Next())
			}
		}
		if !a.next() {
			break
		}
	}
	arrived := Arrived(a.reader)
	if e := arrived.Extent("output_norm.weight"); e != (planes.Extent{}) {
		t.Errorf("a norm has %+v", e)
	}
	if e := arrived.Extent("no.such"); e != (planes.Extent{}) {
		t.Errorf("what is not there has %+v", e)
	}
	if _, err := arrived.Matrix("token_embd.weight", 5, 96); err == nil {
		t.Error("a matrix of another shape")
	}
}

func TestEarlyRows(t *testing.T) {
	for vocab, want := range map[int][]int{1: {1}, 16: {16}, 17: {16, 17}, 40: {32, 40},
		49152: {33792, 40960, 49152}} {
		if got := EarlyRows(vocab); !slices.Equal(got, want) {
			t.Errorf("%d: %v, want %v", vocab, got, want)
		}
	}
}

// TestMarks: of the packed model a chat can begin with no more bytes than are promised.
func TestMarks(t *testing.T) {
	folder := realFolder()
	text, err := fs.ReadFile(folder, planes.ManifestFile)
	if err != nil {
		t.Fatalf("%v; make model brings it", err)
	}
	m, err := planes.ReadManifest(text)
	if err != nil {
		t.Fatal(err)
	}
	r, chat, bytes := planes.NewReader(m), (*Chat)(nil), int64(0)
	promised := map[int]int64{33792: 70_000_000, 40960: 72_000_000, 49152: 74_300_000}
	for _, s := range m.Shards {
		data, err := fs.ReadFile(folder, s.File)
		if err == nil {
			err = r.Shard(data, false)
		}
		if err == nil && chat == nil {
			chat, err = ReadChat(m, r)
		}
		if err != nil {
			t.Fatal(err)
		}
		bytes += s.Bytes
		rows := Arrived(r).Extent(tables[0]).Rows
		if most, ok := promised[rows]; ok && CanBegin(Arrived(r), chat) {
			if bytes > most {
				t.Errorf("%d bytes bring %d rows, promised after %d", bytes, rows, most)
			}
			delete(promised, rows)
		}
	}
	if len(promised) > 0 {
		t.Errorf("no chat begins with these rows: %v", promised)
	}
}

// TestRefineWithinBatch: planes that come between two layers of a prompt's batch, with which the
// answer goes on or ends there, change nothing of the next one.
func TestRefineWithinBatch(t *testing.T) {
	r := ask("Hello! What is a neuron?")
	want := complete(t, newSession(t, tinyModel(t), 256), r, 0)
	for _, r.MultiplyBatches = range []bool{false, true} {
		for calls := range tinyModel(t).Config.Layers + 2 {
			for _, ends := range []bool{false, true} {
				a := newArriving(t, nil)
				m := a.begin(0, simd.LookupKernel)
				if m == nil {
					return
				}
				s := newSession(t, m, 256)
				left := begin(t, s, r).Tokens
				for call := 0; left > 0 && (call < calls || !ends); call++ {
					if call == calls {
						for a.next() {
						}
					}
					var err error
					if left, err = s.PrefillLayers(1); err != nil {
						t.Fatal(err)
					}
				}
				for token := (Token{}); !ends && token.Finish == Running; {
					if err := s.Next(&token); err != nil {
						t.Fatal(err)
					}
				}
				s.End()
				for a.next() {
				}
				if got := complete(t, s, r, 0); !m.Precision().Whole() || !sameAnswer(got, want) {
					t.Errorf("after %d calls, ended there %v: %+v, want %+v", calls, ends, got, want)
				}
			}
		}
	}
}
