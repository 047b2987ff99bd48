//go:build goexperiment.simd

#include "textflag.h"

// The lookups of a batch (product_batch_simd.go): groups of a tile that is split into nibbles, with
// one token's tables. Constants of addresses are offsets of the loads here, and nothing is loaded
// before it is needed.
//
// R0 is the block, R1 the rows' sums, R2 to R4 tables, scales and excesses, R5 the groups left. V0
// to V7 are the tables of a group, V8 and V9 low and high, V11 to V13 excess, threshold and
// groupSum.

#define LOAD(p, at) Get p; I32WrapI64; V128Load $(at)

// The lookups of 8 columns.
#define PICKS2(at, t0, t1) \
	Get t0; LOAD(R0, at); I8x16Swizzle \
	Get t1; LOAD(R0, at+16); I8x16Swizzle \
	I8x16Add

#define PICKS4(at, t0, t1, t2, t3) \
	PICKS2(at, t0, t1) \
	PICKS2(at+32, t2, t3) \
	I8x16Add

// Sums of bytes become those of 16 bits: BEGIN sets them, WIDEN adds.
#define BEGIN \
	Tee V8; I32Const $8; I16x8ShrU; Set V9

#define WIDEN \
	Tee V10; Get V8; I16x8Add; Set V8 \
	Get V10; I32Const $8; I16x8ShrU; Get V9; I16x8Add; Set V9

#define DOUBLE \
	Get V8; Get V8; I16x8Add; Set V8 \
	Get V9; Get V9; I16x8Add; Set V9

#define REST2(at) \
	PICKS2(at+32, V2, V3); WIDEN \
	PICKS2(at+64, V4, V5); WIDEN \
	PICKS2(at+96, V6, V7); WIDEN

#define PLANE2(at) \
	DOUBLE \
	PICKS2(at, V0, V1); WIDEN \
	REST2(at)

#define PLANES2 \
	PICKS2(0, V0, V1); BEGIN \
	REST2(0) \
	PLANE2(128) \
	PLANE2(256) \
	PLANE2(384)

#define PLANE4(at) \
	DOUBLE \
	PICKS4(at, V0, V1, V2, V3); WIDEN \
	PICKS4(at+64, V4, V5, V6, V7); WIDEN

#define PLANES4 \
	PICKS4(0, V0, V1, V2, V3); BEGIN \
	PICKS4(64, V4, V5, V6, V7); WIDEN \
	PLANE4(128) \
	PLANE4(256) \
	PLANE4(384)

// Adds to four rows: y += (sum*d)*threshold, then y -= n*groupSum. V128Store takes no offset here:
// the assembler drops it.
#define ADD(at, sum, EXTEND) \
	Get R1; I64Const $(at); I64Add; I32WrapI64 \
	LOAD(R1, at) \
	Get sum; EXTEND; F32x4ConvertI32x4S; LOAD(R0, 512+at); F32x4Mul; Get V12; F32x4Mul; F32x4Add \
	LOAD(R0, 576+at); Get V13; F32x4Mul; F32x4Sub \
	V128Store $0

#define SCALE \
	Get R4; I32WrapI64; I32Load16U $0; I32Const $15; I32Mul; I16x8Splat; Set V11 \
	Get R3; I32WrapI64; F32Load $0; F32x4Splat; Set V12 \
	Get R3; I32WrapI64; F32Load $4; F32x4Splat; Set V13 \
	Get V8; Get V9; I32Const $8; I16x8Shl; I16x8Sub; Get V11; I16x8Sub; Set V8 \
	Get V9; Get V11; I16x8Sub; Set V9 \
	ADD(0, V8, I32x4ExtendLowI16x8S) \
	ADD(16, V8, I32x4ExtendHighI16x8S) \
	ADD(32, V9, I32x4ExtendLowI16x8S) \
	ADD(48, V9, I32x4ExtendHighI16x8S)

#define NEXT(p, bytes) Get p; I64Const $(bytes); I64Add; Set p

#define GROUPS(PLANES) \
	I64Load blocks+0(FP); Set R0 \
	I64Load rows+8(FP); Set R1 \
	I64Load tables+16(FP); Set R2 \
	I64Load scales+24(FP); Set R3 \
	I64Load excesses+32(FP); Set R4 \
	I64Load groups+40(FP); Set R5 \
	Loop \
		LOAD(R2, 0); Set V0 \
		LOAD(R2, 16); Set V1 \
		LOAD(R2, 32); Set V2 \
		LOAD(R2, 48); Set V3 \
		LOAD(R2, 64); Set V4 \
		LOAD(R2, 80); Set V5 \
		LOAD(R2, 96); Set V6 \
		LOAD(R2, 112); Set V7 \
		PLANES \
		SCALE \
		NEXT(R0, 640) \
		NEXT(R2, 128) \
		NEXT(R3, 8) \
		NEXT(R4, 2) \
		Get R5; I64Const $1; I64Sub; Tee R5; I64Eqz; I32Eqz; BrIf $0 \
	End \
	RET

// func addSplitBy2(blocks, rows, tables, scales, excesses unsafe.Pointer, groups uintptr)
TEXT ·addSplitBy2(SB), NOSPLIT, $0-48
	GROUPS(PLANES2)

// func addSplitBy4(blocks, rows, tables, scales, excesses unsafe.Pointer, groups uintptr)
TEXT ·addSplitBy4(SB), NOSPLIT, $0-48
	GROUPS(PLANES4)
