#!/usr/bin/env bash
# One tokenizer.json gives other tokens in JavaScript than in Python where text has other digits.
#
# Version:  @huggingface/tokenizers 0.2.0 (npm) beside tokenizers 0.23.3 (Python)
# Expected: the two, of one publisher, read the same file and give the same tokens
# Seen:     the Digits pre-tokenizer takes every numeric character for a digit in Python and
#           ASCII's ten alone in JavaScript, so superscripts, fractions and the digits of other
#           scripts stay together there and merge into tokens that Python never makes
# So what:  models with Digits, SmolLM's among them, see another prompt in the browser
# Needs:    node, npm, python3
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

npm install --ignore-scripts --no-audit --no-fund --silent @huggingface/tokenizers@0.2.0
export PYTHONPATH=$dir/python
python3 -m pip install --quiet --disable-pip-version-check --target python tokenizers==0.23.3
cat >python.py <<'EOF'
import json

from tokenizers import Tokenizer, models, pre_tokenizers

texts = ["12", "x²³", "½¼", "١٢"]
letters = sorted(pre_tokenizers.ByteLevel.alphabet())
vocabulary = {letter: i for i, letter in enumerate(letters)}
merges = []
# Merges that put any text of the list together, one byte after the other, unless it is split.
for text in texts:
    spelt = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    [(spelt, _)] = spelt.pre_tokenize_str(text)
    for start in range(len(spelt)):
        for end in range(start + 1, len(spelt)):
            pair = (spelt[start:end], spelt[end])
            if pair not in merges:
                merges.append(pair)
                vocabulary.setdefault("".join(pair), len(vocabulary))
tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=merges))
tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
    pre_tokenizers.Digits(individual_digits=True),
    pre_tokenizers.ByteLevel(add_prefix_space=False),
])
tokenizer.save("tokenizer.json")
json.dump([[text, len(tokenizer.encode(text).ids)] for text in texts], open("python.json", "w"))
EOF
python3 python.py
cat >javascript.mjs <<'EOF'
import fs from 'node:fs';
import { Tokenizer } from '@huggingface/tokenizers';

const tokenizer = new Tokenizer(JSON.parse(fs.readFileSync('tokenizer.json', 'utf8')), {});
for (const [text, count] of JSON.parse(fs.readFileSync('python.json', 'utf8'))) {
  const inJavaScript = tokenizer.encode(text).ids.length;
  console.log(`${text}: ${count} tokens in Python, ${inJavaScript} in JavaScript`);
}
EOF
node javascript.mjs | tee seen

diff - seen <<'EOF'
12: 2 tokens in Python, 2 in JavaScript
x²³: 3 tokens in Python, 2 in JavaScript
½¼: 2 tokens in Python, 1 in JavaScript
١٢: 2 tokens in Python, 1 in JavaScript
EOF
