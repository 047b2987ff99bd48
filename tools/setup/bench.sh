#!/bin/sh
# bench.sh NAME: runs bench/NAME.mjs in Chromium. The words of $BENCH, $PROFILE, $PEER or $ACTIVITY
# are its options.
set -euf
case $1 in
  page) options=${BENCH:-} ;;
  profile) options=${PROFILE:-} ;;
  activity) options=${ACTIVITY:-} ;;
  peers/main) options=${PEER:-} ;;
esac
# shellcheck disable=SC2086 # words, without the names of files
exec tools/setup/in-chromium.sh "bench/$1.mjs" $options
