#!/usr/bin/env bash
# One tokenizer goes by three versions of Unicode at once, eight years apart.
#
# Version:  tokenizers 0.23.3 (Python)
# Expected: a library has one version of Unicode: what is a number to one part is one to all, and
#           text in normal form C is what it is to Python 3.11 and everything else of today
# Seen:     regular expressions (Oniguruma) know Unicode 16, the pre-tokenizer Digits (Rust) 17, and
#           the normaliser NFC 9: marks of later versions are not put in order, and a letter of
#           Unicode 13 stays in its two parts
# So what:  whoever computes the same ids needs three tables, and a text that was in normal form C
#           before it came gives other tokens than one that was not
# Needs:    python3
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

export PYTHONPATH=$dir/python
python3 -m pip install --quiet --disable-pip-version-check --target python tokenizers==0.23.3
cat >versions.py <<'EOF'
import unicodedata

from tokenizers import Regex, normalizers, pre_tokenizers

digits = pre_tokenizers.Digits(individual_digits=True)
numbers = pre_tokenizers.Split(Regex(r"\p{N}"), "isolated")
for version, c in (15, "\U00011F50"), (16, "\U00010D40"), (17, "\U00011DE0"):
    parts = [len(by.pre_tokenize_str("a" + c)) for by in (digits, numbers)]
    print(f"a digit of Unicode {version}: {parts[0]} pieces by Digits, "
          f"{parts[1]} by a regular expression")

nfc = normalizers.NFC().normalize_str
for version, text in (
    (9, "\u0345\U0001E000"),  # a mark that belongs before the first
    (10, "\u0345\u1DF6"),
    (13, "\U00011935\U00011930"),  # two parts of one letter
):
    same = nfc(text) == unicodedata.normalize("NFC", text)
    print(f"normal form C with Unicode {version}: {'as in Python' if same else 'left as it was'}")
EOF
python3 versions.py | tee seen

diff - seen <<'EOF'
a digit of Unicode 15: 2 pieces by Digits, 2 by a regular expression
a digit of Unicode 16: 2 pieces by Digits, 2 by a regular expression
a digit of Unicode 17: 2 pieces by Digits, 1 by a regular expression
normal form C with Unicode 9: as in Python
normal form C with Unicode 10: left as it was
normal form C with Unicode 13: left as it was
EOF
