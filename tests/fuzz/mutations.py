"""Files broken at random, alike for the same seed: bits, bytes, lines, cells, cuts, splices, and inside archives."""

from __future__ import annotations

import io
import random
import zipfile
import zlib
from collections.abc import Callable, Sequence

Mutation = Callable[[bytes, random.Random], bytes]

WORDS = (
    b"", b"-", b"0", b"-1", b"1e308", b"1e-308", b"NaN", b"inf", b"9" * 40, b"0,0", b"1.234,56-", b"31-02-2021",
    b"9999-12-31", b"0000-00-00", b"2021-13-45", b"10101234567", b"=1+1", b'"', b"'", b";", b"\t", b"\r", b"\n", b"\0",
    b"\xff\xfe", b"\xef\xbb\xbf", b"\xc3\x28", b"\xe6\xf8\xe5", "æøå".encode(),
    "\u2028".encode(), b"null", b"true",
    b"{}", b"[]", b"a" * 5_000, b"&a [*a,*a]", b"!!python/object:os.system", b"%", b"\\", b"<x>", b"../..",
)


def flip(data: bytes, chance: random.Random) -> bytes:
    """Turn a few bits."""
    broken = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        if broken:
            broken[chance.randrange(len(broken))] ^= 1 << chance.randrange(8)
    return bytes(broken)


def cut(data: bytes, chance: random.Random) -> bytes:
    """Leave out a stretch, or the end."""
    if not data:
        return data
    start = chance.randrange(len(data))
    end = len(data) if chance.random() < 0.4 else min(len(data), start + chance.randint(1, 200))
    return data[:start] + data[end:]


def repeat(data: bytes, chance: random.Random) -> bytes:
    """Say a stretch again, somewhere."""
    if not data:
        return data
    start = chance.randrange(len(data))
    piece = data[start : start + chance.randint(1, 300)]
    at = chance.randrange(len(data) + 1)
    return data[:at] + piece * chance.randint(1, 5) + data[at:]


def insert(data: bytes, chance: random.Random) -> bytes:
    """Put in a word that readers stumble over."""
    at = chance.randrange(len(data) + 1)
    return data[:at] + chance.choice(WORDS) + data[at:]


def swap_cell(data: bytes, chance: random.Random) -> bytes:
    """Put such a word in the place of a cell."""
    lines = data.split(b"\n")
    at = chance.randrange(len(lines))
    sign = next((s for s in (b";", b",", b"\t", b":") if s in lines[at]), b",")
    cells = lines[at].split(sign)
    cells[chance.randrange(len(cells))] = chance.choice(WORDS)
    lines[at] = sign.join(cells)
    return b"\n".join(lines)


def shuffle_lines(data: bytes, chance: random.Random) -> bytes:
    """Exchange two lines, or drop one, or say one twice."""
    lines = data.split(b"\n")
    one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    kind = chance.randrange(3)
    if kind == 0:
        lines[one], lines[other] = lines[other], lines[one]
    elif kind == 1:
        del lines[one]
    else:
        lines.insert(other, lines[one])
    return b"\n".join(lines)


def shuffle_columns(data: bytes, chance: random.Random) -> bytes:
    """Another sign between cells, or another way to end lines or write letters."""
    kind = chance.randrange(4)
    if kind == 0:
        return data.replace(b";", b",") if b";" in data else data.replace(b",", b";")
    if kind == 1:
        return data.replace(b"\n", chance.choice((b"\r", b"\r\n", b"\n\n", b" ")))
    try:
        return data.decode().encode("utf-16" if kind == 2 else "cp1252", errors="replace")
    except UnicodeDecodeError:
        return data[::-1]


def inside_archive(data: bytes, chance: random.Random) -> bytes:
    """A workbook or document with one member broken and the archive itself sound; other files as `flip`."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [(one, archive.read(one)) for one in archive.namelist()]
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError, ValueError):
        return flip(data, chance)
    if not members:
        return flip(data, chance)
    at = chance.randrange(len(members))
    name, content = members[at]
    if chance.random() < 0.1:
        del members[at]
    else:
        members[at] = (name, chance.choice(PLAIN)(content, chance))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return buffer.getvalue()


PLAIN: Sequence[Mutation] = (flip, cut, repeat, insert, swap_cell, shuffle_lines, shuffle_columns)


def mutated(seeds: Sequence[bytes], number: int) -> bytes:
    """Mutation `number` of the seeds: one to four things done to one of them, or two of them spliced."""
    chance = random.Random(number)
    data = chance.choice(seeds)
    if len(seeds) > 1 and chance.random() < 0.1:
        other = chance.choice(seeds)
        data = data[: chance.randrange(len(data) + 1)] + other[chance.randrange(len(other) + 1) :]
    for _ in range(chance.randint(1, 4)):
        archive = data.startswith(b"PK\x03\x04") and chance.random() < 0.8
        data = inside_archive(data, chance) if archive else chance.choice(PLAIN)(data, chance)
    return data
