//go:build !(goexperiment.simd && amd64 && unix)

package main

// withoutPreemption has nothing to do: only the SIMD build for amd64 stalls after a preemption.
func withoutPreemption() {}
