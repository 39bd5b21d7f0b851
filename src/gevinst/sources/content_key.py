"""A key for data that are not kept, made from the files themselves.

The same files give the same pseudonyms, so the same replicate groups and intervals, on any machine; who has not got
every row of them cannot make the key. The order of the rows is of no matter, as everywhere: of a text file the lines
are hashed one by one (multilinear hashing with a mixing step, two lanes of 64 bits) and added up. No figure rests on
the quality of that hash; the key is an HMAC of it.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from gevinst.sources.parts import Supplier, find_parts

TEXT = (".csv", ".txt")
_PIECE = 1 << 22  # bytes hashed at a time
_WEIGHTS = 1 << 12  # positions of a line with weights of their own
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
Words = npt.NDArray[np.uint64]


def content_key(folder: Path, suppliers: Sequence[Supplier] = ()) -> bytes:
    """The key of the files that would be read in `folder`, 32 bytes, under whatever names. Raises as `find_parts`."""
    parts, _ = find_parts(folder, suppliers)
    digests = []
    for path in {part.path for part in parts}:
        try:
            digests.append(_lines(path) if path.suffix.lower() in TEXT else _whole(path))
        except OSError:  # reading it says what is wrong
            continue
    return hmac.digest(b"gevinst: data that are not kept", b"".join(sorted(digests)), "sha256")


def _whole(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


def _lines(path: Path) -> bytes:
    """The sum over the lines of a hash of each, and their number."""
    lanes = [_mixed(np.arange(_WEIGHTS, dtype=np.uint64) + np.uint64(seed << 32)) for seed in (1, 2)]
    total, count = np.zeros(len(lanes), np.uint64), 0
    for piece in _pieces(path):
        ends = np.flatnonzero(piece == ord("\n"))
        starts = np.concatenate([np.zeros(1, np.int64), ends[:-1] + 1])
        place = np.arange(len(piece)) - np.repeat(starts, np.diff(np.append(starts, len(piece))))
        signs = np.where((piece == ord("\n")) | (piece == ord("\r")), 0, piece).astype(np.uint64)
        signs *= (2 * (place // _WEIGHTS) + 1).astype(np.uint64)
        hashed = [np.add.reduceat(signs * weights[place % _WEIGHTS], starts) for weights in lanes]
        total += np.array([_mixed(one).sum(dtype=np.uint64) for one in hashed])
        count += len(ends)
    return hashlib.sha256(total.tobytes() + count.to_bytes(8, "big")).digest()


def _pieces(path: Path) -> Iterator[npt.NDArray[np.uint8]]:
    """The file in pieces of whole lines, each with a newline at its end."""
    with path.open("rb") as file:
        rest = b""
        while read := file.read(_PIECE):
            read = rest + read
            cut = read.rfind(b"\n") + 1
            rest = read[cut:]
            if cut:
                yield np.frombuffer(read, np.uint8, cut)
        if rest:
            yield np.frombuffer(rest + b"\n", np.uint8)


def _mixed(words: Words) -> Words:
    """Steele, Lea & Flood's SplitMix64 (2014) of each word."""
    words = (words + np.uint64(1)) * _GOLDEN
    words = (words ^ (words >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    words = (words ^ (words >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return words ^ (words >> np.uint64(31))
