//go:build goexperiment.simd

package simd

import "simd/archsimd"

// What every target of the vector kernels supplies:
//
//	available                   whether this processor has the instructions
//	lookup16(table, index)      table[index] for each byte; indices are 0 to 15
//	extendHi, extendHiUnsigned  the upper four of eight 16-bit values, widened
//	onesCount(x)                ones in each byte
//	leave()                     keeps amd64 fast after a preemption; nothing elsewhere
//
// A wasm module that holds vector instructions does not load where they are missing, so they are available here.
const available = true

func lookup16(table, index archsimd.Uint8x16) archsimd.Uint8x16 {
	return table.BitsToInt8().LookupOrZero(index.BitsToInt8()).ToBits()
}

func extendHi(x archsimd.Int16x8) archsimd.Int32x4 { return x.ExtendHi4ToInt32() }

func extendHiUnsigned(x archsimd.Uint16x8) archsimd.Uint32x4 { return x.ExtendHi4ToUint32() }

func onesCount(x archsimd.Uint8x16) archsimd.Uint8x16 { return x.OnesCount() }

func leave() {}
