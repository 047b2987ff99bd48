#!/bin/sh
# npm.sh FOLDER [OPTION...]: installs the packages of FOLDER/package-lock.json there. Nothing that a
# package brings is run.
set -u
folder=$1
shift
npm ci --prefix "$folder" --ignore-scripts --no-audit --no-fund --loglevel=error "$@" && exit
tools/setup/disk.sh 300 "$folder" || exit 1
lock=$folder/package-lock.json
echo "make: npm could not install the packages of ${lock#./}: check the network," \
  "then run make again." >&2
exit 1
