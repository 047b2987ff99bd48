#!/bin/sh
# bench.sh NAME: runs bench/NAME.mjs in Chromium, or in three browsers. The words of $BENCH,
# $PROFILE, $PEER, $SHAPES, $ACTIVITY, $THREADS, $FIRST or $DISK are its options.
set -euf
browser=chromium
case $1 in
  page) options=${BENCH:-} ;;
  profile) options=${PROFILE:-} ;;
  activity) options=${ACTIVITY:-} ;;
  threads) options=${THREADS:-} ;;
  first-token) options=${FIRST:-} ;;
  peers/shapes) options=${SHAPES:-} ;;
  disk) options=${DISK:-} browser=engines ;;
  peers/main) options=${PEER:-} browser=engines ;;
esac
# shellcheck disable=SC2086 # words, without the names of files
exec "tools/setup/in-$browser.sh" "bench/$1.mjs" $options
