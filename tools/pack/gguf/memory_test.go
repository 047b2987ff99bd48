package gguf_test

import (
	"bytes"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/spikechat/spikechat/tools/pack/gguf"
)

// The largest headers: Read keeps no array, so they take what their single strings do and little
// more.
func TestReadBoundsTheMemoryOfAHeader(t *testing.T) {
	array := func(elem gguf.ValueType, n int, data []byte) func(b raw, key string) raw {
		return func(b raw, key string) raw {
			return append(b.key(key, gguf.Array).u32(uint32(elem)).u64(uint64(n)), data...)
		}
	}
	short := raw{}
	for range gguf.MaxArray {
		short = short.str("a")
	}
	for _, c := range []struct {
		name    string
		entries int
		entry   func(b raw, key string) raw
	}{
		{"uint8", 60, array(gguf.Uint8, gguf.MaxArray, make([]byte, gguf.MaxArray))},
		{"bool", 60, array(gguf.Bool, gguf.MaxArray, make([]byte, gguf.MaxArray))},
		{"float32", 15, array(gguf.Float32, gguf.MaxArray, make([]byte, 4*gguf.MaxArray))},
		{"empty strings", 7, array(gguf.String, gguf.MaxArray, make([]byte, 8*gguf.MaxArray))},
		{"short strings", 7, array(gguf.String, gguf.MaxArray, short)},
		{"keys", gguf.MaxKeys, func(b raw, key string) raw {
			return append(b.key(strings.Repeat("k", gguf.MaxKeyBytes-len(key))+key, gguf.Uint8), 1)
		}},
		{"strings", 60, func(b raw, key string) raw {
			return b.key(key, gguf.String).str(strings.Repeat("a", gguf.MaxStringBytes))
		}},
	} {
		file := append(make(raw, 0, gguf.MaxHeaderBytes), header(0, uint64(c.entries))...)
		for i := range c.entries {
			file = c.entry(file, fmt.Sprintf("key %d", i))
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		f, err := gguf.Read(bytes.NewReader(file), int64(len(file)))
		runtime.ReadMemStats(&after)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		limit := uint64(8 << 20)
		if c.name == "strings" {
			limit += gguf.MaxHeaderBytes
		}
		took := after.TotalAlloc - before.TotalAlloc
		t.Logf("%s: a header of %d bytes took %d bytes of memory", c.name, len(file), took)
		if took > limit {
			t.Errorf("%s: a header of %d bytes took %d bytes of memory, want at most %d",
				c.name, len(file), took, limit)
		}
		runtime.KeepAlive(f)
	}
}

func TestReadBoundsTheMemoryOfATensorTable(t *testing.T) {
	file := header(gguf.MaxTensors, 0)
	for i := range gguf.MaxTensors {
		name := fmt.Sprintf("%0*d", gguf.MaxNameBytes, i)
		file = file.tensor(name, gguf.F32, 32*uint64(i), 2, 2, 2, 1)
	}
	file = file.data(32 * gguf.MaxTensors)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f, err := gguf.Read(bytes.NewReader(file), int64(len(file)))
	runtime.ReadMemStats(&after)
	took := after.TotalAlloc - before.TotalAlloc
	t.Logf("a file of %d bytes took %d bytes of memory", len(file), took)
	if err != nil || took > 96<<20 {
		t.Errorf("a file of %d bytes took %d bytes of memory, %v", len(file), took, err)
	}
	runtime.KeepAlive(f)
}
