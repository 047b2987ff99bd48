#!/bin/sh
# size.sh: bytes of what a visitor downloads before the model. One visitor gets one engine, most
# often the relaxed one, and all modules that the first screen needs. Fails above the limit, and
# where a part of the page is above its own.
set -eu
# 1,316,000 for one model. Architectures, tokenizers, chats and types of others take the rest.
limit=1373000
# What a page of another site loads before its reader has asked for anything: 3 kB of 1,024 bytes.
embed_limit=3072
total=0
modules=$(node tools/setup/web-imports.mjs --loaded)
for file in dist/*.wasm dist/wasm_exec.js $(printf 'dist/%s\n' $modules); do
  packed=$(gzip -9 -c "$file" | wc -c)
  printf '%9d raw %9d gzip  %s\n' "$(wc -c <"$file")" "$packed" "$file"
  case $file in
    dist/spikechat.wasm | dist/spikechat-simd.wasm) ;;
    *) total=$((total + packed)) ;;
  esac
done
# part NAME LIMIT FILE...: what the page loads of itself at once, or later.
part() {
  name=$1 most=$2 bytes=0
  shift 2
  for file; do bytes=$((bytes + $(gzip -9 -c "dist/$file" | wc -c))); done
  printf '%9d gzip, at most %d: %s\n' $bytes "$most" "$name"
  if [ $bytes -gt "$most" ]; then
    echo "make: the part of the page for $name has $bytes bytes with gzip, at most $most." >&2
    exit 1
  fi
}
later() { node tools/setup/web-imports.mjs --later "$1"; }
# 80 kB of 1,024 bytes.
part 'the first screen and the engine' 81920 $modules
part 'the picture, after the first screen, its table and its files' 20480 \
  $(later spike-heatmap.js) heatmap/table.js heatmap/csv.js heatmap/image.js
part 'answers, while the model loads' 24000 $(later chat/answer-kit.js) \
  vendor/streaming-markdown.js
part 'looking into neurons' 22000 $(later neurons/look.js)
part 'comparing answers, and damage' 14000 $(later compare/view.js) chat/comparing.js \
  compare/compare.css
part 'other chats, files and links' 18000 $(later chat/chats.js)
part 'the recording, after the first screen' 10240 recording/recording.json \
  $(later recording/card.js)
part 'the tour, beside what looking into neurons has' 8192 tour/tour.css \
  $(later tour/tour.js | grep '^tour/')
part 'the shelf of models, with its English words' 12000 $(later shelf/shelf.js) \
  words/shelf/en.js
part 'packing a file, without its engine' 12000 $(later packing/worker.js) packing/templates.js
part 'the engines of chat templates' 418000 vendor/jinja.js vendor/minijinja.js \
  vendor/minijinja_js_bg.wasm
# 1,605,000 and 3 %.
part 'the engine of packing' 1905000 packing/packer.wasm
for language in ja zh de es ar; do
  part "the words in $language" 14000 words/$language.js
done
if [ $total -gt $limit ]; then
  echo "make: one visitor downloads $total bytes of code with gzip, at most $limit:" \
    "see what a change has brought in with go list -deps ./wasm." >&2
  exit 1
fi
echo "One visitor downloads $total bytes of code with gzip, of at most $limit"
# As a server packs it: gzip would add the name of a file.
embed=$(gzip -9 -c <dist/embed.js | wc -c)
if [ "$embed" -gt $embed_limit ]; then
  echo "make: embed.js has $embed bytes with gzip, at most $embed_limit." >&2
  exit 1
fi
echo "embed.js has $embed bytes with gzip, of at most $embed_limit"
