#!/bin/sh
# links.sh: what the documents point to must be there. Prints what is not, and fails:
#   a relative link leads to a file of the tree;
#   a name such as TestHash, FuzzRead or BenchmarkOutput is that of a Go function;
#   what THREATS.md has between ` ` in the last column of a table is such a name, a file, a script
#   of some testdata/script, a target of make, or part of a test's title in web/test ("…" for any
#   text).
set -u
bad=0
miss() {
  echo "$1: $2" >&2
  bad=1
}
documents=$(find . \( -name .git -o -name node_modules -o -name build -o -name dist \) -prune \
  -o -name '*.md' -print | sort)

for document in $documents; do
  for link in $(grep -oE '\]\([^)[:space:]]+' "$document" | cut -c3-); do
    case $link in
      '#'* | [a-z]*:*) continue ;; # inside the document, or an address elsewhere
    esac
    [ -e "$(dirname "$document")/${link%%#*}" ] || miss "$document" "no file at $link"
  done
done

functions=$(find core tools wasm worker -name '*_test.go' -exec \
  sed -nE 's/^func ((Test|Fuzz|Benchmark)[A-Z][A-Za-z0-9_]*)\(.*/\1/p' {} +)
for document in $documents; do
  for name in $(grep -oE '`(Test|Fuzz|Benchmark)[A-Z][A-Za-z0-9_]*`' "$document" | tr -d '`'); do
    echo "$functions" | grep -qx "$name" || miss "$document" "no function $name in the tests"
  done
done

shown=$(sed -nE 's/^\|.*\|([^|]*`[^|]*)\|$/\1/p' THREATS.md | grep -oE '`[^`]+`' | tr -d '`')
while IFS= read -r name; do
  case $name in
    '' | Test* | Fuzz*) continue ;; # those were looked for above
    make\ *) grep -q "^${name#make }:" Makefile && continue ;;
    *.txtar) [ -n "$(find tools worker -path "*/testdata/script/$name")" ] && continue ;;
    */*) [ -e "$name" ] && continue ;;
    *)
      # A title is matched as it is written, but for the dots.
      title=$(printf '%s\n' "$name" | sed 's/[][\.*^$]/\\&/g; s/…/.*/g')
      grep -rq --include='*.js' --include='*.test.mjs' -e "$title" web/test worker/test && continue
      ;;
  esac
  miss THREATS.md "nothing is called $name"
done <<END
$shown
END
exit $bad
