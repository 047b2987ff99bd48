package main

import (
	"io"
	"os"
	"slices"
	"testing"

	"github.com/spikechat/spikechat/core/simd"
)

// TestPoints: what a part of the tiny model takes, and that it is worth less than the whole.
func TestPoints(t *testing.T) {
	folder := os.DirFS(tinyFolder)
	measure := func(p point) worth {
		t.Helper()
		model, bytes, err := p.open(folder)
		if err != nil {
			t.Fatal(err)
		}
		windows, err := builtIn(model.Tokenizer, true)
		if err != nil {
			t.Fatal(err)
		}
		for i := range windows {
			windows[i].IDs = windows[i].IDs[:min(len(windows[i].IDs), 64)]
		}
		model.Prepare(simd.LookupKernel)
		m := measurement{model: model, windows: windows[:1], workers: 1, block: 16, alone: true,
			progress: io.Discard}
		r, err := m.run()
		if err != nil {
			t.Fatal(err)
		}
		return r.worth(&m, bytes)
	}
	whole := measure(point{upper: []keep{{"*", 8}}})
	if whole.Planes != 8 || whole.Rows != 325 || whole.BitsPerByte <= 0 {
		t.Errorf("%+v", whole)
	}
	for _, p := range []point{
		{upper: []keep{{"token_embd.weight", 4}}},
		{upper: []keep{{"blk.*.ffn_gate.weight", 3}}},
		{rows: 304},
	} {
		part := measure(p)
		if part.Bytes >= whole.Bytes || part.Bytes < whole.Bytes/2 ||
			part.BitsPerByte == whole.BitsPerByte {
			t.Errorf("%+v: %+v, the whole %+v", p, part, whole)
		}
	}
	if got := measure(point{upper: []keep{{"token_embd.weight", 4}, {"token_*", 8}}}); got.Bytes !=
		whole.Bytes || got.BitsPerByte != whole.BitsPerByte {
		t.Errorf("the last pattern does not count: %+v", got)
	}
	for _, p := range []point{{prefix: 1000}, {rows: 300}, {rows: 1 << 20}} {
		if _, _, err := p.open(folder); err == nil {
			t.Errorf("%+v: a model", p)
		}
	}
}

func TestParseUpper(t *testing.T) {
	got, err := parseUpper("token_embd.weight=4,blk.*=3")
	if err != nil || !slices.Equal(got, []keep{{"token_embd.weight", 4}, {"blk.*", 3}}) {
		t.Errorf("%v, %v", got, err)
	}
	for _, text := range []string{"x", "x=", "x=0", "x=9", "[=3", "x=4,"} {
		if _, err := parseUpper(text); err == nil {
			t.Errorf("%q is taken", text)
		}
	}
}
