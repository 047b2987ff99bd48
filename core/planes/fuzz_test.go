package planes

import (
	"bytes"
	"errors"
	"math"
	"os"
	"slices"
	"testing"

	"github.com/klauspost/compress/zstd"
)

// FuzzReadManifest wants more than no crash: what is read has one canonical text, and that reads to
// the same.
func FuzzReadManifest(f *testing.F) {
	m, _ := smallModel(f)
	f.Add(manifestText(f, m))
	m.Steps = []StepTable{{"w", []int{4, 1}}}
	m.Tensors[2].OffsetBy = 16
	f.Add(manifestText(f, m))
	tiny, err := os.ReadFile("../../models/tiny/" + ManifestFile)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(tiny)
	ternary, _ := ternaryModel(f, 3)
	f.Add(manifestText(f, ternary))
	for _, c := range badManifests {
		// The mutator wants small seeds.
		if text := c.build(f); len(text) < 4000 {
			f.Add(text)
		}
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		m, err := ReadManifest(text)
		if err != nil {
			var place *FormatError
			if m != nil || !isOurs(err) || !errors.As(err, &place) {
				t.Errorf("%v beside %v", m, err)
			}
			return
		}
		canonical := manifestText(t, m)
		again, err := ReadManifest(canonical)
		if err != nil {
			t.Fatalf("what was written does not read: %v\n%s", err, canonical)
		}
		if !bytes.Equal(manifestText(t, again), canonical) {
			t.Errorf("wrote\n%s\nthen\n%s", canonical, manifestText(t, again))
		}
		NewReader(m)
	})
}

// FuzzShard reads hostile bytes that a hash vouches for. What reads without error is packed again
// and gives the same tensors; what does not leaves the Reader at its error.
func FuzzShard(f *testing.F) {
	good, runs := smallModel(f)
	f.Add(shardOf(runs...))
	_, coded := codedModel(f)
	f.Add(shardOf(coded...))
	for _, c := range badCodings(f) {
		_, coded := codedModel(f)
		f.Add(shardOf(c.runs(coded)...))
	}
	for _, steps := range ternaryFuzzed {
		_, runs := ternaryModel(f, steps)
		f.Add(shardOf(runs...))
	}
	for _, c := range badTernaries(f) {
		_, runs := ternaryModel(f, 3)
		f.Add(shardOf(c.runs(runs)...))
	}
	// The same with compressed frames, so that the mutator meets zstd's own structures.
	for i := range runs {
		runs[i].frame = compress(f, runs[i].frame[12:],
			zstd.WithSingleSegment(true), zstd.WithEncoderCRC(false))
	}
	f.Add(shardOf(runs...))
	for _, c := range badShards(f) {
		_, shard := c.build(f)
		f.Add(shard)
	}
	f.Fuzz(func(t *testing.T, shard []byte) {
		if len(shard) == 0 || len(shard) > MaxShardBytes {
			return
		}
		for _, version := range []int{1, CodedVersion} {
			fuzzShard(t, shard, *good, version)
		}
		for _, steps := range ternaryFuzzed {
			m, _ := ternaryModel(t, steps)
			fuzzShard(t, shard, *m, TernaryVersion)
		}
	})
}

// ternaryFuzzed are steps with codes of 2, 3 and 4 planes.
var ternaryFuzzed = []int{1, 3, 7}

func fuzzShard(t *testing.T, shard []byte, m Manifest, version int) {
	m.Shards = []Shard{shardEntry(shard, m.Shards[0].Completes...)}
	m.Version = version
	r := NewReader(&m)
	err := r.Shard(shard, true)
	if err != nil {
		var place *FormatError
		if !isOurs(err) || !errors.As(err, &place) {
			t.Errorf("error without sentinel or place: %v", err)
		}
		if r.Shard(shard, true) != err || r.Close() != err {
			t.Errorf("the Reader did not stay at %v", err)
		}
		return
	}
	if _, err := Runs(&m, shard); err != nil {
		t.Errorf("read without error, but Runs says %v", err)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	packAgain(t, &m, r)
}

// packAgain writes the tensors of smallModel and reads them back.
func packAgain(t *testing.T, m *Manifest, r *Reader) {
	matrix, err := r.Matrix("w", 17, 64)
	if err != nil {
		t.Fatal(err)
	}
	floats, err := r.Floats("norm", 3)
	if err != nil {
		if !isOurs(err) {
			t.Errorf("floats: %v", err)
		}
		floats = make([]float32, 3)
	}
	if _, err := r.Tokenizer(); err != nil && !isOurs(err) {
		t.Errorf("tokenizer: %v", err)
	}
	_, tokenizer, err := r.tensor(TokenizerName, KindTokenizer)
	if err != nil {
		t.Fatal(err)
	}
	var shard []byte
	w, err := NewWriter(*m, zstdFrame, func(_ string, data []byte) error {
		shard = slices.Clone(data)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{
		w.Tokenizer(TokenizerName, tokenizer.data), w.Floats("norm", floats),
		w.Matrix("w", matrix),
	} {
		if err != nil {
			t.Fatalf("read without error, but the Writer says %v", err)
		}
	}
	again, err := w.Close()
	if err != nil {
		t.Fatal(err)
	}
	r2 := NewReader(again)
	if err := r2.Shard(shard, false); err != nil {
		t.Fatal(err)
	}
	matrix2, err := r2.Matrix("w", 17, 64)
	if err != nil || !bytes.Equal(matrix2.Data, matrix.Data) ||
		matrix2.NormalScales != matrix.NormalScales {
		t.Errorf("the matrix came back otherwise: %v", err)
	}
	floats2, err := r2.Floats("norm", 3)
	sameBits := func(a, b float32) bool { return math.Float32bits(a) == math.Float32bits(b) }
	if err != nil || !slices.EqualFunc(floats, floats2, sameBits) {
		t.Errorf("floats %v came back as %v: %v", floats, floats2, err)
	}
}
