package planes

import (
	"os"
	"path/filepath"
	"testing"
)

// BenchmarkOpen reads the tiny model as a page does: manifest, hashes, zstd frames, planes.
func BenchmarkOpen(b *testing.B) {
	folder := os.DirFS("../../models/tiny")
	m, _, err := Open(folder)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(m.Bytes())
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := Open(folder); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkShards reads all shards of the real model, whose hashes somebody else compared.
func BenchmarkShards(b *testing.B) {
	folder := "../../dist/models/smollm2-135m-instruct"
	text, err := os.ReadFile(filepath.Join(folder, ManifestFile))
	if err != nil {
		b.Fatalf("%v; make model brings it", err)
	}
	m, err := ReadManifest(text)
	if err != nil {
		b.Fatal(err)
	}
	shards := make([][]byte, len(m.Shards))
	for i := range m.Shards {
		if shards[i], err = os.ReadFile(filepath.Join(folder, m.Shards[i].File)); err != nil {
			b.Fatal(err)
		}
	}
	b.SetBytes(m.Bytes())
	b.ReportAllocs()
	for b.Loop() {
		r := NewReader(m)
		for i, shard := range shards {
			if err := r.Shard(shard, true); err != nil {
				b.Fatalf("shard %d: %v", i, err)
			}
		}
	}
}
