package planes

import (
	"os"
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
