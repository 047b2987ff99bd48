#!/usr/bin/env bash
# Go's simd/archsimd on arm64: a shift by a constant is compiled as one by a variable.
#
# Version:  Go 1.27.3, GOEXPERIMENT=simd, compiled for linux/arm64 beside linux/amd64
# Expected: ShiftAllRight(8) of eight 16-bit lanes is one instruction, as on amd64: arm64 has
#           VUSHR with the amount inside
# Seen:     five on arm64: the amount goes to a general register, from there into a copy of the
#           shifted vector, is spread over a third, and that is what VUSHL shifts by; Shift by a
#           vector of amounts that was loaded is the one VUSHL
# So what:  loops that shift run slower than the same source on amd64 lets expect; bytes that only
#           change places are better moved, InterleaveOdd is one VTRN2
# Needs:    go
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
export GOTOOLCHAIN=go1.27.3 GOEXPERIMENT=simd GOWORK=off GOFLAGS= GOOS=linux

cat >go.mod <<'EOF'
module shift
go 1.27
EOF
cat >shift.go <<'EOF'
package shift

import "simd/archsimd"

func Right(x archsimd.Uint16x8) archsimd.Uint16x8 {
	return x.ShiftAllRight(8)
}
EOF
for arch in amd64 arm64; do
  # What the compiler makes of line 6, without loads, stores and returns.
  GOARCH=$arch go build -gcflags=shift=-S . 2>&1 |
    awk -v arch=$arch '$3 ~ /shift\.go:6\)$/ && $4 ~ /^(MOVD|VMOV|VDUP|VUS|VPS)/ { n = n " " $4 }
      END { print arch ":" n }'
done | tee seen

diff - seen <<'EOF'
amd64: VPSRLW
arm64: MOVD VMOV VMOV VDUP VUSHL
EOF
