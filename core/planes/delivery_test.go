package planes

import (
	"errors"
	"strings"
	"testing"

	"github.com/spikechat/spikechat/core/tile"
)

// repeatedZeros is a frame of n zeros in a few bytes.
func repeatedZeros(n int) []byte {
	var blocks []byte
	for ; n > 1<<17; n -= 1 << 17 {
		blocks = append(append(blocks, zstdBlock(1, 1<<17, false)...), 0)
	}
	return append(append(blocks, zstdBlock(1, n, true)...), 0)
}

// TestFilledAsDelivered: what a shard fills is bounded by the bytes that have come, not by those
// that the manifest says will come.
func TestFilledAsDelivered(t *testing.T) {
	good, goodRuns := smallModel(t)
	w := Tensor{Name: "w", Kind: KindUnsigned, Rows: 1 << 16, Cols: 1024, Planes: 8}
	floats := Tensor{Name: "norm", Kind: KindFloat32, Rows: 1 << 10, Cols: 1 << 12}
	blocks, run := w.Rows/tile.Rows*w.Cols/tile.GroupCols, MaxRunBytes/tile.PlaneBytes
	frame := zstdFrameOf(MaxRunBytes, repeatedZeros(MaxRunBytes))
	scales := zstdFrameOf(MaxRunBytes/2, repeatedZeros(MaxRunBytes/2))
	for _, c := range []struct {
		name string
		runs func() []encodedRun
	}{
		{"planes", func() (runs []encodedRun) {
			for at := 0; at < blocks; at += run {
				runs = append(runs, encodedRun{2, 7, uint32(at), uint32(run), frame})
			}
			return runs
		}},
		{"scales", func() (runs []encodedRun) {
			for at := 0; at < blocks; at += run {
				runs = append(runs, encodedRun{2, partScale, uint32(at), uint32(run), scales})
			}
			return runs
		}},
		{"floats", func() (runs []encodedRun) {
			for at := 0; at < 4*floats.Rows*floats.Cols; at += MaxRunBytes {
				runs = append(runs, encodedRun{1, partData, uint32(at), MaxRunBytes, frame})
			}
			return runs
		}},
	} {
		m := *good
		m.Tensors = []Tensor{good.Tensors[0], floats, w}
		shard := shardOf(append(goodRuns[:1:1], c.runs()...)...)
		completes := []string{"tokenizer"}
		if c.name == "floats" {
			completes = append(completes, "norm")
		}
		m.Shards = []Shard{shardEntry(shard, completes...)}
		// Shards that never come, for all the memory that the table wants.
		for i := range 2 {
			entry := shardEntry([]byte{byte(i)})
			entry.Bytes = MaxShardBytes
			m.Shards = append(m.Shards, entry)
		}
		m.Shards[2].Completes = []string{"w"}
		if c.name != "floats" {
			m.Shards[2].Completes = append(m.Shards[2].Completes, "norm")
		}
		r := newReader(t, &m)
		err := r.Shard(shard, true)
		if !errors.Is(err, ErrLimit) || !strings.Contains(err.Error(), "more than 64 to one") {
			t.Errorf("%s: %d bytes are read: %v, want ErrLimit", c.name, len(shard), err)
		}
		if most := int64(1<<20 + 64*len(shard)); r.delivery.filled > most {
			t.Errorf("%s: %d bytes filled, at most %d", c.name, r.delivery.filled, most)
		}
	}
}
