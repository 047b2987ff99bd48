#!/bin/sh
# links.sh: every relative link of the documents must lead to a file of the tree. Prints each that
# does not, and fails.
set -u
find . \( -name .git -o -name node_modules -o -name build -o -name dist \) -prune \
  -o -name '*.md' -print | sort | {
  bad=0
  while read -r doc; do
    for link in $(grep -oE '\]\([^)[:space:]]+' "$doc" | cut -c3-); do
      case $link in
        '#'* | [a-z]*:*) continue ;; # inside the document, or an address elsewhere
      esac
      [ -e "$(dirname "$doc")/${link%%#*}" ] && continue
      echo "$doc: no file at $link" >&2
      bad=1
    done
  done
  exit $bad
}
