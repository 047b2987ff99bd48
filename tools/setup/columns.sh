#!/bin/sh
# columns.sh: no line of Go, JavaScript, shell, Makefile or Markdown that git tracks is longer than
# 100 characters; a tab counts as one. Tables and addresses cannot be wrapped; testdata, lock files
# and generated code are as their programs write them. Prints each line that is too long and how to
# mend it, and fails; with -count it prints how many there are by folder.
set -eu
lines() {
  git ls-files '*.go' '*.js' '*.mjs' '*.sh' '*.md' Makefile .ci/run |
    grep -vE '/testdata/|^web/embed\.v1\.js$' |
    while read -r file; do
      [ -e "$file" ] || continue
      head -n 5 "$file" | grep -qE '^// Code generated .* DO NOT EDIT\.$' && continue
      # In bytes, so without those that continue a character of UTF-8.
      LC_ALL=C awk -v file="$file" '
        { characters = $0; gsub(/[\200-\277]/, "", characters) }
        length(characters) <= 100 { next }
        file ~ /\.md$/ && /^[ >]*\|/ { next }
        /https?:\/\/[^ ]*/ { gsub(/https?:\/\/[^ )]*/, "", characters) }
        length(characters) > 100 { print file ":" FNR ": " length(characters) " characters" }
      ' "$file"
    done
}
found=$(lines)
[ -n "$found" ] || exit 0
if [ "${1:-}" = -count ]; then
  echo "$found" | sed -E 's,/[^/]*:.*,,; s,^[^/]*:.*,.,' | sort | uniq -c
else
  echo "$found" >&2
  echo "make: break the lines above by hand, so that each has at most 100 columns." >&2
fi
exit 1
