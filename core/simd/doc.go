// Package simd has the kernels: spike-driven products of bit-plane weights, and the small float loops around them.
//
// Every kernel exists as a plain Go reference, always compiled, whose name ends in Generic, and as vector code for wasm
// and amd64 from one source (files *_simd.go, under GOEXPERIMENT=simd); lanes_wasm.go, lanes_wasm.s and lanes_amd64.go
// hold what differs. The exported functions check lengths once and select one; the two agree bit for bit, which
// is what makes the text of a chat the same in every build:
//
//   - Everything inside the spikes' sums is integer. Keep and Attention do the same for keys and values: scores are integer
//     sums, values are added as floats by ascending position.
//   - Float sums run in four lanes (i mod 4), ending (l0+l2)+(l1+l3).
//   - Every product is rounded before it is added: float32(a*b) + c, never fused.
//   - exp, sin and cos are ours (exp.go, trig.go).
//
// A product of spikes can be computed in these ways, all exact: Lookup and Popcount are the fast ones; DotCodes multiplies and is
// what they are measured by; Unrolled runs the T time steps one by one, and Rest lets only spikes away from the rest level act; they are
// SpikeLLM's definitions and the proof that the merged kernels compute the same.
package simd
