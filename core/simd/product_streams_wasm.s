//go:build goexperiment.simd

#include "go_asm.h"
#include "textflag.h"

// The kernels of streams (product_streams_simd.go): all groups of a streamStep. Constants of
// addresses are offsets of the loads here, sums are in registers where there are enough, and nothing
// is loaded before it is needed.
//
// V0 to V7 are the tables of a group, V8 the mask of a nibble, V9 and V10 low and high. R0 to R2 are
// the blocks, R3 to R5 the rows' sums, R6 to R8 tables, scales and rest, R9 the groups left. Of
// lookups R10 is where offsets are in a block, R11 a block's size, R12 whether scales are of any kind,
// V15 what offsets are multiplied by then, R13 where scales are, and R14 whether there is a fifth
// plane.

#define LOAD(p, at) Get p; I32WrapI64; V128Load $(at)

// The lookups of 8 columns.
#define LOOKUPS2(block, at, t0, t1) \
	LOAD(block, at); Set V11 \
	Get t0; Get V11; Get V8; V128And; I8x16Swizzle \
	Get t1; Get V11; I32Const $4; I16x8ShrU; Get V8; V128And; I8x16Swizzle \
	I8x16Add

#define LOOKUPS4(block, at, t0, t1, t2, t3) \
	LOOKUPS2(block, at, t0, t1) \
	LOOKUPS2(block, at+16, t2, t3) \
	I8x16Add

// Sums of bytes become those of 16 bits: BEGIN sets them, WIDEN adds.
#define BEGIN \
	Tee V9; I32Const $8; I16x8ShrU; Set V10

#define WIDEN \
	Set V11 \
	Get V11; Get V9; I16x8Add; Set V9 \
	Get V11; I32Const $8; I16x8ShrU; Get V10; I16x8Add; Set V10

#define DOUBLE \
	Get V9; Get V9; I16x8Add; Set V9 \
	Get V10; Get V10; I16x8Add; Set V10

#define REST2(block, at) \
	LOOKUPS2(block, at+16, V2, V3); WIDEN \
	LOOKUPS2(block, at+32, V4, V5); WIDEN \
	LOOKUPS2(block, at+48, V6, V7); WIDEN

#define PLANE2(block, at) \
	DOUBLE \
	LOOKUPS2(block, at, V0, V1); WIDEN \
	REST2(block, at)

#define TWO_PLANES2(block) \
	LOOKUPS2(block, 0, V0, V1); BEGIN \
	REST2(block, 0) \
	PLANE2(block, 64)

#define THREE_PLANES2(block) \
	TWO_PLANES2(block) \
	PLANE2(block, 128)

#define PLANES2(block) \
	THREE_PLANES2(block) \
	PLANE2(block, 192)

#define PLANE4(block, at) \
	DOUBLE \
	LOOKUPS4(block, at, V0, V1, V2, V3); WIDEN \
	LOOKUPS4(block, at+32, V4, V5, V6, V7); WIDEN

#define TWO_PLANES4(block) \
	LOOKUPS4(block, 0, V0, V1, V2, V3); BEGIN \
	LOOKUPS4(block, 32, V4, V5, V6, V7); WIDEN \
	PLANE4(block, 64)

#define THREE_PLANES4(block) \
	TWO_PLANES4(block) \
	PLANE4(block, 128)

#define PLANES4(block) \
	THREE_PLANES4(block) \
	PLANE4(block, 192)

#define LOOKUPS8(block, at) \
	LOOKUPS4(block, at, V0, V1, V2, V3) \
	LOOKUPS4(block, at+32, V4, V5, V6, V7) \
	I8x16Add

#define PLANE8(block, at) \
	DOUBLE \
	LOOKUPS8(block, at); WIDEN

#define PLANES8(block) \
	LOOKUPS8(block, 0); BEGIN \
	PLANE8(block, 64) \
	PLANE8(block, 128) \
	PLANE8(block, 192)

// float16 to float32 times 2^-112
#define HALF(p, at, EXTEND) LOAD(p, at); EXTEND; I32Const $13; I32x4Shl

// Adds to four rows: y += (sum*d)*threshold, then y -= n*groupSum. V128Store takes no offset here:
// the assembler drops it.
#define ADD_NORMAL(rows, at, block, scales, sum, EXTEND, EXTENDU) \
	Get rows; I64Const $(at); I64Add; I32WrapI64 \
	LOAD(rows, at) \
	Get sum; EXTEND; F32x4ConvertI32x4S \
	HALF(block, scales, EXTENDU); F32x4Mul; Get V13; F32x4Mul; F32x4Add \
	HALF(block, scales+32, EXTENDU); Get V14; F32x4Mul; F32x4Sub \
	V128Store $0

// The same for a float16 of any sign; EXTEND repeats its sign, in bits that are masked out.
#define ANY_HALF(at, EXTEND) \
	V128Load $(at); EXTEND; I32Const $13; I32x4Shl \
	I32Const $-1879048193; I32x4Splat; V128And

// ADD_NORMAL for scales of any kind: y += (sum*d)*threshold, then y -= (by*n)*groupSum. n is d where
// offsets are not stored, and by is 1 where they are.
#define ADD_ANY(rows, at, block, scales, sum, EXTEND) \
	Get rows; I64Const $(at); I64Add; I32WrapI64 \
	LOAD(rows, at) \
	Get sum; EXTEND; F32x4ConvertI32x4S \
	Get block; Get R13; I64Add; I32WrapI64; ANY_HALF(scales, EXTEND); F32x4Mul \
	Get V13; F32x4Mul; F32x4Add \
	Get block; Get R10; I64Add; I32WrapI64; ANY_HALF(scales, EXTEND); Get V15; F32x4Mul \
	Get V14; F32x4Mul; F32x4Sub \
	V128Store $0

// V12 to V14 are the excess of a group, its threshold and groupSum.
#define SCALE(rows, block) \
	Get V9; Get V10; I32Const $8; I16x8Shl; I16x8Sub; Get V12; I16x8Sub; Set V9 \
	Get V10; Get V12; I16x8Sub; Set V10 \
	Get R12; I32WrapI64 \
	If \
	ADD_ANY(rows, 0, block, 0, V9, I32x4ExtendLowI16x8S) \
	ADD_ANY(rows, 16, block, 0, V9, I32x4ExtendHighI16x8S) \
	ADD_ANY(rows, 32, block, 16, V10, I32x4ExtendLowI16x8S) \
	ADD_ANY(rows, 48, block, 16, V10, I32x4ExtendHighI16x8S) \
	Else \
	ADD_NORMAL(rows, 0, block, 256, V9, I32x4ExtendLowI16x8S, I32x4ExtendLowI16x8U) \
	ADD_NORMAL(rows, 16, block, 256, V9, I32x4ExtendHighI16x8S, I32x4ExtendHighI16x8U) \
	ADD_NORMAL(rows, 32, block, 272, V10, I32x4ExtendLowI16x8S, I32x4ExtendLowI16x8U) \
	ADD_NORMAL(rows, 48, block, 272, V10, I32x4ExtendHighI16x8S, I32x4ExtendHighI16x8U) \
	End

#define NEXT_BLOCK(p, BYTES) Get p; BYTES; I64Add; Set p

#define NEXT(p, bytes) Get p; I64Const $(bytes); I64Add; Set p

#define ARGUMENT(at, p) Get R9; I32WrapI64; I64Load $(at); Set p

#define ARGUMENTS \
	I64Load step+0(FP); Set R9 \
	ARGUMENT(streamStep_blocks, R0) \
	ARGUMENT(streamStep_blocks+8, R1) \
	ARGUMENT(streamStep_blocks+16, R2) \
	ARGUMENT(streamStep_rows, R3) \
	ARGUMENT(streamStep_rows+8, R4) \
	ARGUMENT(streamStep_rows+16, R5) \
	ARGUMENT(streamStep_tables, R6) \
	ARGUMENT(streamStep_scales, R7) \
	ARGUMENT(streamStep_rest, R8) \
	ARGUMENT(streamStep_groups, R9) \
	I32Const $15; I8x16Splat; Set V8

#define TABLES \
	LOAD(R6, 0); Set V0 \
	LOAD(R6, 16); Set V1 \
	LOAD(R6, 32); Set V2 \
	LOAD(R6, 48); Set V3 \
	LOAD(R6, 64); Set V4 \
	LOAD(R6, 80); Set V5 \
	LOAD(R6, 96); Set V6 \
	LOAD(R6, 112); Set V7

// Goes on to the next group while there is one.
#define NEXT_GROUP(BLOCK, restBytes) \
	NEXT_BLOCK(R0, BLOCK) \
	NEXT_BLOCK(R1, BLOCK) \
	NEXT_BLOCK(R2, BLOCK) \
	NEXT(R6, 128) \
	NEXT(R7, 8) \
	NEXT(R8, restBytes) \
	Get R9; I64Const $1; I64Sub; Tee R9; I64Eqz; I32Eqz; BrIf $0

// Planes 4 to 0, or 3 to 0.
#define FIFTH(block, PLANE) \
	Get R14; I32WrapI64 \
	If \
	PLANE(block, 256) \
	End

#define LOOKUP4(PLANES, PLANE) \
	ARGUMENTS \
	I64Load step+0(FP); Set R12 \
	Get R12; I32WrapI64; F32Load $(streamStep_by); F32x4Splat; Set V15 \
	Get R12; I32WrapI64; I64Load $(streamStep_offsetsAt); Set R10 \
	Get R12; I32WrapI64; I64Load $(streamStep_blockBytes); Set R11 \
	Get R12; I32WrapI64; I64Load $(streamStep_scalesAt); Set R13 \
	Get R12; I32WrapI64; I64Load $(streamStep_fifth); Set R14 \
	Get R12; I32WrapI64; I64Load $(streamStep_any); Set R12 \
	Loop \
		TABLES \
		Get R8; I32WrapI64; I32Load16U $0 \
		I32Const $15; I32Const $31; Get R14; I32WrapI64; I32Eqz; Select; I32Mul \
		I16x8Splat; Set V12 \
		Get R7; I32WrapI64; F32Load $0; F32x4Splat; Set V13 \
		Get R7; I32WrapI64; F32Load $4; F32x4Splat; Set V14 \
		PLANES(R0); FIFTH(R0, PLANE) \
		SCALE(R3, R0) \
		PLANES(R1); FIFTH(R1, PLANE) \
		SCALE(R4, R1) \
		PLANES(R2); FIFTH(R2, PLANE) \
		SCALE(R5, R2) \
		NEXT_GROUP(Get R11, 2) \
	End \
	RET

// func lookup4By2(step *streamStep)
TEXT ·lookup4By2(SB), NOSPLIT, $0-8
	LOOKUP4(PLANES2, PLANE2)

// func lookup4By4(step *streamStep)
TEXT ·lookup4By4(SB), NOSPLIT, $0-8
	LOOKUP4(PLANES4, PLANE4)

// func lookup4By8(step *streamStep)
TEXT ·lookup4By8(SB), NOSPLIT, $0-8
	LOOKUP4(PLANES8, PLANE8)

// Adds to four rows: y += (sum*d)*threshold, then y -= (by*d)*groupSum.
#define ADD_TIMES(at, scales, sum, EXTEND, EXTENDU) \
	Get R3; I64Const $(at); I64Add; I32WrapI64 \
	LOAD(R3, at) \
	HALF(R0, scales, EXTENDU); Set V11 \
	Get sum; EXTEND; F32x4ConvertI32x4S; Get V11; F32x4Mul; Get V13; F32x4Mul; F32x4Add \
	Get V15; Get V11; F32x4Mul; Get V14; F32x4Mul; F32x4Sub \
	V128Store $0

#define SCALE_TIMES(scales) \
	Get V9; Get V10; I32Const $8; I16x8Shl; I16x8Sub; Get V12; I16x8Sub; Set V9 \
	Get V10; Get V12; I16x8Sub; Set V10 \
	ADD_TIMES(0, scales, V9, I32x4ExtendLowI16x8S, I32x4ExtendLowI16x8U) \
	ADD_TIMES(16, scales, V9, I32x4ExtendHighI16x8S, I32x4ExtendHighI16x8U) \
	ADD_TIMES(32, scales+16, V10, I32x4ExtendLowI16x8S, I32x4ExtendLowI16x8U) \
	ADD_TIMES(48, scales+16, V10, I32x4ExtendHighI16x8S, I32x4ExtendHighI16x8U)

// The streams take turns at R0 and R3, for less code: after three they are where they were.
#define NEXT_STREAM \
	Get R0; Get R1; Set R0; Get R2; Set R1; Set R2 \
	Get R3; Get R4; Set R3; Get R5; Set R4; Set R5

// V15 is by how many scales codes are above the weights. R10 counts streams.
#define TERNARY(PLANES, bytes, ones) \
	I64Load step+0(FP); I32WrapI64; F32Load $(streamStep_by); F32x4Splat; Set V15 \
	ARGUMENTS \
	Loop \
		TABLES \
		Get R8; I32WrapI64; I32Load16U $0; I32Const $(ones); I32Mul; I16x8Splat; Set V12 \
		Get R7; I32WrapI64; F32Load $0; F32x4Splat; Set V13 \
		Get R7; I32WrapI64; F32Load $4; F32x4Splat; Set V14 \
		I64Const $3; Set R10 \
		Loop \
			PLANES(R0) \
			SCALE_TIMES(bytes-32) \
			NEXT_STREAM \
			Get R10; I64Const $1; I64Sub; Tee R10; I64Eqz; I32Eqz; BrIf $0 \
		End \
		NEXT_GROUP(I64Const $(bytes), 2) \
	End \
	RET

// Adds to the bounds of four rows: y += ((sum + term)*d)*threshold.
#define ADD_BOUNDED(rows, at, block, scales, sum, EXTEND) \
	Get rows; I64Const $(at); I64Add; I32WrapI64 \
	LOAD(rows, at) \
	Get sum; EXTEND; F32x4ConvertI32x4S; Get V12; F32x4Add \
	HALF(block, scales, EXTEND); F32x4Mul; Get V13; F32x4Mul; F32x4Add \
	V128Store $0

#define BOUND(rows, block) \
	Get V9; Get V10; I32Const $8; I16x8Shl; I16x8Sub; Set V9 \
	ADD_BOUNDED(rows, 0, block, 512, V9, I32x4ExtendLowI16x8U) \
	ADD_BOUNDED(rows, 16, block, 512, V9, I32x4ExtendHighI16x8U) \
	ADD_BOUNDED(rows, 32, block, 528, V10, I32x4ExtendLowI16x8U) \
	ADD_BOUNDED(rows, 48, block, 528, V10, I32x4ExtendHighI16x8U)

#define TOP2(block) \
	PLANES2(block) \
	PLANE2(block, 256) \
	PLANE2(block, 320)

#define TOP4(block) \
	PLANES4(block) \
	PLANE4(block, 256) \
	PLANE4(block, 320)

// V12 is the group's term, V13 its threshold.
#define UPPER_BOUNDS(PLANES) \
	ARGUMENTS \
	Loop \
		TABLES \
		Get R8; I32WrapI64; F32Load $0; F32x4Splat; Set V12 \
		Get R7; I32WrapI64; F32Load $0; F32x4Splat; Set V13 \
		PLANES(R0) \
		BOUND(R3, R0) \
		PLANES(R1) \
		BOUND(R4, R1) \
		PLANES(R2) \
		BOUND(R5, R2) \
		NEXT_GROUP(I64Const $544, 4) \
	End \
	RET

// func upperBoundsBy2(step *streamStep)
TEXT ·upperBoundsBy2(SB), NOSPLIT, $0-8
	UPPER_BOUNDS(TOP2)

// func upperBoundsBy4(step *streamStep)
TEXT ·upperBoundsBy4(SB), NOSPLIT, $0-8
	UPPER_BOUNDS(TOP4)

// func ternary2By2(step *streamStep)
TEXT ·ternary2By2(SB), NOSPLIT, $0-8
	TERNARY(TWO_PLANES2, 160, 3)

// func ternary2By4(step *streamStep)
TEXT ·ternary2By4(SB), NOSPLIT, $0-8
	TERNARY(TWO_PLANES4, 160, 3)

// func ternary3By2(step *streamStep)
TEXT ·ternary3By2(SB), NOSPLIT, $0-8
	TERNARY(THREE_PLANES2, 224, 7)

// func ternary3By4(step *streamStep)
TEXT ·ternary3By4(SB), NOSPLIT, $0-8
	TERNARY(THREE_PLANES4, 224, 7)
