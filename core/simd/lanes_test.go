package simd

import (
	"runtime"
	"testing"
)

// TestVectorKernelsAreInTheBuild fails where the build is meant to have vector kernels and lacks
// them: otherwise the comparisons with the references would compare the references with themselves.
func TestVectorKernelsAreInTheBuild(t *testing.T) {
	everyProcessorHasThem := runtime.GOARCH == "wasm" || runtime.GOARCH == "arm64"
	if experimentOn && everyProcessorHasThem && !Available() {
		t.Errorf("GOEXPERIMENT=simd on %s, but no vector kernels", runtime.GOARCH)
	}
	if !experimentOn && Available() {
		t.Error("vector kernels without GOEXPERIMENT=simd")
	}
}
