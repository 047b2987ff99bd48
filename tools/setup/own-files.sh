#!/bin/sh
# own-files.sh: prints the file of $MODEL; of a folder each GGUF file in it, one a line: of a model
# in parts the first.
set -eu
if [ ! -d "$MODEL" ]; then
  printf '%s\n' "$MODEL"
  exit
fi
case $MODEL in
  *"
"*)
    echo "make: rename the folder of MODEL=: its name has a line feed." >&2
    exit 1
    ;;
esac
for file in "${MODEL%/}"/*.gguf; do
  case $file in
    *"
"*) continue ;; # no model's name
    *-00001-of-[0-9][0-9][0-9][0-9][0-9].gguf) ;;
    *-[0-9][0-9][0-9][0-9][0-9]-of-[0-9][0-9][0-9][0-9][0-9].gguf) continue ;;
  esac
  if [ -f "$file" ]; then printf '%s\n' "$file"; fi
done
