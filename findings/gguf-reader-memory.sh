#!/usr/bin/env bash
# Python's gguf.GGUFReader takes a hundred times a vocabulary's bytes to open a file.
#
# Version:  gguf 0.19.0, numpy 2.4.6, CPython on 64 bits
# Expected: the file is mapped into memory, so opening one costs next to nothing, and an array
#           of n numbers becomes one numpy array
# Seen:     opening makes a numpy array for each element of each array, numbers too: 65,536
#           scores (256 KiB) become 65,536 arrays of one number and tens of MiB. A vocabulary of
#           262,144 tokens with scores, a file of 6 MB, takes 500 MB and seconds
# So what:  a tool that only wants the tensor table of a model should not use GGUFReader
# Needs:    python3
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

export PYTHONPATH=$dir/python
python3 -m pip install --quiet --disable-pip-version-check --target python gguf==0.19.0 numpy==2.4.6
python3 - <<'EOF' | tee seen
import tracemalloc

import gguf

count = 65_536
writer = gguf.GGUFWriter("file.gguf", "none")
writer.add_array("scores", [0.5] * count)
writer.write_header_to_file()
writer.write_kv_data_to_file()
writer.write_tensors_to_file()
writer.close()

tracemalloc.start()
reader = gguf.GGUFReader("file.gguf")
taken, _ = tracemalloc.get_traced_memory()
field = reader.fields["scores"]
print("numbers in the file:", count)
print("numpy arrays made of them:", len(field.data))
print("elements of the last one:", field.parts[-1].size)
print("more than 100 bytes of memory for each byte of the array:", taken > 100 * 4 * count)
EOF

diff - seen <<'EOF'
numbers in the file: 65536
numpy arrays made of them: 65536
elements of the last one: 1
more than 100 bytes of memory for each byte of the array: True
EOF
