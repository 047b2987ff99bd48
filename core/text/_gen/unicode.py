"""Writes text/unicode_table.go and normalform/table.go: what Hugging Face's tokenizers know of
Unicode, measured.

    python3 -m venv build/env && build/env/bin/pip install tokenizers==0.23.3
    build/env/bin/python core/text/_gen/unicode.py

No table of Unicode is read, for the library has three versions of it: its regular expressions
(Oniguruma) know letters, numbers and white space of Unicode 16, its splitter of digits (Rust's
standard library) numbers of Unicode 17, its normal form C (unicode-normalization-alignments) is
that of Unicode 9. Each is asked about every character. unicode_test.go of core/text compares what
Go makes of the tables with sums over the answers, which are written beside them.
"""

import hashlib
import pathlib
import sys
import zlib

import tokenizers
from tokenizers import Regex, normalizers, pre_tokenizers

VERSION = "0.23.3"
if tokenizers.__version__ != VERSION:
    sys.exit(f"tokenizers {tokenizers.__version__}, want {VERSION}")

ALL = [c for c in range(0x110000) if not 0xD800 <= c < 0xE000]
HANGUL = range(0xAC00, 0xD7A4)  # composed by arithmetic, so in no table
nfc = normalizers.NFC().normalize_str
nfd = normalizers.NFD().normalize_str


def matching(pattern):
    split = pre_tokenizers.Split(Regex(pattern), "removed")
    return {c for c in ALL if not split.pre_tokenize_str(chr(c))}


def uvarint(n):
    out = b""
    while n >= 0x80:
        out += bytes([n & 0x7F | 0x80])
        n >>= 7
    return out + bytes([n])


def zigzag(n):
    return uvarint(n << 1 if n >= 0 else (-n << 1) - 1)


def runs(values):
    """Runs of equal values, without those of 0: where one begins, its length, the value."""
    start, out = None, []
    for c in range(0x110001):
        v = values.get(c, 0)
        if start is not None and v != out_v:
            out.append((start, c - start, out_v))
            start = None
        if v and start is None:
            start, out_v = c, v
    return out


def written(values):
    all = runs(values)
    table, at = uvarint(len(all)), 0
    for start, length, value in all:
        table += uvarint(start - at) + uvarint(length - 1) + uvarint(value)
        at = start + length
    return table


def classes():
    spaces, letters, numbers = matching(r"\s"), matching(r"\p{L}"), matching(r"\p{N}")
    digits = pre_tokenizers.Digits(individual_digits=True)
    alone = {c for c in ALL if len(digits.pre_tokenize_str("a" + chr(c))) > 1}
    assert numbers < alone and not alone & (letters | spaces)
    values = {}
    for value, chars in (1, spaces), (2, letters), (3, numbers), (4, alone - numbers):
        values.update(dict.fromkeys(chars, value))
    return written(values), zlib.crc32(bytes(values.get(c, 0) for c in range(0x110000)))


def combining():
    """Canonical combining classes: how a mark sorts beside one of each class that there is."""
    high = "\u0345"  # of class 240, the highest
    marks = [c for c in ALL if nfd(high + chr(c)) != high + chr(c) and nfd(chr(c)) == chr(c)]
    marks.append(ord(high))
    # Ordered by which marks go before which: x goes before y where the library exchanges y x.
    before = lambda x, y: nfd(chr(y) + chr(x)) == chr(x) + chr(y) and x != y
    classes = []  # one mark of each class, ascending
    of = {}
    for m in marks:
        low, up = 0, len(classes)
        while low < up:
            mid = (low + up) // 2
            if before(classes[mid], m):
                low = mid + 1
            else:
                up = mid
        if low < len(classes) and not before(m, classes[low]):
            continue
        classes.insert(low, m)
    for m in marks:
        n = [i for i, k in enumerate(classes) if not before(k, m) and not before(m, k)]
        assert len(n) == 1, (m, n)
        of[m] = n[0] + 1
    return of


def decompositions():
    """For each character with one: its two halves or its only part, and whether they compose."""
    whole = {
        nfd(chr(c)): c
        for c in reversed(ALL)
        if c not in HANGUL and nfd(chr(c)) != chr(c) and nfc(chr(c)) == chr(c)
    }
    loose = {nfd(chr(c)): c for c in reversed(ALL) if c not in HANGUL and nfd(chr(c)) != chr(c)}
    out = []
    for c in ALL:
        d = nfd(chr(c))
        if c in HANGUL or d == chr(c):
            continue
        composes = nfc(chr(c)) == chr(c)
        if len(d) == 1:
            out.append((c, 0, ord(d), 0))
            continue
        first = d[:-1]
        if len(first) > 1:
            first = chr(whole.get(first) or loose[first])
        if not composes and d in whole:  # another character in the place of this one
            out.append((c, 0, whole[d], 0))
        else:
            out.append((c, 1 if composes else 2, ord(first), ord(d[-1])))
    return out


def normal_form():
    table, at, part = written(combining()), 0, 0
    all = decompositions()
    table += uvarint(len(all))
    for c, kind, first, second in all:
        table += uvarint((c - at) << 2 | kind) + zigzag(first - part)
        if kind:
            table += zigzag(second - 0x300)
        at, part = c, first
    sums = 0
    for c in ALL:
        sums = zlib.crc32((nfc(chr(c)) + "\n" + nfc("a\u0345" + chr(c)) + "\n").encode(), sums)
    return table, sums


def literal(table):
    lines = []
    for i in range(0, len(table), 20):
        lines.append('\t"' + "".join(f"\\x{b:02x}" for b in table[i : i + 20]) + '"')
    return " +\n".join(lines)


(class_table, class_sum), (nfc_table, nfc_sum) = classes(), normal_form()
HEAD = f"// Code generated by core/text/_gen/unicode.py with tokenizers {VERSION}. DO NOT EDIT.\n\npackage "
root = pathlib.Path(__file__).parents[2]
(root / "text/unicode_table.go").write_text(HEAD + f"""text

// classTable has runs of characters of one class, as varints: how many there are, and of each how
// many characters lie between it and the one before, its length less 1, and the class.
const classTable = "" +
{literal(class_table)}

// classSum is the CRC-32 of one byte for each character up to U+10FFFF, its class.
const classSum = {class_sum:#010x}

// nfcSHA256 is that of normalform.Table.
const nfcSHA256 = "{hashlib.sha256(nfc_table).hexdigest()}"
""")
(root / "normalform/table.go").write_text(HEAD + f"""normalform

// Table has runs of marks of one combining class, as varints: how many there are, and of each how
// many characters lie between it and the one before, its length less 1, and the class, counted from
// 1 among those that there are. Then it has how many characters are decomposed, and for each: four
// times its distance from the one before, plus 0 where it stands for one other character, 1 where it
// is composed of two, and 2 where it is decomposed into two and never composed; the zigzag distance
// of the first from the first before; and of the second, where there are two, from U+0300.
const Table = "" +
{literal(nfc_table)}

// Sum is the CRC-32 of the normal forms of each character but surrogates, alone and behind "a" and
// U+0345, with a line feed behind each.
const Sum = {nfc_sum:#010x}
""")
