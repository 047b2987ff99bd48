#!/bin/sh
# disk.sh MB FOLDER...: says so, and fails, where less than MB are free in one of the folders, the
# temporary one and Go's caches. To be asked after something failed: most tools say little when a
# disk is full.
set -uf
need=$1
shift
IFS='
'
for folder in "$@" "${TMPDIR:-/tmp}" $(go env GOCACHE GOMODCACHE 2>/dev/null); do
  [ -d "$folder" ] || continue
  free=$(df -Pk "$folder" | awk 'NR == 2 { print int($4 / 1024) }')
  [ "${free:-$need}" -ge "$need" ] && continue
  echo "make: only $free MB are free in $folder: make room for $need MB there," \
    "then run make again." >&2
  exit 1
done
