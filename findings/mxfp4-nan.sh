#!/usr/bin/env bash
# MXFP4's scale "not a number" is a number in llama.cpp.
#
# Version:  llama.cpp of the npm package @node-llama-cpp/linux-x64 3.22.1
# Expected: the scale 255 of a block means NaN (OCP Microscaling Formats 1.0, E8M0), so its weights
#           are NaN
# Seen:     it is 2^128, of which ggml multiplies half with twice the value: 0.5 becomes 1.7e38,
#           zero stays zero
# So what:  a damaged or hostile block is no NaN that a check would find; whoever packs such a file
#           has to compare scales with the range of their own numbers
# Needs:    python3, npm; Linux on x86-64
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

npm install --silent --no-audit --no-fund @node-llama-cpp/linux-x64@3.22.1 >&2
python3 - <<'EOF' | tee seen
import ctypes, os

class Traits(ctypes.Structure):  # the head of ggml_type_traits
    _fields_ = [("name", ctypes.c_char_p), ("block", ctypes.c_int64), ("skip", ctypes.c_int64),
                ("size", ctypes.c_size_t), ("quantised", ctypes.c_bool),
                ("to_float", ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p,
                                              ctypes.c_int64))]

folder = "node_modules/@node-llama-cpp/linux-x64/bins/linux-x64/"
ggml = ctypes.CDLL(os.path.abspath(folder + "libggml-base.so"))
ggml.ggml_get_type_traits.restype = ctypes.POINTER(Traits)
traits = ggml.ggml_get_type_traits(39).contents
for scale in 127, 254, 255:
    block = ctypes.create_string_buffer(bytes([scale, 0x10]) + bytes(15), traits.size)
    weights = (ctypes.c_float * 32)()
    traits.to_float(block, weights, 32)
    print(f"{traits.name.decode()}, scale {scale}: 0 is {weights[0]:.3g}, 0.5 is {weights[16]:.3g}")
EOF

diff - seen <<'EOF'
mxfp4, scale 127: 0 is 0, 0.5 is 0.5
mxfp4, scale 254: 0 is 0, 0.5 is 8.51e+37
mxfp4, scale 255: 0 is 0, 0.5 is 1.7e+38
EOF
