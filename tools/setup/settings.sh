#!/bin/sh
# settings.sh: checks $PORT and $MODEL, where they are set.
set -eu
fail() { echo "make: $1." >&2; exit 1; }
case ${PORT:-0} in
  *[!0-9]* | ??????*) port=65536 ;;
  *) port=${PORT:-0} ;;
esac
[ "$port" -le 65535 ] || fail "PORT= is to be a number from 0 to 65535"
if [ -n "${MODEL:-}" ]; then
  if [ -d "$MODEL" ]; then
    files=$(tools/setup/own-files.sh)
    [ "$files" ] || fail "MODEL= is a folder without GGUF files"
    printf '%s\n' "$files" | while IFS= read -r file; do
      MODEL=$file tools/setup/model-name.sh >/dev/null
    done
  else
    tools/setup/model-name.sh >/dev/null
    [ -f "$MODEL" ] || fail "MODEL= is to be the path of a GGUF file or a folder: there is no file"
  fi
fi
