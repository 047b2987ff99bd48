"""Writes an ONNX decoder of SmolLM2-135M's shape with random int8 weights, for onnxruntime-web.

    python3 make_onnx.py FILE

The published ONNX files do not come with any package, and speed does not depend on the weights. The graph is the best
case for the runtime, as its own model builder writes it: fused attention with rotary embedding, fused norms, dynamic
int8 products, and only the last position reaches the head. Standard library only: protobuf is written by hand.

Inputs: input_ids [1,S] int64; seqlens_k [1] int32, total length - 1; total_len int32; past_k_i, past_v_i [1,3,P,64] float.
Outputs: logits [1,1,V]; present_k_i, present_v_i.
"""
import math
import os
import random
import struct
import sys

LAYERS, HIDDEN, FEED_FORWARD, VOCAB, CONTEXT = 30, 576, 1536, 49152, 2048
HEADS, KV_HEADS, HEAD_DIM = 9, 3, 64
THETA, EPSILON = 100000.0, 1e-5
FLOAT, INT8, INT32, INT64 = 1, 3, 6, 7  # onnx.TensorProto.DataType
IR_VERSION, OPSET = 10, 21
MICROSOFT = "com.microsoft"
DEVIATION = 73.3  # of a uniform int8 from -127 to 127


def varint(n):
    n &= (1 << 64) - 1
    out = bytearray()
    while n > 127:
        out.append(n & 127 | 128)
        n >>= 7
    out.append(n)
    return bytes(out)


def integer(field, n):
    return varint(field << 3) + varint(n)


def message(field, content):
    content = content.encode() if isinstance(content, str) else content
    return varint(field << 3 | 2) + varint(len(content)) + content


def attribute(name, value):
    if isinstance(value, float):
        return message(1, name) + varint(2 << 3 | 5) + struct.pack("<f", value) + integer(20, 1)
    return message(1, name) + integer(3, value) + integer(20, 2)


def value_info(name, kind, dims):
    shape = b"".join(message(1, integer(1, dim) if isinstance(dim, int) else message(2, dim)) for dim in dims)
    return message(1, name) + message(2, message(1, integer(1, kind) + message(2, shape)))


class Graph:
    """Collects the parts of an onnx.GraphProto; node and constant return the name of what they add."""

    def __init__(self):
        self.random = random.Random(1)
        self.nodes, self.constants, self.inputs, self.outputs = [], [], [], []

    def node(self, op, inputs, outputs, domain="", **attributes):
        content = b"".join(message(1, name) for name in inputs) + b"".join(message(2, name) for name in outputs)
        content += message(3, f"n{len(self.nodes)}_{op}") + message(4, op)
        content += b"".join(message(5, attribute(*pair)) for pair in attributes.items())
        content += message(7, domain) if domain else b""
        self.nodes.append(message(1, content))
        return outputs[0]

    def constant(self, name, dims, kind, raw):
        content = b"".join(integer(1, dim) for dim in dims) + integer(2, kind) + message(8, name) + message(9, raw)
        self.constants.append(message(5, content))
        return name

    def input(self, name, kind, dims):
        self.inputs.append(message(11, value_info(name, kind, dims)))
        return name

    def output(self, name, kind, dims):
        self.outputs.append(message(12, value_info(name, kind, dims)))
        return name

    def int8(self, n):
        return self.random.randbytes(n).replace(b"\x80", b"\x00")

    def linear(self, name, x, columns, rows):
        scale = 0.6 / columns**0.5 / DEVIATION
        weights = self.constant(name + "_w", (columns, rows), INT8, self.int8(columns * rows))
        scales = self.constant(name + "_s", (rows,), FLOAT, struct.pack("<f", scale) * rows)
        zeros = self.constant(name + "_z", (rows,), INT8, bytes(rows))
        return self.node("DynamicQuantizeMatMul", [x, weights, scales, zeros], [name + "_y"], MICROSOFT)

    def bytes(self):
        return b"".join(self.nodes) + message(2, "smollm2-135m-shape") + b"".join(self.constants + self.inputs + self.outputs)


def rotary(function):
    angles = (position * THETA ** (-2 * i / HEAD_DIM) for position in range(CONTEXT) for i in range(HEAD_DIM // 2))
    return b"".join(struct.pack("<f", function(angle)) for angle in angles)


def decoder():
    g = Graph()
    ids = g.input("input_ids", INT64, (1, "S"))
    lengths, total = g.input("seqlens_k", INT32, (1,)), g.input("total_len", INT32, ())
    ones = g.constant("ones", (HIDDEN,), FLOAT, struct.pack("<f", 1.0) * HIDDEN)
    cos = g.constant("cos", (CONTEXT, HEAD_DIM // 2), FLOAT, rotary(math.cos))
    sin = g.constant("sin", (CONTEXT, HEAD_DIM // 2), FLOAT, rotary(math.sin))

    table = g.constant("embed", (VOCAB, HIDDEN), INT8, g.int8(VOCAB * HIDDEN))
    scale = g.constant("embed_s", (), FLOAT, struct.pack("<f", 0.1 / DEVIATION))
    x = g.node("DequantizeLinear", [g.node("Gather", [table, ids], ["embed_q"]), scale], ["x"])
    normed = g.node("SimplifiedLayerNormalization", [x, ones], ["norm"], epsilon=EPSILON, axis=-1)

    def add_and_norm(name, residual, y):
        sum_ = f"{name}_sum"
        normed = g.node("SkipSimplifiedLayerNormalization", [residual, y, ones], [name, "", "", sum_], MICROSOFT, epsilon=EPSILON)
        return sum_, normed

    for i in range(LAYERS):
        def name(part):
            return f"l{i}_{part}"
        q = g.linear(name("q"), normed, HIDDEN, HIDDEN)
        k = g.linear(name("k"), normed, HIDDEN, KV_HEADS * HEAD_DIM)
        v = g.linear(name("v"), normed, HIDDEN, KV_HEADS * HEAD_DIM)
        past = [g.input(f"past_{t}_{i}", FLOAT, (1, KV_HEADS, "P", HEAD_DIM)) for t in "kv"]
        present = [g.output(f"present_{t}_{i}", FLOAT, (1, KV_HEADS, "T", HEAD_DIM)) for t in "kv"]
        attended = g.node("GroupQueryAttention", [q, k, v, *past, lengths, total, cos, sin], [name("attention"), *present],
                          MICROSOFT, num_heads=HEADS, kv_num_heads=KV_HEADS, do_rotary=1, rotary_interleaved=0)
        x, normed = add_and_norm(name("norm1"), x, g.linear(name("o"), attended, HIDDEN, HIDDEN))
        gate = g.linear(name("gate"), normed, HIDDEN, FEED_FORWARD)
        up = g.linear(name("up"), normed, HIDDEN, FEED_FORWARD)
        silu = g.node("QuickGelu", [gate], [name("silu")], MICROSOFT, alpha=1.0)
        product = g.node("Mul", [silu, up], [name("product")])
        x, normed = add_and_norm(name("norm2"), x, g.linear(name("down"), product, FEED_FORWARD, HIDDEN))

    position = g.constant("last", (1,), INT64, struct.pack("<q", -1))
    last = g.node("Gather", [normed, position], ["last_x"], axis=1)
    g.node("Identity", [g.linear("head", last, HIDDEN, VOCAB)], [g.output("logits", FLOAT, (1, 1, VOCAB))])
    opsets = message(8, message(1, "") + integer(2, OPSET)) + message(8, message(1, MICROSOFT) + integer(2, 1))
    return integer(1, IR_VERSION) + message(2, "make_onnx.py") + message(7, g.bytes()) + opsets


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: make_onnx.py FILE")
    with open(sys.argv[1] + ".new", "wb") as f:
        f.write(decoder())
    os.replace(sys.argv[1] + ".new", sys.argv[1])
