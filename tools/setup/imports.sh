#!/bin/sh
# imports.sh: the import rules of ARCHITECTURE.md. Prints each breach and fails.
set -u
bad=0
# only PATTERN WHERE: the import may stand in files whose path matches WHERE alone.
only() {
  found=$(grep -rnE --include='*.go' "^[[:space:]]*([a-z_]+ )?\"$1\"" core tools wasm worker |
    grep -vE "^($2)") && {
    echo "import of $1 outside $2:" >&2
    echo "$found" >&2
    bad=1
  }
}
only 'simd/archsimd' 'core/simd/[a-z0-9_]+_simd\.go|core/simd/lanes_[a-z0-9_]+\.go'
only 'simd' 'nowhere'
only 'syscall/js' 'wasm/|worker/'
only 'github.com/syumai/workers.*' 'worker/'
# Tests alone have these.
for package in core/internal/localteam core/internal/texttest; do
  only "github.com/spikechat/spikechat/$package" '.*_test\.go'
done
only 'github.com/spikechat/spikechat/core/reference' '.*_test\.go|tools/pack/exact/'
only 'github.com/spikechat/spikechat/core/normalform' '.*_test\.go|tools/pack/packer/'
only 'github.com/klauspost/compress/zstd' 'tools/pack/|core/([a-z]+/)?[a-z]+_test\.go'
only 'github.com/x448/float16' 'tools/pack/'
only 'gonum.org/.*' 'tools/eval/|tools/pack/gptq/'
only 'golang.org/x/time/.*' 'tools/faults/'
only 'github.com/spikechat/spikechat/tools/.*' 'tools/'
only 'unsafe' 'core/simd/|core/team/exchange.go|core/tile/store.go|wasm/|tools/pack/wasm/'
only 'github.com/spikechat/spikechat/core/tile' 'core/|tools/'
# Of ours, each package imports itself (in its example) and what stands behind it here.
while read -r package others; do
  grep -nE '"github.com/spikechat/' "$package"/*.go |
    grep -vE "/spikechat/($package$others)\"" >&2 && {
    echo "$package imports of ours only: ${others:-nothing}" >&2
    bad=1
  }
done <<END
core |core/(coding|internal/[a-z]+|planes|reference|sample|simd|team|text|tile)
core/coding |core/internal/request
core/internal/localteam |core/team
core/internal/request
core/internal/splitmix
core/internal/texttest |core/planes
core/normalform
core/planes |core/coding|core/strictjson|core/tile|core/zstd
core/reference |core/planes|core/tile
core/sample |core/internal/request|core/internal/splitmix|core/simd|core/tile
core/simd |core/coding|core/tile
core/strictjson
core/text |core/internal/request|core/internal/texttest|core/normalform|core/planes
core/team
core/tile
core/zstd
END
# What a page is to run as wasm touches no file, process or command line by itself.
libraries=$(ls tools/pack/calibrate/*.go tools/pack/chat/*.go tools/pack/gguf/*.go \
  tools/pack/packer/*.go | grep -v _test.go)
grep -nE '^(import)?[[:space:]]+"(flag|log|os|os/[a-z]+|path/filepath)"' $libraries >&2 && {
  echo "packages beside the command of tools/pack take readers and writers" >&2
  bad=1
}
# Each folder of core has a rule; a generator is a module of its own.
for package in $(find core -name '_*' -prune -o -name '*.go' -exec dirname {} + | sort -u); do
  grep -qE "^$package( |\$)" "$0" || {
    echo "$package has no import rule in $0" >&2
    bad=1
  }
done
# Floats on the token path: of math only what IEEE 754 fixes to the last bit; the rest differs
# between machines, and so do fused, relaxed and estimating vector operations. Comments may name
# them. Those of lanes_arm64.go are integers, and TestNothingIsFused looks at what becomes of them.
token_path=$(ls core/*.go core/coding/*.go core/internal/re*/*.go core/internal/sp*/*.go \
  core/sample/*.go core/simd/*.go core/text/*.go core/tile/*.go wasm/*.go | grep -v _test.go)
exact='Abs|Ceil|Copysign|Float(32|64)(from)?bits|Floor|Inf|IsInf|IsNaN|Ln2'
exact="$exact|Max(Float32|Int[0-9]*|Uint[0-9]*)|NaN|Pi|RoundToEven|Signbit"
exact="$exact|SmallestNonzeroFloat32|Sqrt|Trunc"
if grep -nE '"math/(big|cmplx|rand)|^(import)?[[:space:]]+(\w+|\.) "math"' $token_path >&2 ||
  for file in $token_path; do
    sed 's,//.*,,' "$file" | grep -noE '\bmath\.\w+|\.(Relaxed|MulAdd|MulSub|Reciprocal|FMA)\w*' |
      grep -vE ":math\.($exact)\$" | sed "s,^,$file:,"
  done | grep -vE '^core/simd/lanes_arm64\.go:[0-9]+:\.MulAdd$' >&2; then
  echo "what stands above is not the same in every build; use the functions of core/simd" >&2
  bad=1
fi
# Assembly names no package.
grep -nE 'Relaxed|M(add|ADD|sub|SUB)' core/simd/*.s >&2 && {
  echo "what stands above may round otherwise from machine to machine" >&2
  bad=1
}
exit $bad
