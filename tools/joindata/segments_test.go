package main

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/spikechat/spikechat/tools/internal/wasmfile"
)

// module has a section before its data and one behind.
func module(segments []segment) []byte {
	m := appendSized(append(bytes.Clone(wasmfile.Header), 1), []byte{1, 0x60, 0, 0})
	m = appendSized(append(m, dataSection), appendSegments(nil, segments))
	return appendSized(append(m, 0), []byte("\x04name"))
}

// memoryOf is the memory that segments leave, zero elsewhere.
func memoryOf(segments []segment) []byte {
	memory := make([]byte, 1<<16)
	for _, s := range segments {
		copy(memory[s.at:], s.bytes)
	}
	return memory
}

// segmentsOf reads the data of what module made.
func segmentsOf(t *testing.T, m []byte) []segment {
	t.Helper()
	r := reader{rest: m[len(wasmfile.Header):]}
	for len(r.rest) > 0 {
		if id, section := r.byte(), r.sized(); id == dataSection {
			segments, err := readSegments(section)
			if err != nil {
				t.Fatal(err)
			}
			return segments
		}
	}
	t.Fatalf("no data: %v", r.err)
	return nil
}

// TestMemoryStays: whatever the segments, in order or not, apart or over each other, memory begins
// as it did, and the rest of the module stays.
func TestMemoryStays(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	fewer := 0
	for range 500 {
		var segments []segment
		at := uint64(r.IntN(200))
		for range r.IntN(40) {
			b := make([]byte, r.IntN(12))
			for i := range b {
				b[i] = byte(1 + r.IntN(255))
			}
			segments = append(segments, segment{at, b})
			at += uint64(len(b) + r.IntN(2*most))
			if r.IntN(8) == 0 {
				at -= min(at, uint64(r.IntN(100)))
			}
		}
		got, err := joinData(module(segments))
		if err != nil {
			t.Fatal(err)
		}
		joined := segmentsOf(t, got)
		if !bytes.Equal(memoryOf(joined), memoryOf(segments)) {
			t.Fatalf("%v became %v", segments, joined)
		}
		if !bytes.Equal(got, module(joined)) {
			t.Fatalf("% x: more than the data differs", got)
		}
		fewer += len(segments) - len(joined)
	}
	if fewer < 1000 {
		t.Errorf("%d segments fewer", fewer)
	}
}

// TestGaps: the longest run of zeros that is written out, and what is not joined.
func TestGaps(t *testing.T) {
	one := func(at uint64) segment { return segment{at, []byte{7}} }
	for name, c := range map[string]struct {
		segments []segment
		want     int
	}{
		"none":                       {nil, 0},
		"side by side":               {[]segment{one(63), one(64)}, 1},
		"the longest":                {[]segment{one(8191), one(8192 + most)}, 1},
		"longer":                     {[]segment{one(0), one(2 + most)}, 2},
		"backwards":                  {[]segment{one(9), one(0)}, 2},
		"over each other":            {[]segment{{0, []byte{1, 2, 3}}, one(1)}, 2},
		"a gap that was written to":  {[]segment{{0, []byte{1, 2, 3}}, one(0), one(4)}, 3},
		"behind one that was joined": {[]segment{one(0), one(2), one(4), one(99)}, 2},
	} {
		got, err := joinData(module(c.segments))
		if err != nil {
			t.Fatal(err)
		}
		if n := len(segmentsOf(t, got)); n != c.want {
			t.Errorf("%s: %d segments, want %d", name, n, c.want)
		}
	}
}

// TestNoModule: a module cut anywhere, and data that Go does not emit.
func TestNoModule(t *testing.T) {
	whole := module([]segment{{70000 - 1<<16, []byte{1, 2, 3}}, {9000, []byte{4}}})
	start := len(wasmfile.Header)
	cuts := map[int]bool{start: true, start + 6: true} // between sections
	for n := range whole {
		_, err := joinData(whole[:n])
		if n == len(whole)-7 || cuts[n] {
			if err != nil {
				t.Errorf("%d bytes, whole sections: %v", n, err)
			}
		} else if !errors.Is(err, errModule) {
			t.Errorf("%d of %d bytes: %v", n, len(whole), err)
		}
	}
	for name, data := range map[string][]byte{
		"passive":             {1, 1, 1, 9},
		"another memory":      {1, 2, 0, i32Const, 0, end, 1, 9},
		"a global's address":  {1, 0, 0x23, 0, end, 1, 9},
		"a sum":               {1, 0, i32Const, 0, i32Const, 0, 0x6a, end, 1, 9},
		"a negative address":  {1, 0, i32Const, 0x7f, end, 1, 9},
		"an address too high": {1, 0, i32Const, 0x80, 0x80, 0x80, 0x80, 0x08, end, 1, 9},
		"a segment too many":  {2, 0, i32Const, 0, end, 1, 9},
		"a segment too few":   {0, 0, i32Const, 0, end, 1, 9},
	} {
		m := appendSized(append(bytes.Clone(wasmfile.Header), dataSection), data)
		if _, err := joinData(m); !errors.Is(err, errModule) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestRun(t *testing.T) {
	dir := t.TempDir()
	in, out := filepath.Join(dir, "in"), filepath.Join(dir, "out")
	if err := os.WriteFile(in, module([]segment{{0, []byte{1}}, {3, []byte{2}}}), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := run(in, out); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(out)
	if want := module([]segment{{0, []byte{1, 0, 0, 2}}}); err != nil || !bytes.Equal(got, want) {
		t.Errorf("% x, %v, want % x", got, err, want)
	}
	if err := run(in, in); err == nil {
		t.Error("the input was written over")
	}
}
