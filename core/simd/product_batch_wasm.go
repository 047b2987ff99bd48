//go:build goexperiment.simd

package simd

import "unsafe"

// The lookups of a batch are in assembly for the reasons of product_streams_wasm.go.

//go:noescape
func addSplitBy4(blocks, rows, tables, scales, excesses unsafe.Pointer, groups uintptr)

//go:noescape
func addSplitBy2(blocks, rows, tables, scales, excesses unsafe.Pointer, groups uintptr)
