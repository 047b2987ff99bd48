#!/usr/bin/env bash
# Python's gguf package loses empty arrays on writing and the structure of nested ones on reading.
#
# Version:  gguf 0.19.0
# Expected: what add_array was given is what GGUFReader's contents() gives back, or an error;
#           the format has arrays of length 0 and arrays of arrays
# Seen:     a key with an empty array is left out of the file without a word; [[1, 2], [3]] is
#           written as it should be and read back as [1, 2, 3]
# So what:  "no merges" and "a file without the key merges" cannot be told apart; lists of
#           lists need a reader of one's own
# Needs:    python3
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

export PYTHONPATH=$dir/python
python3 -m pip install --quiet --disable-pip-version-check --target python gguf==0.19.0 numpy==2.4.6
python3 - <<'EOF' | tee seen
import gguf

writer = gguf.GGUFWriter("file.gguf", "none")
for name, value in (("flat", [1, 2, 3]), ("nested", [[1, 2], [3]]), ("empty", [])):
    writer.add_array(name, value)
writer.write_header_to_file()
writer.write_kv_data_to_file()
writer.write_tensors_to_file()
writer.close()

fields = gguf.GGUFReader("file.gguf").fields
for name in ("flat", "nested", "empty"):
    print(name, fields[name].contents() if name in fields else "is not in the file")
data = open("file.gguf", "rb").read()
print("the inner arrays are in the file:", data.count((2).to_bytes(8, "little") +
      (1).to_bytes(4, "little") + (2).to_bytes(4, "little")) == 1)
EOF

diff - seen <<'EOF'
flat [1, 2, 3]
nested [1, 2, 3]
empty is not in the file
the inner arrays are in the file: True
EOF
