#!/usr/bin/env bash
# llama.cpp ends an answer at HTML's </s>, in models to which it is an ordinary token.
#
# Version:  llama.cpp in @node-llama-cpp/linux-x64 3.22.1 (npm), gguf 0.19.0 (Python)
# Expected: a file that names <eos> as the end and holds </s> as a user-defined token, as Gemma's
#           do for HTML's tags, has one end, and </s> is matched in a text as <s> is
# Seen:     </s> is made a control token and an end of generation when the file is loaded, because
#           other models end with it: typed, it falls into pieces; written by the model, it ends
#           the answer
# So what:  an answer with struck-through HTML is cut off, and prompts have other tokens than in
#           the original tokenizer
# Needs:    npm, python3, Linux on x86-64
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

npm pack --silent @node-llama-cpp/linux-x64@3.22.1 >/dev/null
tar -xzf node-llama-cpp-linux-x64-3.22.1.tgz
export PYTHONPATH=$dir/python
python3 -m pip install --quiet --disable-pip-version-check --target python gguf==0.19.0
cat >vocabulary.py <<'EOF'
import ctypes

import gguf

NORMAL, UNKNOWN, CONTROL, USER_DEFINED, BYTE = 1, 2, 3, 4, 6
tokens = [("<unk>", UNKNOWN), ("<eos>", CONTROL), ("<bos>", CONTROL)]
tokens += [("<s>", USER_DEFINED), ("</s>", USER_DEFINED)]
tokens += [(f"<0x{b:02X}>", BYTE) for b in range(256)]
tokens += [(letter, NORMAL) for letter in "ab</s>"]
tokens = list(dict(tokens).items())
w = gguf.GGUFWriter("vocabulary.gguf", "llama")
w.add_tokenizer_model("llama")
w.add_token_list([text for text, _ in tokens])
w.add_token_types([kind for _, kind in tokens])
w.add_token_scores([0.0] * len(tokens))
w.add_unk_token_id(0)
w.add_eos_token_id(1)
w.add_bos_token_id(2)
w.add_add_space_prefix(False)
w.write_header_to_file()
w.write_kv_data_to_file()
w.close()

bins = "package/bins/linux-x64/"
ctypes.CDLL(bins + "libggml-base.so", mode=ctypes.RTLD_GLOBAL)
ctypes.CDLL(bins + "libggml.v0.5.0.so", mode=ctypes.RTLD_GLOBAL)
llama = ctypes.CDLL(bins + "libllama.v0.5.0.so")
pointer, number = ctypes.c_void_p, ctypes.c_int32


class Parameters(ctypes.Structure):  # longer than what it stands for
    _fields_ = [("bytes", ctypes.c_uint8 * 256)]


def function(name, result, *arguments):
    f = getattr(llama, name)
    f.restype, f.argtypes = result, arguments
    return f


silent = ctypes.CFUNCTYPE(None, ctypes.c_int, ctypes.c_char_p, pointer)
quiet = silent(lambda level, text, _: None)
function("llama_log_set", None, pointer, pointer)(ctypes.cast(quiet, pointer), None)
parameters = function("llama_model_default_params", Parameters)()
parameters.bytes[72] = 1  # vocab_only
load = function("llama_model_load_from_file", pointer, ctypes.c_char_p, Parameters)
model = load(b"vocabulary.gguf", parameters)
vocabulary = function("llama_model_get_vocab", pointer, pointer)(model)
tokenize = function("llama_tokenize", number, pointer, ctypes.c_char_p, number,
                    ctypes.POINTER(number), number, ctypes.c_bool, ctypes.c_bool)
is_end = function("llama_vocab_is_eog", ctypes.c_bool, pointer, number)
for text in b"<eos>", b"<s>", b"</s>":
    room = (number * 16)()
    n = tokenize(vocabulary, b"a" + text + b"b", len(text) + 2, room, 16, False, False)
    i = [t for t, _ in tokens].index(text.decode())
    ends = "ends" if is_end(vocabulary, i) else "does not end"
    print(f"a{text.decode()}b: {n} tokens; {text.decode()} {ends} an answer")
EOF
python3 vocabulary.py | tee seen

diff - seen <<'EOF'
a<eos>b: 7 tokens; <eos> ends an answer
a<s>b: 3 tokens; <s> does not end an answer
a</s>b: 6 tokens; </s> ends an answer
EOF
