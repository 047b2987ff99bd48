//go:build goexperiment.simd

#include "textflag.h"

// Four rows of two columns, times the codes of two tokens.
#define ROWS(at, sum0, sum1) \
	Get R8; I32WrapI64; V128Load $(at); Set V8 \
	Get V8; Get V9; I32x4DotI16x8S; Get sum0; I32x4Add; Set sum0 \
	Get V8; Get V10; I32x4DotI16x8S; Get sum1; I32x4Add; Set sum1

// Two columns of 16 rows: their codes at R8+at, those of the tokens at k. Bits are no numbers here,
// though they are loaded as such: for those JSC has one instruction less.
#define COLUMNS(k, at) \
	Get R2; I32WrapI64; F32Load $(k); F32x4Splat; Set V9 \
	Get R5; I32WrapI64; F32Load $(k); F32x4Splat; Set V10 \
	ROWS(at, V0, V4) \
	ROWS(at+16, V1, V5) \
	ROWS(at+32, V2, V6) \
	ROWS(at+48, V3, V7)

// Four columns: 0 and 2, then 1 and 3.
#define QUAD(i) \
	COLUMNS(4*i, 128*i) \
	COLUMNS(32+4*i, 128*i+64)

#define GROUP \
	QUAD(0) \
	QUAD(1) \
	QUAD(2) \
	QUAD(3) \
	QUAD(4) \
	QUAD(5) \
	QUAD(6) \
	QUAD(7)

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

#define NEXT(p, bytes) Get p; I64Const $(bytes); I64Add; Set p

#define POINTER(at, behind, p) Get R11; I32WrapI64; I64Load $(at); Get behind; I64Add; Set p

// R0 is the blocks, R8 their codes, spread; R1 to R3 are rows, codes and scales of the first token,
// R4 to R6 those of the second, R7 the groups left. R11 is where the next tokens are, R12 pairs of
// them left; R13, R14 and R15 are how far their rows, codes and scales begin behind what they point
// to.
//
// func addSpreadDots(blocks, codes, tokens unsafe.Pointer, pairs, tile, first, groups uintptr)
TEXT ·addSpreadDots(SB), NOSPLIT, $0-56
	I64Load tokens+16(FP); Set R11
	I64Load pairs+24(FP); Set R12
	I64Load tile+32(FP); I64Const $6; I64Shl; Set R13
	I64Load first+40(FP); I64Const $6; I64Shl; Set R14
	I64Load first+40(FP); I64Const $3; I64Shl; Set R15
	Loop
		I64Load blocks+0(FP); Set R0
		I64Load codes+8(FP); Set R8
		I64Load groups+48(FP); Set R7
		POINTER(0, R13, R1)
		POINTER(8, R14, R2)
		POINTER(16, R15, R3)
		POINTER(24, R13, R4)
		POINTER(32, R14, R5)
		POINTER(40, R15, R6)
		NEXT(R11, 48)
		Loop
			ZERO_ALL
			GROUP
			SCALE_ALL
			NEXT(R0, 640)
			NEXT(R8, 1024)
			NEXT(R2, 64)
			NEXT(R3, 8)
			NEXT(R5, 64)
			NEXT(R6, 8)
			Get R7; I64Const $1; I64Sub; Tee R7; I64Eqz; I32Eqz; BrIf $0
		End
		Get R12; I64Const $1; I64Sub; Tee R12; I64Eqz; I32Eqz; BrIf $0
	End
	RET
