//go:build goexperiment.simd

#include "textflag.h"

// The products of two dimensions of 8 keys with three queries: the keys at R1+key, the queries at R7+query.
#define PAIR(key, query) \
	Get R1; I32WrapI64; V128Load $key; Set V6 \
	Get V6; I16x8ExtendLowI8x16S; Set V7 \
	Get V6; I16x8ExtendHighI8x16S; Set V8 \
	Get R7; I32WrapI64; V128Load $query; Set V6 \
	Get V0; Get V6; Get V7; I32x4DotI16x8S; I32x4Add; Set V0 \
	Get V1; Get V6; Get V8; I32x4DotI16x8S; I32x4Add; Set V1 \
	Get R7; I32WrapI64; V128Load $(query+16); Set V6 \
	Get V2; Get V6; Get V7; I32x4DotI16x8S; I32x4Add; Set V2 \
	Get V3; Get V6; Get V8; I32x4DotI16x8S; I32x4Add; Set V3 \
	Get R7; I32WrapI64; V128Load $(query+32); Set V6 \
	Get V4; Get V6; Get V7; I32x4DotI16x8S; I32x4Add; Set V4 \
	Get V5; Get V6; Get V8; I32x4DotI16x8S; I32x4Add; Set V5

#define ZERO(sum) V128Const $0, $0; Set sum

// V128Store takes no offset here: the assembler drops it.
#define STORE(low, high) \
	Get R6; I32WrapI64; Get low; V128Store $0 \
	Get R6; I64Const $16; I64Add; I32WrapI64; Get high; V128Store $0

// R0 sums, R1 keys, R2 spread, R3 row, R4 blocks left, R5 bytes of a block, R6 the block's end and then where sums go.
//
// func dotKeys3(sums, keys, spread unsafe.Pointer, row, blocks, blockBytes uintptr)
TEXT ·dotKeys3(SB), NOSPLIT, $0-48
	I64Load sums+0(FP)
	Set R0
	I64Load keys+8(FP)
	Set R1
	I64Load spread+16(FP)
	Set R2
	I64Load row+24(FP)
	Set R3
	I64Load blocks+32(FP)
	Set R4
	I64Load blockBytes+40(FP)
	Set R5
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
		Get R5
		I64Add
		Set R6
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
			Get R6
			I64LtU
			BrIf $0
		End
		Get R0
		Set R6
		STORE(V0, V1)
		Get R6
		Get R3
		I64Add
		Set R6
		STORE(V2, V3)
		Get R6
		Get R3
		I64Add
		Set R6
		STORE(V4, V5)
		Get R0
		I64Const $32
		I64Add
		Set R0
		Get R4
		I64Const $1
		I64Sub
		Tee R4
		I64Eqz
		I32Eqz
		BrIf $0
	End
	RET

// Adds 8 codes of a value, the one whose place stands at R7+place, times its weights at R8+weight.
#define VALUE(place, weight) \
	Get R7; I32WrapI64; I64Load $place; Get R1; I64Add; I32WrapI64; V128Load $0; I16x8ExtendLowI8x16S; Set V6 \
	Get V6; I32x4ExtendLowI16x8S; F32x4ConvertI32x4S; Set V7 \
	Get V6; I32x4ExtendHighI16x8S; F32x4ConvertI32x4S; Set V8 \
	Get R8; I32WrapI64; V128Load $weight; Set V6 \
	Get V0; Get V6; Get V7; F32x4Mul; F32x4Add; Set V0 \
	Get V1; Get V6; Get V8; F32x4Mul; F32x4Add; Set V1 \
	Get R8; I32WrapI64; V128Load $(weight+16); Set V6 \
	Get V2; Get V6; Get V7; F32x4Mul; F32x4Add; Set V2 \
	Get V3; Get V6; Get V8; F32x4Mul; F32x4Add; Set V3 \
	Get R8; I32WrapI64; V128Load $(weight+32); Set V6 \
	Get V4; Get V6; Get V7; F32x4Mul; F32x4Add; Set V4 \
	Get V5; Get V6; Get V8; F32x4Mul; F32x4Add; Set V5

#define LOAD(low, high) \
	Get R6; I32WrapI64; V128Load $0; Set low \
	Get R6; I32WrapI64; V128Load $16; Set high

#define NEXT_ROW Get R6; Get R5; I64Add; Set R6

// R0 sums, R1 values, R2 places, R3 weights, R4 the end of the places, R5 bytes of a head's sums, R6 sums of one head,
// R7 and R8 in places and weights, R9 dimensions left.
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
		NEXT_ROW
		LOAD(V2, V3)
		NEXT_ROW
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
		Get R0
		Set R6
		STORE(V0, V1)
		NEXT_ROW
		STORE(V2, V3)
		NEXT_ROW
		STORE(V4, V5)
		Get R0
		I64Const $32
		I64Add
		Set R0
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
