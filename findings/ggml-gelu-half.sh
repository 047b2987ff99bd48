#!/usr/bin/env bash
# ggml computes GELU of float32 tensors through a table of float16.
#
# Version:  @node-llama-cpp/linux-x64 3.22.1, whose libggml-cpu is built as llama.cpp's releases are
# Expected: ggml_gelu of a float32 tensor has the precision of float32, as ggml_silu has
# Seen:     the input is rounded to float16, looked up, and a float16 comes out: gelu(1.0001) is
#           gelu(1), and every result between -10 and 10 is a float16; silu is within 1e-6
# So what:  logits of a model with GELU, such as gemma3, are llama.cpp's to about 1e-3 of their
#           standard deviation and not to 1e-5; whoever compares two programs over them must round
#           alike, or allow for it
# Needs:    node with npm, python3; Linux on x86_64
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

npm install --silent --no-audit --no-fund --ignore-scripts @node-llama-cpp/linux-x64@3.22.1 >&2
python3 - node_modules/@node-llama-cpp/linux-x64/bins/linux-x64 <<'EOF' | tee seen
import ctypes, math, struct, sys

bins = sys.argv[1]
base = ctypes.CDLL(f"{bins}/libggml-base.so", mode=ctypes.RTLD_GLOBAL)
cpu = ctypes.CDLL(f"{bins}/libggml-cpu-x64.so", mode=ctypes.RTLD_GLOBAL)


class Init(ctypes.Structure):
    _fields_ = [("mem_size", ctypes.c_size_t), ("mem_buffer", ctypes.c_void_p),
                ("no_alloc", ctypes.c_bool)]


def function(library, name, result, *arguments):
    f = getattr(library, name)
    f.restype, f.argtypes = result, arguments
    return f


pointer = ctypes.c_void_p
new = function(base, "ggml_new_tensor_1d", pointer, pointer, ctypes.c_int, ctypes.c_int64)
data = function(base, "ggml_get_data", pointer, pointer)
function(cpu, "ggml_cpu_init", None)()
context = function(base, "ggml_init", pointer, Init)(Init(1 << 24, None, False))


def compute(name, values):
    x = new(context, 0, len(values))
    ctypes.memmove(data(x), struct.pack(f"{len(values)}f", *values), 4 * len(values))
    y = function(base, name, pointer, pointer, pointer)(context, x)
    graph = function(base, "ggml_new_graph", pointer, pointer)(context)
    function(base, "ggml_build_forward_expand", None, pointer, pointer)(graph, y)
    run = function(cpu, "ggml_graph_compute_with_ctx", ctypes.c_int, pointer, pointer, ctypes.c_int)
    run(context, graph, 1)
    return struct.unpack(f"{len(values)}f", ctypes.string_at(data(y), 4 * len(values)))


def gelu(x):
    return x / 2 * (1 + math.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x ** 3)))


def silu(x):
    return x / (1 + math.exp(-x))


def half(x):
    return struct.unpack("e", struct.pack("e", x))[0]


values = [i / 1000 + 1e-4 for i in range(64, 4000)]
for name, formula in ("gelu", gelu), ("silu", silu):
    got = compute("ggml_" + name, values)
    worst = max(abs(a - formula(x)) / formula(x) for a, x in zip(got, values))
    halves = all(half(v) == v for v in got)
    print(f"{name}: within 1e-5 of the formula: {worst < 1e-5}, all are float16: {halves}")
one, more = compute("ggml_gelu", [1, 1.0001])
print("gelu(1.0001) is gelu(1):", one == more)
errors = (abs(a / gelu(half(x)) - 1) for a, x in zip(compute("ggml_gelu", values), values))
print("gelu of the input as float16 is within one unit of float16:", max(errors) < 1e-3)
EOF

diff - seen <<'EOF'
gelu: within 1e-5 of the formula: False, all are float16: True
silu: within 1e-5 of the formula: True, all are float16: False
gelu(1.0001) is gelu(1): True
gelu of the input as float16 is within one unit of float16: True
EOF
