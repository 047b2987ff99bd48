#!/bin/sh
# webkit.sh: makes sure that WebKitGTK's driver and browser are there, and what gives them a screen
# and a bus: those on the PATH, or Debian's, installed now.
set -eu
missing() {
  for tool in WebKitWebDriver xvfb-run xauth dbus-run-session; do
    command -v "$tool" >/dev/null || { echo "$tool"; return; }
  done
}
[ -z "$(missing)" ] && exit 0
"${0%/*}/debian.sh" "$(missing)" '' webkit2gtk-driver xvfb xauth dbus-x11
