#!/usr/bin/env bash
# llama.cpp's quantiser makes a Q2_K file without Q2_K, and says so only while it works.
#
# Version:  llama.cpp of the npm package @node-llama-cpp/linux-x64 3.22.1; gguf 0.19.0
# Expected: a file of type Q2_K has tensors of type Q2_K, one of Q4_K_M such of Q4_K; or the call
#           fails, or general.file_type says what the file holds
# Seen:     blocks of K-quants have 256 weights, and of a model whose rows are not such multiples
#           (SmolLM2-135M has 576) every tensor gets another type: Q2_K and TQ2_0 become files of
#           Q4_0, Q4_K_M one of Q5_0 and Q8_0; the call succeeds, general.file_type keeps the name
#           that was asked for, and only the log tells
# So what:  a file's name and its file_type do not tell which types it holds; a reader of K-quants
#           needs the older types as well, and a "2-bit" file may have 4.5 bits a weight
# Needs:    python3, npm; Linux on x86-64
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

npm install --silent --no-audit --no-fund @node-llama-cpp/linux-x64@3.22.1 >&2
export PYTHONPATH=$dir/python
python3 -m pip install --quiet --disable-pip-version-check --target python gguf==0.19.0 numpy==2.4.6
python3 - 2>log <<'EOF' | tee seen
import collections, ctypes, glob, os
import gguf, numpy

WIDTH, LAYERS = 96, 4
w = gguf.GGUFWriter("f32.gguf", "llama")
w.add_block_count(LAYERS)
w.add_context_length(128)
w.add_embedding_length(WIDTH)
w.add_feed_forward_length(WIDTH)
w.add_head_count(3)
w.add_head_count_kv(3)
w.add_layer_norm_rms_eps(1e-5)
w.add_tokenizer_model("none")
w.add_vocab_size(64)
random = numpy.random.default_rng(1)
def matrix(name, rows):
    w.add_tensor(name, random.normal(size=(rows, WIDTH)).astype(numpy.float32))
matrix("token_embd.weight", 64)
matrix("output.weight", 64)
w.add_tensor("output_norm.weight", numpy.ones(WIDTH, numpy.float32))
for layer in range(LAYERS):
    for norm in "attn_norm", "ffn_norm":
        w.add_tensor(f"blk.{layer}.{norm}.weight", numpy.ones(WIDTH, numpy.float32))
    for name in "attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down":
        matrix(f"blk.{layer}.{name}.weight", WIDTH)
w.write_header_to_file()
w.write_kv_data_to_file()
w.write_tensors_to_file()
w.close()

class Params(ctypes.Structure):  # the head of llama_model_quantize_params
    _fields_ = [("threads", ctypes.c_int32), ("type", ctypes.c_int), ("rest", ctypes.c_char * 400)]

bins = os.path.abspath("node_modules/@node-llama-cpp/linux-x64/bins/linux-x64")
for pattern in "libggml-base.so", "libggml.*.so", "libllama.*.so":
    library = glob.glob(f"{bins}/{pattern}")[0]
    llama = ctypes.CDLL(library, mode=ctypes.RTLD_GLOBAL)
llama.llama_model_quantize_default_params.restype = Params
for name, number in ("Q2_K", 10), ("Q4_K_M", 15), ("TQ2_0", 37):
    params = llama.llama_model_quantize_default_params()
    params.type, params.threads = number, 1
    result = llama.llama_model_quantize(b"f32.gguf", b"out.gguf", ctypes.byref(params))
    reader = gguf.GGUFReader("out.gguf")
    kept = int(reader.fields["general.file_type"].contents())
    types = collections.Counter(t.tensor_type.name for t in reader.tensors
                                if t.tensor_type.name != "F32")
    print(f"{name}: returns {result}, file_type {kept}:", dict(sorted(types.items())))
EOF

diff - seen <<'EOF'
Q2_K: returns 0, file_type 10: {'Q4_0': 29, 'Q8_0': 1}
Q4_K_M: returns 0, file_type 15: {'Q5_0': 25, 'Q8_0': 5}
TQ2_0: returns 0, file_type 37: {'Q4_0': 28, 'Q5_0': 1, 'Q8_0': 1}
EOF
