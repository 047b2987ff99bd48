#!/bin/sh
# model-name.sh: checks the name that the model of $MODEL will have, and prints it: that of the file
# without folder and ending. It becomes part of a path and of an address, and must not be that of a
# model of the site.
set -eu
LC_ALL=C
export LC_ALL
name=${MODEL:-}
name=${name##*/}
name=${name%.*}
# A model in parts is called by what they have in common.
case $name in
  *-[0-9][0-9][0-9][0-9][0-9]-of-[0-9][0-9][0-9][0-9][0-9]) name=${name%-*-of-*} ;;
esac
case $name in
  [Tt][Ii][Nn][Yy] | [Ss][Mm][Oo][Ll][Ll][Mm]2-135[Mm]-[Ii][Nn][Ss][Tt][Rr][Uu][Cc][Tt])
    echo "make: the name $name is taken: rename the file of MODEL= first." >&2
    exit 1
    ;;
  '' | [!A-Za-z0-9]* | *[!A-Za-z0-9._-]*)
    echo "make: rename the file of MODEL= to letters, digits, dots and dashes:" \
      "its name becomes part of an address." >&2
    exit 1
    ;;
esac
if [ -e "dist/models/$name" ]; then
  echo "make: the name $name is taken by dist/models/$name:" \
    "remove that folder, or rename the file of MODEL= first." >&2
  exit 1
fi
echo "$name"
