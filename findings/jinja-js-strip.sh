#!/usr/bin/env bash
# In @huggingface/jinja strip and its kin take no argument, and break drops what was written.
#
# Version:  @huggingface/jinja 0.5.11 (npm) beside Jinja2 3.1.6 (Python)
# Expected: lstrip('\n') takes line feeds off and leaves blanks; break ends a loop, and what its
#           last turn has written stays. An interpreter that lacks either says so
# Seen:     lstrip('\n') takes all white space off, strip('x') white space in place of x, and what
#           was written in the turn of a break is gone, all without an error
# So what:  chat templates of models that reason have content.split('</think>')[-1].lstrip('\n'):
#           an earlier answer that begins with blanks, such as code, is another prompt than the
#           model was trained on
# Needs:    node, npm, python3
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

npm install --ignore-scripts --no-audit --no-fund --silent @huggingface/jinja@0.5.11
export PYTHONPATH=$dir/python
python3 -m pip install --quiet --disable-pip-version-check --target python jinja2==3.1.6
cat >templates.json <<'EOT'
["[{{ '\n  code'.lstrip('\n') }}]", "[{{ ' xax '.strip('x') }}]", "[{{ 'xax'.strip('x') }}]",
 "[{% for n in [1, 2, 3] %}{{ n }}{% if n == 2 %}{% break %}{% endif %}{% endfor %}]"]
EOT
cat >python.py <<'EOT'
import json

import jinja2

templates = json.load(open("templates.json"))
environment = jinja2.Environment(extensions=["jinja2.ext.loopcontrols"])
json.dump([environment.from_string(t).render() for t in templates], open("python.json", "w"))
EOT
python3 python.py
cat >javascript.mjs <<'EOT'
import fs from 'node:fs';
import { Template } from '@huggingface/jinja';

const python = JSON.parse(fs.readFileSync('python.json', 'utf8'));
JSON.parse(fs.readFileSync('templates.json', 'utf8')).forEach((text, i) => {
  console.log(`Python ${python[i]}, JavaScript ${new Template(text).render({})}`);
});
EOT
node javascript.mjs | tee seen

diff - seen <<'EOT'
Python [  code], JavaScript [code]
Python [ xax ], JavaScript [xax]
Python [a], JavaScript [xax]
Python [12], JavaScript [1]
EOT
