#!/usr/bin/env bash
# safetensors' save for numpy stores a transposed matrix's numbers in another order.
#
# Version:  safetensors 0.8.0; 0.7.0 does as expected
# Expected: load gives what save was given, or save raises, as it does for PyTorch's tensors
# Seen:     the memory is written as it lies and the shape of the view beside it: a.T comes back
#           as a.reshape(a.T.shape), without an error. The docstring asks for contiguous tensors;
#           the version before took any
# So what:  transposing weights before saving them, as converters do, breaks a model in silence;
#           pass np.ascontiguousarray(a.T)
# Needs:    python3
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

cat >transposed.py <<'EOF'
import numpy as np
import safetensors
from safetensors.numpy import load_file, save_file

matrix = np.arange(6, dtype=np.float32).reshape(2, 3)
for name, tensor in (("plain", matrix), ("transposed", matrix.T),
                     ("copied", np.ascontiguousarray(matrix.T))):
    save_file({"x": tensor}, "file.safetensors")
    loaded = load_file("file.safetensors")["x"]
    print(safetensors.__version__, name, tensor.tolist(), "->", loaded.tolist())
EOF
install() { python3 -m pip install --quiet --disable-pip-version-check "$@"; }
install --target numpy numpy==2.4.6
for version in 0.7.0 0.8.0; do
	install --target "$version" --no-deps "safetensors==$version"
	PYTHONPATH=$dir/numpy:$dir/$version python3 transposed.py
done | tee seen

diff - seen <<'EOF'
0.7.0 plain [[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]] -> [[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]
0.7.0 transposed [[0.0, 3.0], [1.0, 4.0], [2.0, 5.0]] -> [[0.0, 3.0], [1.0, 4.0], [2.0, 5.0]]
0.7.0 copied [[0.0, 3.0], [1.0, 4.0], [2.0, 5.0]] -> [[0.0, 3.0], [1.0, 4.0], [2.0, 5.0]]
0.8.0 plain [[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]] -> [[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]
0.8.0 transposed [[0.0, 3.0], [1.0, 4.0], [2.0, 5.0]] -> [[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]]
0.8.0 copied [[0.0, 3.0], [1.0, 4.0], [2.0, 5.0]] -> [[0.0, 3.0], [1.0, 4.0], [2.0, 5.0]]
EOF
