package planes

import (
	"crypto/sha256"
	"testing"
)

// TestSum256 compares with the standard library at every length up to several blocks, and of a whole shard.
func TestSum256(t *testing.T) {
	data := make([]byte, MaxShardBytes)
	for i := range data {
		data[i] = byte(i * i >> 3)
	}
	for n := 0; n <= len(data); n++ {
		if got, want := sum256(data[:n]), sha256.Sum256(data[:n]); got != want {
			t.Fatalf("%d bytes: %x, want %x", n, got, want)
		}
		if n == 600 {
			n = len(data) - 2
		}
	}
}

func FuzzSum256(f *testing.F) {
	f.Add([]byte("abc"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if got, want := sum256(data), sha256.Sum256(data); got != want {
			t.Errorf("%x, want %x", got, want)
		}
	})
}

func BenchmarkSum256(b *testing.B) {
	data := make([]byte, MaxShardBytes)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		sum256(data)
	}
}
