//go:build goexperiment.simd

#include "textflag.h"

// Both loops keep two vectors of sums for each of three heads, V0 to V5. R0 is the address of the
// sums of the first head, R5 the bytes from there to the next head's, R6 the address of the current
// head's.

// Adds the vector at p+at of each head, times V7 and V8.
#define HEADS(p, at, MUL, ADD) \
	HEAD(p, at, MUL, ADD, V0, V1) \
	HEAD(p, at+16, MUL, ADD, V2, V3) \
	HEAD(p, at+32, MUL, ADD, V4, V5)

#define HEAD(p, at, MUL, ADD, low, high) \
	Get p; I32WrapI64; V128Load $(at); Set V6 \
	Get low; Get V6; Get V7; MUL; ADD; Set low \
	Get high; Get V6; Get V8; MUL; ADD; Set high

#define NEXT_HEAD Get R6; Get R5; I64Add; Set R6

// V128Store takes no offset here: the assembler drops it.
#define STORE(low, high) \
	Get R6; I32WrapI64; Get low; V128Store $0 \
	Get R6; I64Const $16; I64Add; I32WrapI64; Get high; V128Store $0

// Stores the sums and goes on to the next 8.
#define STORE_HEADS \
	Get R0; Set R6 \
	STORE(V0, V1) \
	NEXT_HEAD \
	STORE(V2, V3) \
	NEXT_HEAD \
	STORE(V4, V5) \
	Get R0; I64Const $32; I64Add; Set R0

// The products of two dimensions of 8 keys with three queries: the keys at R1+key, the queries at
// R7+query.
#define PAIR(key, query) \
	Get R1; I32WrapI64; V128Load $key; Set V6 \
	Get V6; I16x8ExtendLowI8x16S; Set V7 \
	Get V6; I16x8ExtendHighI8x16S; Set V8 \
	HEADS(R7, query, I32x4DotI16x8S, I32x4Add)

#define ZERO(sum) V128Const $0, $0; Set sum

// R1 keys, R2 spread, R3 bytes of a span, R4 spans left, R7 in spread, R8 the span's end. R10 and
// R11 are R0 and R1 of the other of two streams, which take spans in turn.
//
// func dotKeys3(sums, keys, spread unsafe.Pointer, row, spans, spanBytes uintptr)
TEXT ·dotKeys3(SB), NOSPLIT, $0-48
	I64Load sums+0(FP)
	Set R0
	I64Load keys+8(FP)
	Set R1
	I64Load spread+16(FP)
	Set R2
	I64Load row+24(FP)
	Set R5
	I64Load spans+32(FP)
	Set R4
	I64Load spanBytes+40(FP)
	Set R3
	// The second stream begins at span R12 = spans - (spans+1)/2; where the number is odd, the two
	// share a span.
	Get R4
	Get R4
	I64Const $1
	I64Add
	I64Const $1
	I64ShrU
	Tee R4
	I64Sub
	Set R12
	Get R4
	I64Const $1
	I64Shl
	Set R4
	Get R0
	Get R12
	I64Const $5
	I64Shl
	I64Add
	Set R10
	Get R1
	Get R12
	Get R3
	I64Mul
	I64Add
	Set R11
	Loop
		ZERO(V0)
		ZERO(V1)
		ZERO(V2)
		ZERO(V3)
		ZERO(V4)
		ZERO(V5)
		Get R2
		Set R7
		Get R1
		Get R3
		I64Add
		Set R8
		Loop
			PAIR(0, 0)
			PAIR(16, 48)
			PAIR(32, 96)
			PAIR(48, 144)
			PAIR(64, 192)
			PAIR(80, 240)
			PAIR(96, 288)
			PAIR(112, 336)
			Get R7
			I64Const $384
			I64Add
			Set R7
			Get R1
			I64Const $128
			I64Add
			Tee R1
			Get R8
			I64LtU
			BrIf $0
		End
		STORE_HEADS
		// The other stream is next.
		Get R0
		Get R10
		Set R0
		Set R10
		Get R1
		Get R11
		Set R1
		Set R11
		Get R4
		I64Const $1
		I64Sub
		Tee R4
		I64Eqz
		I32Eqz
		BrIf $0
	End
	RET

// Adds 8 codes of a value, the one whose place is at R7+place, times its weights at R8+weight.
#define VALUE(place, weight) \
	Get R7; I32WrapI64; I64Load $place; Get R1; I64Add; I32WrapI64; V128Load $0 \
	I16x8ExtendLowI8x16S; Set V6 \
	Get V6; I32x4ExtendLowI16x8S; F32x4ConvertI32x4S; Set V7 \
	Get V6; I32x4ExtendHighI16x8S; F32x4ConvertI32x4S; Set V8 \
	HEADS(R8, weight, F32x4Mul, F32x4Add)

#define LOAD(low, high) \
	Get R6; I32WrapI64; V128Load $0; Set low \
	Get R6; I32WrapI64; V128Load $16; Set high

// R1 values, R2 places, R3 weights, R4 the end of the places, R7 and R8 in places and weights, R9
// dimensions left.
//
// func addValues3(sums, values, places, weights unsafe.Pointer, n, dim uintptr)
TEXT ·addValues3(SB), NOSPLIT, $0-48
	I64Load sums+0(FP)
	Set R0
	I64Load values+8(FP)
	Set R1
	I64Load places+16(FP)
	Set R2
	I64Load weights+24(FP)
	Set R3
	I64Load n+32(FP)
	I64Const $3
	I64Shl
	Get R2
	I64Add
	Set R4
	I64Load dim+40(FP)
	Tee R9
	I64Const $2
	I64Shl
	Set R5
	Loop
		Get R0
		Set R6
		LOAD(V0, V1)
		NEXT_HEAD
		LOAD(V2, V3)
		NEXT_HEAD
		LOAD(V4, V5)
		Get R2
		Set R7
		Get R3
		Set R8
		Loop
			VALUE(0, 0)
			VALUE(8, 48)
			VALUE(16, 96)
			VALUE(24, 144)
			Get R8
			I64Const $192
			I64Add
			Set R8
			Get R7
			I64Const $32
			I64Add
			Tee R7
			Get R4
			I64LtU
			BrIf $0
		End
		STORE_HEADS
		Get R1
		I64Const $8
		I64Add
		Set R1
		Get R9
		I64Const $8
		I64Sub
		Tee R9
		I64Eqz
		I32Eqz
		BrIf $0
	End
	RET
