#!/usr/bin/env bash
# Two runs of one program write one model into safetensors files that differ.
#
# Version:  safetensors 0.8.0 (Python)
# Expected: the same tensors and metadata give the same bytes, as they do without metadata
# Seen:     the entries of the metadata come in an order that changes from call to call
# So what:  hashes of such files name a run and not a model; more than one entry of metadata
#           is enough. Compare tensors, or keep the metadata in one entry
# Needs:    python3
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

export PYTHONPATH=$dir/python
python3 -m pip install --quiet --disable-pip-version-check --target python \
	safetensors==0.8.0 numpy==2.4.6
python3 - <<'EOF' | tee seen
import numpy as np
from safetensors.numpy import save

tensors = {name: np.zeros(4, np.float32) for name in "abcdefgh"}
for count in (0, 1, 8):
    metadata = {f"key{i}": "value" for i in range(count)} or None
    files = {save(tensors, metadata=metadata) for _ in range(20)}
    print(count, "entries of metadata:", "one file" if len(files) == 1 else "several files")
EOF

diff - seen <<'EOF'
0 entries of metadata: one file
1 entries of metadata: one file
8 entries of metadata: several files
EOF
