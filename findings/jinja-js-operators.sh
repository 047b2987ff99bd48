#!/usr/bin/env bash
# Comparisons and remainders of chat templates differ between Python's Jinja and @huggingface/jinja.
#
# Version:  @huggingface/jinja 0.5.11 (npm) beside Jinja2 3.1.6 (Python)
# Expected: a small interpreter lacks filters and says so; the operators that it has are Python's
# Seen:     == is JavaScript's loose one, so the text '1' is the number 1; lists are equal only to
#           themselves; // rounds down as in Python and % rounds to zero as in JavaScript, so
#           that a // b * b + a % b is not a
# So what:  a template's test of a list or of a flag given as text takes the other branch
# Needs:    node, npm, python3
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

npm install --ignore-scripts --no-audit --no-fund --silent @huggingface/jinja@0.5.11
export PYTHONPATH=$dir/python
python3 -m pip install --quiet --disable-pip-version-check --target python jinja2==3.1.6
cat >templates.json <<'EOF'
["{{ 1 if '1' == 1 else 0 }}", "{{ 1 if [1] == [1] else 0 }}",
 "{{ 1 if {'a': 1} == {'a': 1} else 0 }}",
 "{{ -7 // 2 }}", "{{ -7 % 2 }}", "{{ -7 // 2 * 2 + -7 % 2 }}"]
EOF
cat >python.py <<'EOF'
import json

import jinja2

templates = json.load(open("templates.json"))
json.dump([jinja2.Template(t).render() for t in templates], open("python.json", "w"))
EOF
python3 python.py
cat >javascript.mjs <<'EOF'
import fs from 'node:fs';
import { Template } from '@huggingface/jinja';

const python = JSON.parse(fs.readFileSync('python.json', 'utf8'));
JSON.parse(fs.readFileSync('templates.json', 'utf8')).forEach((text, i) => {
  console.log(`${text}  Python ${python[i]}, JavaScript ${new Template(text).render({})}`);
});
EOF
node javascript.mjs | tee seen

diff - seen <<'EOF'
{{ 1 if '1' == 1 else 0 }}  Python 0, JavaScript 1
{{ 1 if [1] == [1] else 0 }}  Python 1, JavaScript 0
{{ 1 if {'a': 1} == {'a': 1} else 0 }}  Python 1, JavaScript 0
{{ -7 // 2 }}  Python -4, JavaScript -4
{{ -7 % 2 }}  Python 1, JavaScript -1
{{ -7 // 2 * 2 + -7 % 2 }}  Python -7, JavaScript -9
EOF
