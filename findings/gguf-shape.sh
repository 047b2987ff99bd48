#!/usr/bin/env bash
# In Python's gguf package a tensor's shape and its data's shape are the reverse of each other.
#
# Version:  gguf 0.19.0
# Expected: tensor.shape is tensor.data.shape, and a quantised tensor's shape counts weights
# Seen:     a matrix added with shape (2, 64) comes back with shape [64, 2] and data of shape
#           (2, 64); quantised to Q8_0 it has shape [64, 2] and data of shape (2, 68), bytes.
#           What one adds as tensor.data.reshape(tensor.shape) is scrambled without an error
# So what:  take names and types from the tensor, and its rows from reversed(tensor.shape)
# Needs:    python3
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

export PYTHONPATH=$dir/python
python3 -m pip install --quiet --disable-pip-version-check --target python gguf==0.19.0 numpy==2.4.6
python3 - <<'EOF' | tee seen
import gguf
import numpy as np

matrix = np.arange(128, dtype=np.float32).reshape(2, 64)
q8 = gguf.GGMLQuantizationType.Q8_0
writer = gguf.GGUFWriter("file.gguf", "none")
writer.add_tensor("float", matrix)
writer.add_tensor("q8_0", gguf.quants.quantize(matrix, q8), raw_dtype=q8)
writer.write_header_to_file()
writer.write_kv_data_to_file()
writer.write_tensors_to_file()
writer.close()

for tensor in gguf.GGUFReader("file.gguf").tensors:
    print(tensor.name, "added", matrix.shape, "shape", tensor.shape.tolist(),
          "data", tensor.data.shape)
EOF

diff - seen <<'EOF'
float added (2, 64) shape [64, 2] data (2, 64)
q8_0 added (2, 64) shape [64, 2] data (2, 68)
EOF
