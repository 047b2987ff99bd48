package main

import (
	"io"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/spikechat/spikechat/core"
	"github.com/spikechat/spikechat/core/coding"
	"github.com/spikechat/spikechat/core/simd"
	"github.com/spikechat/spikechat/tools/internal/corpus"
)

// Tests of the real model take minutes where scalar floats stall.
func TestMain(m *testing.M) {
	withoutPreemption()
	testscript.Main(m, map[string]func(){"eval": main})
}

var tinyFolder = filepath.Join("..", "..", "models", "tiny")

var openTiny = sync.OnceValues(func() (*core.Model, error) { return openPrepared(tinyFolder) })

// openPrepared opens a model and prepares it for every kernel.
func openPrepared(folder string) (*core.Model, error) {
	m, err := core.Open(os.DirFS(folder))
	if err != nil {
		return nil, err
	}
	for _, k := range []simd.Kernel{simd.LookupKernel, simd.PopcountKernel, simd.DotKernel} {
		m.Prepare(k)
	}
	return m, nil
}

func tinyModel(tb testing.TB) *core.Model {
	tb.Helper()
	m, err := openTiny()
	if err != nil {
		tb.Fatal(err)
	}
	return m
}

// realFolder is the packed SmolLM2-135M-Instruct: SPIKECHAT_MODEL, else where make model puts it.
func realFolder() string {
	if dir := os.Getenv("SPIKECHAT_MODEL"); dir != "" {
		return dir
	}
	return filepath.Join("..", "..", "dist", "models", "smollm2-135m-instruct")
}

var openReal = sync.OnceValues(func() (*core.Model, error) {
	m, err := core.Open(os.DirFS(realFolder()))
	if err == nil {
		m.Prepare(simd.LookupKernel)
	}
	return m, err
})

func realModel(tb testing.TB) *core.Model {
	tb.Helper()
	m, err := openReal()
	if err != nil {
		tb.Fatalf("the packed model cannot be read, run \"make model\" first: %v", err)
	}
	return m
}

// tinyWindows are three windows of different lengths, the last not a multiple of any block.
func tinyWindows(tb testing.TB) []corpus.Window {
	tb.Helper()
	windows, err := builtIn(tinyModel(tb).Tokenizer, false)
	if err != nil {
		tb.Fatal(err)
	}
	windows = windows[:3]
	for i, n := range []int{64, 48, 37} {
		windows[i].IDs = windows[i].IDs[:n]
	}
	return windows
}

// tinyMeasurement is one of the tiny model that its test may change.
func tinyMeasurement(tb testing.TB) measurement {
	tb.Helper()
	return measurement{
		model: tinyModel(tb), windows: tinyWindows(tb), workers: 1, block: 16, progress: io.Discard,
		coding: coding.Coding{Steps: 4}, kernel: simd.LookupKernel,
	}
}

// measure runs m and leaves out the time, which is never the same.
func measure(tb testing.TB, m measurement) *result {
	tb.Helper()
	r, err := m.run()
	if err != nil {
		tb.Fatal(err)
	}
	r.Seconds = 0
	return r
}
