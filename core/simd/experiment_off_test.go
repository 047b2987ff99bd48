//go:build !goexperiment.simd

package simd

const experimentOn = false
