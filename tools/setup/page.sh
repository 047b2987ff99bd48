#!/bin/sh
# page.sh: copies the page into dist/: web/ without its tests, and the packages that it imports with
# their licences. embed.js, which lies in the pages of others, is made small; security.txt gets its
# date. What an earlier copy put there and is not wanted any more is removed: build/page.txt lists
# what was copied.
set -eu
list=build/page.txt
mkdir -p build dist/vendor
(
  cd web && find . \( -name test -o -name vendor \) -prune -o -type f -print | sed 's,^\./,,'
  echo vendor/streaming-markdown.js
  echo vendor/streaming-markdown.LICENSE.txt
) | LC_ALL=C sort >$list.new
if [ -e $list ]; then
  LC_ALL=C comm -23 $list $list.new | while read -r gone; do rm -f "dist/$gone"; done
fi
while read -r file; do
  case $file in
    vendor/streaming-markdown.js) from=node_modules/streaming-markdown/smd.min.js ;;
    vendor/streaming-markdown.LICENSE.txt) from=node_modules/streaming-markdown/license ;;
    *) from=web/$file ;;
  esac
  case $file in */*) mkdir -p "dist/${file%/*}" ;; esac
  if [ "$file" = embed.js ]; then
    node node_modules/terser/bin/terser "$from" --module --compress passes=3 --mangle --ecma 2022 \
      --output "dist/$file"
  else
    cp "$from" "dist/$file"
  fi
done <$list.new
node tools/setup/security-txt.mjs dist
mv $list.new $list
