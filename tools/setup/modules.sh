#!/bin/sh
# modules.sh: fetches the Go modules of go.sum.
go mod download && exit
tools/setup/disk.sh 300 || exit 1
echo "make: the Go modules of go.sum could not be fetched: check the network," \
  "then run make again." >&2
exit 1
