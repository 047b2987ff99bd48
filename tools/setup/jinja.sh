#!/bin/sh
# jinja.sh FOLDER: installs Jinja2, which executes the chat templates of models that are packed,
# into FOLDER. It appears whole.
set -eu
folder=$1
tools/setup/need.sh python3
mkdir -p "$(dirname "$folder")"
rm -rf "$folder.new" # of a run that was killed
echo "Installing Jinja2, which reads chat templates"
export PIP_ROOT_USER_ACTION=ignore PIP_DISABLE_PIP_VERSION_CHECK=1
if ! python3 -m pip install --quiet --no-deps --require-hashes --only-binary :all: \
  --target "$folder.new" -r tools/pack/jinja/requirements.txt; then
  rm -rf "$folder.new"
  tools/setup/disk.sh 300 "$(dirname "$folder")" || exit 1
  echo "make: Jinja2 could not be installed: check the network and that" \
    "\"python3 -m pip\" works, then run make again." >&2
  exit 1
fi
rm -rf "$folder"
mv "$folder.new" "$folder"
