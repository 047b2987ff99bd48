#!/bin/sh
# page.sh: puts the page into dist/: web/ without its tests and examples, and the packages that it
# imports with their licences. Modules lose their comments, security.txt gets its date. What an
# earlier run put there and is not wanted any more is removed: build/page.txt lists what was put.
set -eu
list=build/page.txt
mkdir -p build dist/vendor
(
  cd web
  find . \( -name test -o -name examples -o -name vendor \) -prune -o -type f -print |
    sed 's,^\./,,'
  echo LICENSES.md
  echo vendor/streaming-markdown.js
  echo vendor/streaming-markdown.LICENSE.txt
  for part in core precaching routing strategies; do echo vendor/workbox-$part.js; done
  echo vendor/workbox.LICENSE.txt
  for file in jinja.js jinja.LICENSE.txt minijinja.js minijinja_js_bg.wasm minijinja.LICENSE.txt; do
    echo vendor/$file
  done
) | LC_ALL=C sort >$list.new
if [ -e $list ]; then
  LC_ALL=C comm -23 $list $list.new | while read -r gone; do rm -f "dist/$gone"; done
fi
grep '\.js$' $list.new | grep -v '^vendor/' >build/modules.txt
LC_ALL=C comm -23 $list.new build/modules.txt | while read -r file; do
  case $file in
    LICENSES.md) from=LICENSES.md ;;
    vendor/streaming-markdown.js) from=node_modules/streaming-markdown/smd.min.js ;;
    vendor/streaming-markdown.LICENSE.txt) from=node_modules/streaming-markdown/license ;;
    vendor/workbox.LICENSE.txt) from=node_modules/workbox-core/LICENSE ;;
    vendor/jinja.js) from=node_modules/@huggingface/jinja/dist/index.js ;;
    vendor/jinja.LICENSE.txt) from=node_modules/@huggingface/jinja/LICENSE ;;
    vendor/minijinja.js) from=node_modules/minijinja-js/dist/web/minijinja_js.js ;;
    # By the name that its module has for it, which bundlers look for.
    vendor/minijinja_js_bg.wasm) from=node_modules/minijinja-js/dist/web/minijinja_js_bg.wasm ;;
    # The package names the licence and does not hold it.
    vendor/minijinja.LICENSE.txt) from=node_modules/typescript/LICENSE ;;
    vendor/workbox-*.js)
      part=${file#vendor/} part=${part%.js}
      from=node_modules/$part/build/$part.prod.js
      ;;
    *) from=web/$file ;;
  esac
  case $file in */*) mkdir -p "dist/${file%/*}" ;; esac
  cp "$from" "dist/$file"
done
node tools/setup/page-modules.mjs build/modules.txt
node tools/setup/security-txt.mjs dist
node tools/setup/shell.mjs dist
mv $list.new $list
