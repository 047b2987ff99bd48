"""Logits of llama.cpp, for architectures_test.go.

    python3 logits.py FOLDER TESTDATA

Runs each FOLDER/NAME.gguf, which the command beside this writes, over the same tokens in one batch, with keys and
values as F32 and no flash attention, and writes the logits of some positions to TESTDATA/NAME.f32: little-endian
float32, [POSITIONS][vocabulary]. The library is that of @node-llama-cpp/linux-x64 in build/peers, which
bench/peers/package-lock.json pins; the places of its parameters in memory are checked against their known defaults.
"""
import ctypes
import pathlib
import struct
import sys

TOKENS = [(7 * i * i + 31 * i + 5) % 325 for i in range(48)]
POSITIONS = [0, 5, 17, 47]

BINS = pathlib.Path(__file__).parents[3] / "build/peers/node_modules/@node-llama-cpp/linux-x64/bins/linux-x64"
ctypes.CDLL(BINS / "libggml-base.so", mode=ctypes.RTLD_GLOBAL)
ggml = ctypes.CDLL(BINS / "libggml.v0.5.0.so", mode=ctypes.RTLD_GLOBAL)
llama = ctypes.CDLL(BINS / "libllama.v0.5.0.so")


class Parameters(ctypes.Structure):  # longer than what it stands for
    _fields_ = [("bytes", ctypes.c_uint8 * 256)]


class Batch(ctypes.Structure):
    _fields_ = [("n", ctypes.c_int32), ("token", ctypes.c_void_p), ("embd", ctypes.c_void_p), ("pos", ctypes.c_void_p),
                ("n_seq", ctypes.c_void_p), ("seq", ctypes.c_void_p), ("logits", ctypes.c_void_p)]


def function(name, result, *arguments):
    f = getattr(llama, name)
    f.restype, f.argtypes = result, arguments
    return f


pointer = ctypes.c_void_p
model_defaults = function("llama_model_default_params", Parameters)
context_defaults = function("llama_context_default_params", Parameters)
load = function("llama_model_load_from_file", pointer, ctypes.c_char_p, Parameters)
start = function("llama_init_from_model", pointer, pointer, Parameters)
decode = function("llama_decode", ctypes.c_int32, pointer, Batch)
logits_of = function("llama_get_logits_ith", ctypes.POINTER(ctypes.c_float), pointer, ctypes.c_int32)
quiet = ctypes.CFUNCTYPE(None, ctypes.c_int, ctypes.c_char_p, pointer)(lambda level, text, _: None)
function("llama_log_set", None, pointer, pointer)(ctypes.cast(quiet, pointer), None)

FLASH_ATTENTION, TYPE_K, TYPE_V = 52, 104, 108  # places in llama_context_params
AUTO, DISABLED, F16, F32 = -1, 0, 1, 0


def context_parameters():
    p = context_defaults()
    for place, before, value in (FLASH_ATTENTION, AUTO, DISABLED), (TYPE_K, F16, F32), (TYPE_V, F16, F32):
        if struct.unpack_from("<i", p.bytes, place)[0] != before:
            sys.exit("the library is of another version: its parameters lie elsewhere")
        struct.pack_into("<i", p.bytes, place, value)
    return p


def logits(path):
    model = load(str(path).encode(), model_defaults())
    context = model and start(model, context_parameters())
    if not context:
        sys.exit(f"llama.cpp does not read {path}")
    n = len(TOKENS)
    sequence = (ctypes.c_int32 * 1)(0)
    arrays = [(ctypes.c_int32 * n)(*TOKENS), (ctypes.c_int32 * n)(*range(n)), (ctypes.c_int32 * n)(*[1] * n),
              (pointer * n)(*[ctypes.addressof(sequence)] * n), (ctypes.c_int8 * n)(*[1] * n)]
    token, pos, n_seq, seq, wanted = map(ctypes.addressof, arrays)
    if decode(context, Batch(n, token, None, pos, n_seq, seq, wanted)):
        sys.exit(f"llama.cpp fails with {path}")
    return b"".join(bytes((ctypes.c_float * 325).from_address(ctypes.addressof(logits_of(context, i).contents)))
                    for i in POSITIONS)


ggml.ggml_backend_load_all_from_path(str(BINS).encode())
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.gguf")):
    (pathlib.Path(sys.argv[2]) / (path.stem + ".f32")).write_bytes(logits(path))
