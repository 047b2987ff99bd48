#!/bin/sh
# page.sh: copies the page, which is web/ without its tests, into dist/. What an earlier copy put
# there and web/ has no longer is removed: build/page.txt lists what was copied.
set -eu
list=build/page.txt
mkdir -p build dist
(cd web && find . -name test -prune -o -type f -print) | sed 's,^\./,,' | LC_ALL=C sort >$list.new
if [ -e $list ]; then
  LC_ALL=C comm -23 $list $list.new | while read -r gone; do rm -f "dist/$gone"; done
fi
while read -r file; do
  case $file in */*) mkdir -p "dist/${file%/*}" ;; esac
  cp "web/$file" "dist/$file"
done <$list.new
mv $list.new $list
