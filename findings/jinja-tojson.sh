#!/usr/bin/env bash
# Jinja's own tojson filter sorts the names of objects and escapes what HTML would misread.
#
# Version:  Jinja2 3.1.6 (Python) beside @huggingface/jinja 0.5.11 (npm)
# Expected: tojson is json.dumps, with names in the order given
# Seen:     names in order of the alphabet, < > & ' as \u003c and so on, letters beyond ASCII
#           escaped; JavaScript's filter of the same name does none of this
# So what:  a chat template with {{ tools | tojson }} gives a model that was trained on the
#           other spelling an unusual prompt: whoever renders chat templates with plain Jinja
#           has to bring a tojson of their own
# Needs:    node, npm, python3
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

npm install --ignore-scripts --no-audit --no-fund --silent @huggingface/jinja@0.5.11
export PYTHONPATH=$dir/python
python3 -m pip install --quiet --disable-pip-version-check --target python jinja2==3.1.6
cat >tool.json <<'EOF'
{"type": "function", "name": "größe", "description": "a < b"}
EOF
cat >python.py <<'EOF'
import json

import jinja2

tool = json.load(open("tool.json"))
print("Python", jinja2.Template("{{ tool | tojson }}").render(tool=tool))
EOF
cat >javascript.mjs <<'EOF'
import fs from 'node:fs';
import { Template } from '@huggingface/jinja';

const tool = JSON.parse(fs.readFileSync('tool.json', 'utf8'));
console.log('JavaScript', new Template('{{ tool | tojson }}').render({ tool }));
EOF
{
	python3 python.py
	node javascript.mjs
} | tee seen

diff - seen <<'EOF'
Python {"description": "a \u003c b", "name": "gr\u00f6\u00dfe", "type": "function"}
JavaScript {"type": "function", "name": "größe", "description": "a < b"}
EOF
