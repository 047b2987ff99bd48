//go:build goexperiment.simd

#include "textflag.h"

// Sums of the products of two columns each, in 16 bits: codes V8 (0 to 15) and k (-60 to 60).
// tools/relax knows these instructions to the byte, and makes one of them,
// i16x8.relaxed_dot_i8x16_i7x16_s. They begin with k: behind Set V8 the assembler would make a Tee
// of Get V8.
#define PAIRS(k) \
	Get k; I32Const $8; I16x8Shl; I32Const $8; I16x8ShrS \
	Get V8; I32Const $8; I16x8Shl; I32Const $8; I16x8ShrU; I16x8Mul \
	Get V8; I32Const $8; I16x8ShrU \
	Get k; I32Const $8; I16x8ShrS; I16x8Mul \
	I16x8Add

// Adds them in 16 bits, which hold half of a group.
#define ADD16(k, sum) PAIRS(k); Get sum; I16x8Add; Set sum

// Adds the products of four columns each. Of all this tools/relax makes one instruction too,
// i32x4.relaxed_dot_i8x16_i7x16_add_s.
#define ADD32(k, sum) PAIRS(k); I32x4ExtaddPairwiseI16x8S; Get sum; I32x4Add; Set sum

#define ROWS(at, ADD, sum0, sum1) \
	Get R0; I32WrapI64; V128Load $(at); Set V8 \
	ADD(V9, sum0) \
	ADD(V10, sum1)

// Four columns of 16 rows.
#define COLUMNS(quad, ADD) \
	Get R2; I32WrapI64; I32Load $(4*quad); I32x4Splat; Set V9 \
	Get R5; I32WrapI64; I32Load $(4*quad); I32x4Splat; Set V10 \
	ROWS(64*quad, ADD, V0, V4) \
	ROWS(64*quad+16, ADD, V1, V5) \
	ROWS(64*quad+32, ADD, V2, V6) \
	ROWS(64*quad+48, ADD, V3, V7)

#define GROUP(ADD) \
	COLUMNS(0, ADD) \
	COLUMNS(1, ADD) \
	COLUMNS(2, ADD) \
	COLUMNS(3, ADD) \
	COLUMNS(4, ADD) \
	COLUMNS(5, ADD) \
	COLUMNS(6, ADD) \
	COLUMNS(7, ADD)

// Adds a group to four rows of a token: y += (sum*d)*threshold, then y -= n*groupSum.
// V128Store takes no offset here: the assembler drops it.
#define SCALE(y, at, sum, threshold, groupSum) \
	Get y; I64Const $(at); I64Add; I32WrapI64 \
	Get y; I32WrapI64; V128Load $(at) \
	Get sum; F32x4ConvertI32x4S; Get V8; F32x4Mul; Get threshold; F32x4Mul; F32x4Add \
	Get V9; Get groupSum; F32x4Mul; F32x4Sub \
	V128Store $0

#define SCALES(at, sum0, sum1) \
	Get R0; I32WrapI64; V128Load $(512+at); Set V8 \
	Get R0; I32WrapI64; V128Load $(576+at); Set V9 \
	SCALE(R1, at, sum0, V10, V11) \
	SCALE(R4, at, sum1, V12, V13)

#define SCALE_ALL \
	Get R3; I32WrapI64; F32Load $0; F32x4Splat; Set V10 \
	Get R3; I32WrapI64; F32Load $4; F32x4Splat; Set V11 \
	Get R6; I32WrapI64; F32Load $0; F32x4Splat; Set V12 \
	Get R6; I32WrapI64; F32Load $4; F32x4Splat; Set V13 \
	SCALES(0, V0, V4) \
	SCALES(16, V1, V5) \
	SCALES(32, V2, V6) \
	SCALES(48, V3, V7)

#define ZERO(sum) V128Const $0, $0; Set sum

#define ZERO_ALL \
	ZERO(V0); ZERO(V1); ZERO(V2); ZERO(V3); ZERO(V4); ZERO(V5); ZERO(V6); ZERO(V7)

#define WIDEN(sum) Get sum; I32x4ExtaddPairwiseI16x8S; Set sum

#define WIDEN_ALL \
	WIDEN(V0); WIDEN(V1); WIDEN(V2); WIDEN(V3); WIDEN(V4); WIDEN(V5); WIDEN(V6); WIDEN(V7)

#define NEXT(p, bytes) Get p; I64Const $(bytes); I64Add; Set p

// R11 is where the next tokens are, R12 pairs of them left; R13, R14 and R15 are how far their rows,
// codes and scales begin behind what they point to.
#define BEGIN \
	I64Load tokens+8(FP); Set R11 \
	I64Load pairs+16(FP); Set R12 \
	I64Load tile+24(FP); I64Const $6; I64Shl; Set R13 \
	I64Load first+32(FP); I64Const $5; I64Shl; Set R14 \
	I64Load first+32(FP); I64Const $3; I64Shl; Set R15

#define POINTER(at, behind, p) Get R11; I32WrapI64; I64Load $(at); Get behind; I64Add; Set p

// Sets R0 to the blocks, R1 to R3 to rows, codes and scales of the first token, R4 to R6 to those of
// the second, R7 to the groups.
#define PAIR \
	I64Load blocks+0(FP); Set R0 \
	I64Load groups+40(FP); Set R7 \
	POINTER(0, R13, R1) \
	POINTER(8, R14, R2) \
	POINTER(16, R15, R3) \
	POINTER(24, R13, R4) \
	POINTER(32, R14, R5) \
	POINTER(40, R15, R6) \
	NEXT(R11, 48)

// Goes to the beginning of the innermost loop unless that was the last.
#define AGAIN(count) Get count; I64Const $1; I64Sub; Tee count; I64Eqz; I32Eqz; BrIf $0

#define NEXT_GROUP \
	NEXT(R0, 640) \
	NEXT(R2, 32) \
	NEXT(R3, 8) \
	NEXT(R5, 32) \
	NEXT(R6, 8)

// func addDots16(blocks, tokens unsafe.Pointer, pairs, tile, first, groups uintptr)
TEXT ·addDots16(SB), NOSPLIT, $0-48
	BEGIN
	Loop
		PAIR
		Loop
			ZERO_ALL
			GROUP(ADD16)
			WIDEN_ALL
			SCALE_ALL
			NEXT_GROUP
			AGAIN(R7)
		End
		AGAIN(R12)
	End
	RET

// func addDots32(blocks, tokens unsafe.Pointer, pairs, tile, first, groups uintptr)
TEXT ·addDots32(SB), NOSPLIT, $0-48
	BEGIN
	Loop
		PAIR
		Loop
			ZERO_ALL
			GROUP(ADD32)
			SCALE_ALL
			NEXT_GROUP
			AGAIN(R7)
		End
		AGAIN(R12)
	End
	RET
