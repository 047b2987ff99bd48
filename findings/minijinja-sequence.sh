#!/usr/bin/env bash
# In MiniJinja a text is no sequence, and neither is a mapping; Jinja says that both are.
#
# Version:  minijinja 3.1.0 beside Jinja2 3.1.6 (Python)
# Expected: tests of one name answer alike, in an engine made to render Jinja's templates: a text
#           and a mapping have a length and can be indexed, so "is sequence" is true
# Seen:     false for both in MiniJinja, though "is iterable" is true there as well; and what is no
#           number is an error in its filter int, where Jinja's gives 0
# So what:  a chat template that asks {% if message.content is sequence %} to tell parts from text
#           takes the other branch: ask for "is string". One that reads a number from a date or a
#           name with |int stops. Neither shows with the other engine alone
# Needs:    python3
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
export PYTHONPATH=$dir/python
python3 -m pip install --quiet --disable-pip-version-check --target python \
  minijinja==3.1.0 jinja2==3.1.6

python3 - <<'EOF' | tee seen
import jinja2
import minijinja

values = {"text": "Hello", "mapping": {"a": 1}, "parts": [1]}
engines = {
    "Jinja": lambda template: jinja2.Template(template).render(values),
    "MiniJinja": lambda template: minijinja.Environment().render_str(template, **values),
}
for engine, render in engines.items():
    for value in values:
        tests = [f"{test} {render('{{ ' + value + ' is ' + test + ' }}').lower()}"
                 for test in ("sequence", "iterable")]
        print(f"{engine}: {value}: {', '.join(tests)}")
    try:
        print(f"{engine}: text|int: {render('{{ text|int }}')}")
    except Exception as error:
        print(f"{engine}: text|int: {str(error).splitlines()[0]}")
EOF

diff - seen <<'EOF'
Jinja: text: sequence true, iterable true
Jinja: mapping: sequence true, iterable true
Jinja: parts: sequence true, iterable true
Jinja: text|int: 0
MiniJinja: text: sequence false, iterable true
MiniJinja: mapping: sequence false, iterable true
MiniJinja: parts: sequence true, iterable true
MiniJinja: text|int: invalid operation: invalid float literal (in <string>:1)
EOF
