package planes

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// rankedConfig has 2 layers of 3, 2, 3 and 4 groups and 1 key and value head.
func rankedConfig() *Config {
	return &Config{Architecture: "llama", Layers: 2, Hidden: 96, Intermediate: 128, Heads: 2,
		KVHeads: 1, HeadDim: 32,
		Vocab: 6, Context: 64, RopeBase: 10000, RMSEpsilon: 1e-5}
}

func randomRanking(r *rand.Rand, c *Config) *Ranking {
	order := func(n int) (list []uint32) {
		for _, v := range r.Perm(n) {
			list = append(list, uint32(v))
		}
		return list
	}
	ranking := &Ranking{Groups: order(c.GroupCount()), Heads: order(c.HeadCount())}
	for range c.Layers {
		for _, cols := range []int{c.Hidden, c.Heads * c.HeadDim, c.Hidden, c.Intermediate} {
			var list []uint16
			for _, v := range r.Perm(cols)[:cols/8] {
				list = append(list, uint16(v))
			}
			ranking.Neurons = append(ranking.Neurons, list)
		}
	}
	return ranking
}

func TestRankingRoundTrip(t *testing.T) {
	c := rankedConfig()
	want := randomRanking(rand.New(rand.NewPCG(1, 2)), c)
	b, err := want.AppendBinary([]byte("before"), c)
	if err != nil {
		t.Fatal(err)
	}
	rest, ok := bytes.CutPrefix(b, []byte("before"))
	if !ok || len(rest) != c.RankingBytes() {
		t.Fatalf("%d bytes, want %d behind what stood before", len(rest), c.RankingBytes())
	}
	if got, err := DecodeRanking(rest, c); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("decoded %+v, %v, want %+v", got, err, want)
	}
}

// The bytes are fixed by FORMAT.md; a change of them needs a new version.
func TestRankingBytes(t *testing.T) {
	c := &Config{Layers: 1, Hidden: 32, Intermediate: 32, Heads: 1, KVHeads: 1, HeadDim: 32}
	r := &Ranking{Groups: []uint32{2, 0, 3, 1},
		Neurons: [][]uint16{{31, 0, 1, 2}, {3, 4, 5, 6}, {7, 8, 9, 10}, {11, 12, 13, 14}},
		Heads:   []uint32{1, 0}}
	got, err := r.AppendBinary(nil, c)
	if err != nil {
		t.Fatal(err)
	}
	want := []byte("SCRK\x01\x00\x00\x00" +
		"\x02\x00\x00\x00\x00\x00\x00\x00\x03\x00\x00\x00\x01\x00\x00\x00")
	for _, v := range []byte{31, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14} {
		want = append(want, v, 0)
	}
	want = append(want, 1, 0, 0, 0, 0, 0, 0, 0)
	if !bytes.Equal(got, want) {
		t.Errorf("encoded\n%x, want\n%x", got, want)
	}
}

func TestDecodeRankingRefuses(t *testing.T) {
	c := rankedConfig()
	good, err := randomRanking(rand.New(rand.NewPCG(3, 4)), c).AppendBinary(nil, c)
	if err != nil {
		t.Fatal(err)
	}
	groups := 8
	neurons := groups + 4*c.GroupCount()
	heads := len(good) - 4*c.HeadCount()
	for n := range good {
		if got, err := DecodeRanking(good[:n], c); got != nil || !errors.Is(err, ErrInvalid) {
			t.Fatalf("first %d of %d bytes: %v, want ErrInvalid", n, len(good), err)
		}
	}
	for name, c := range map[string]struct {
		change func(b []byte) []byte
		want   error
		text   string
	}{
		"longer": {func(b []byte) []byte { return append(b, 0) }, ErrInvalid, "bytes, want"},
		"magic":  {func(b []byte) []byte { b[0] = 'x'; return b }, ErrInvalid, "SCRK"},
		"version": {func(b []byte) []byte { b[4] = 2; return b }, ErrUnsupported,
			"version 2"},
		"group twice": {func(b []byte) []byte {
			copy(b[groups:],
				b[groups+4:groups+8])
			return b
		}, ErrInvalid, "groups are no order of 24"},
		"group outside": {func(b []byte) []byte {
			binary.LittleEndian.PutUint32(b[groups:],
				24)
			return b
		}, ErrInvalid, "groups are no order"},
		"group -1": {func(b []byte) []byte {
			binary.LittleEndian.PutUint32(b[groups:],
				1<<32-1)
			return b
		}, ErrInvalid, "groups are no order"},
		"neuron twice": {func(b []byte) []byte {
			copy(b[neurons:],
				b[neurons+2:neurons+4])
			return b
		}, ErrInvalid, "input 0 names no 12 of 96 neurons"},
		"neuron outside": {func(b []byte) []byte {
			binary.LittleEndian.PutUint16(b[neurons+24:],
				64)
			return b
		}, ErrInvalid,
			"input 1 names no 8 of 64"},
		"head twice": {func(b []byte) []byte { copy(b[heads:], b[heads+4:heads+8]); return b },
			ErrInvalid, "heads are no order of 4"},
	} {
		got, err := DecodeRanking(c.change(slices.Clone(good)), rankedConfig())
		if got != nil || !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.text) {
			t.Errorf("%s: %v, %v, want %v with %q", name, got, err, c.want, c.text)
		}
	}
}

func TestRankingAppendBinaryRefuses(t *testing.T) {
	for name, change := range map[string]func(*Ranking){
		"too few groups":  func(r *Ranking) { r.Groups = r.Groups[1:] },
		"too few inputs":  func(r *Ranking) { r.Neurons = r.Neurons[1:] },
		"too few neurons": func(r *Ranking) { r.Neurons[3] = r.Neurons[3][1:] },
		"too many heads":  func(r *Ranking) { r.Heads = append(r.Heads, 4) },
	} {
		r := randomRanking(rand.New(rand.NewPCG(5, 6)), rankedConfig())
		change(r)
		if b, err := r.AppendBinary(nil, rankedConfig()); b != nil || !errors.Is(err, ErrInvalid) {
			t.Errorf("%s: %v, %v, want ErrInvalid", name, b, err)
		}
	}
}

// rankedModel is smallModel with rankings, in version 2.
func rankedModel(tb testing.TB) (*Manifest, []encodedRun, *Ranking) {
	tb.Helper()
	m, runs := smallModel(tb)
	m.Version = 2
	ranking := randomRanking(rand.New(rand.NewPCG(7, 8)), &m.Config)
	data, err := ranking.AppendBinary(nil, &m.Config)
	if err != nil {
		tb.Fatal(err)
	}
	m.Tensors = append(m.Tensors,
		Tensor{Name: SaliencyName, Kind: KindRanking, Rows: 1, Cols: len(data)})
	runs = append(runs, encodedRun{3, partData, 0, uint32(len(data)), zstdFrame(data)})
	m.Shards = []Shard{shardEntry(shardOf(runs...), "tokenizer", "norm", "w", SaliencyName)}
	return m, runs, ranking
}

func TestReadRanking(t *testing.T) {
	m, runs, want := rankedModel(t)
	r := newReader(t, m)
	if err := r.Shard(shardOf(runs...), false); err != nil {
		t.Fatal(err)
	}
	if got, err := r.Ranking(SaliencyName); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("ranking %+v, %v, want %+v", got, err, want)
	}
	for _, name := range []string{AbsoluteName, "norm"} {
		if _, err := r.Ranking(name); !errors.Is(err, ErrInvalid) {
			t.Errorf("%s: %v, want ErrInvalid", name, err)
		}
	}
}

// TestWriteRanking packs a ranking and reads it back; the Writer refuses one of another model.
func TestWriteRanking(t *testing.T) {
	m, _, want := rankedModel(t)
	m.Tensors, m.Shards = m.Tensors[3:], nil
	var shard []byte
	w, err := NewWriter(*m, zstdFrame,
		func(_ string, data []byte) error { shard = slices.Clone(data); return nil })
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Ranking(SaliencyName, want); err != nil {
		t.Fatal(err)
	}
	packed, err := w.Close()
	if err != nil || packed.Version != 2 {
		t.Fatalf("version %d, %v, want 2", packed.Version, err)
	}
	r := newReader(t, packed)
	if err := r.Shard(shard, false); err != nil {
		t.Fatal(err)
	}
	if got, err := r.Ranking(SaliencyName); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("ranking %+v, %v, want %+v", got, err, want)
	}
	if w, err = NewWriter(*m, zstdFrame, nil); err != nil {
		t.Fatal(err)
	}
	if err := w.Ranking(SaliencyName,
		randomRanking(rand.New(rand.NewPCG(9, 9)), rankedConfig())); !errors.Is(err, ErrInvalid) {
		t.Errorf("ranking of another model: %v, want ErrInvalid", err)
	}
}

// TestVersions: files of version 1 stay readable, and have no rankings.
func TestVersions(t *testing.T) {
	old, _ := smallModel(t)
	if m, err := ReadManifest(manifestText(t, old)); err != nil || m.Version != 1 {
		t.Errorf("version 1: %v, %v", m, err)
	}
	ranked, _, _ := rankedModel(t)
	if m, err := ReadManifest(manifestText(t, ranked)); err != nil || m.Version != 2 {
		t.Errorf("version 2: %v, %v", m, err)
	}
	for name, change := range map[string]func(*Manifest){
		"in version 1":   func(m *Manifest) { m.Version = 1 },
		"too short":      func(m *Manifest) { m.Tensors[3].Cols-- },
		"of two rows":    func(m *Manifest) { m.Tensors[3].Rows = 2 },
		"with planes":    func(m *Manifest) { m.Tensors[3].Planes = 1 },
		"with an offset": func(m *Manifest) { m.Tensors[3].OffsetBy = 8 },
	} {
		m, _, _ := rankedModel(t)
		change(m)
		if _, err := ReadManifest(manifestText(t, m)); !errors.Is(err, ErrInvalid) ||
			!strings.Contains(err.Error(), SaliencyName) {
			t.Errorf("ranking %s: %v, want ErrInvalid that names it", name, err)
		}
	}
}

// FuzzRanking: what decodes encodes to the same bytes.
func FuzzRanking(f *testing.F) {
	c := rankedConfig()
	good, err := randomRanking(rand.New(rand.NewPCG(11, 12)), c).AppendBinary(nil, c)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add(good[:len(good)-1])
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := DecodeRanking(b, c)
		if err != nil {
			if r != nil || !isOurs(err) {
				t.Errorf("%v beside %v", r, err)
			}
			return
		}
		if again, err := r.AppendBinary(nil, c); err != nil || !bytes.Equal(again, b) {
			t.Errorf("%x became %x: %v", b, again, err)
		}
	})
}
