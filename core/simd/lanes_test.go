package simd

import (
	"runtime"
	"testing"
)

// TestVectorKernelsAreInTheBuild fails where the build is meant to have vector kernels and lacks
// them: otherwise the comparisons with the references would compare the references with themselves.
func TestVectorKernelsAreInTheBuild(t *testing.T) {
	if experimentOn && runtime.GOARCH == "wasm" && !Available() {
		t.Error("GOEXPERIMENT=simd on wasm, but no vector kernels")
	}
	if !experimentOn && Available() {
		t.Error("vector kernels without GOEXPERIMENT=simd")
	}
}
