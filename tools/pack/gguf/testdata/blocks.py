#!/usr/bin/env python3
"""Writes blocks.gguf: blocks of every integer type, and beside them what llama.cpp makes of them.

usage: blocks.py LIBGGML_BASE BLOCKS.GGUF

LIBGGML_BASE is libggml-base.so of llama.cpp, such as bins/linux-x64 of the npm package
@node-llama-cpp/linux-x64 has it (bench/peers/package.json names the version). Of each type there
are blocks of random bits with finite scales, and blocks that ggml quantised from random weights;
TYPE.float has the weights that ggml's own to_float gives. Python's standard library alone is used.
"""
import ctypes
import random
import struct
import sys

# ggml's number, and where a block has the float16 whose exponents are kept small.
TYPES = {
    "Q4_0": (2, [0]), "Q4_1": (3, [0, 2]), "Q5_0": (6, [0]), "Q5_1": (7, [0, 2]), "Q8_0": (8, [0]),
    "Q2_K": (10, [80, 82]), "Q3_K": (11, [108]), "Q4_K": (12, [0, 2]), "Q5_K": (13, [0, 2]),
    "Q6_K": (14, [208]), "IQ4_NL": (20, [0]), "IQ4_XS": (23, [0]), "TQ1_0": (34, [52]),
    "TQ2_0": (35, [64]), "MXFP4": (39, []),
}
RANDOM, QUANTISED = 1024, 512  # weights


class Traits(ctypes.Structure):
    """The head of ggml_type_traits."""
    _fields_ = [
        ("name", ctypes.c_char_p), ("block", ctypes.c_int64), ("interleave", ctypes.c_int64),
        ("size", ctypes.c_size_t), ("quantised", ctypes.c_bool),
        ("to_float", ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int64)),
    ]


class InitParams(ctypes.Structure):
    _fields_ = [("size", ctypes.c_size_t), ("buffer", ctypes.c_void_p), ("no_alloc", ctypes.c_bool)]


def blocks(ggml, number, halves):
    traits = ggml.ggml_get_type_traits(number).contents
    r = random.Random(number)
    data = bytearray(r.randbytes(RANDOM // traits.block * traits.size))
    for at in range(0, len(data), traits.size):
        for half in halves:
            data[at + half + 1] &= 0xBF  # exponent below 16
    weights = (ctypes.c_float * QUANTISED)(*[r.gauss(0, 0.05) for _ in range(QUANTISED)])
    out = ctypes.create_string_buffer(QUANTISED // traits.block * traits.size)
    ggml.ggml_quantize_chunk(number, weights, out, 0, 1, QUANTISED, None)
    data += out.raw
    floats = (ctypes.c_float * (RANDOM + QUANTISED))()
    traits.to_float((ctypes.c_char * len(data)).from_buffer(data), floats, len(floats))
    return traits.name.decode().upper(), bytes(data), bytes(floats)


def main():
    ggml = ctypes.CDLL(sys.argv[1])
    ggml.ggml_get_type_traits.restype = ctypes.POINTER(Traits)
    ggml.ggml_quantize_chunk.restype = ctypes.c_size_t
    ggml.ggml_quantize_chunk.argtypes = [
        ctypes.c_int, ctypes.POINTER(ctypes.c_float), ctypes.c_void_p,
        ctypes.c_int64, ctypes.c_int64, ctypes.c_int64, ctypes.c_void_p]
    # A float16 is turned into a float32 by a table that ggml fills when it makes a context.
    ggml.ggml_init.argtypes = [InitParams]
    ggml.ggml_init(InitParams(1 << 16, None, False))
    table, data = b"", b""
    for name, (number, halves) in TYPES.items():
        found, packed, floats = blocks(ggml, number, halves)
        assert found == name.upper(), (found, name)
        for label, kind, content in (name, number, packed), (name + ".float", 0, floats):
            table += struct.pack("<Q", len(label)) + label.encode()
            table += struct.pack("<IQIQ", 1, RANDOM + QUANTISED, kind, len(data))
            data += content + bytes(-len(content) % 32)
    head = b"GGUF" + struct.pack("<IQQ", 3, 2 * len(TYPES), 0) + table
    with open(sys.argv[2], "wb") as f:
        f.write(head + bytes(-len(head) % 32) + data)


main()
