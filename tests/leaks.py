"""A search for persons' ids in every byte of a folder, inside what is packed or coded too."""

from __future__ import annotations

import base64
import binascii
import gzip
import io
import re
import shutil
import sqlite3
import subprocess
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
_BASE64 = re.compile(rb"base64,([A-Za-z0-9+/=\s]{16,})")
_HELD_BACK = re.compile(rb"(?<![\dA-Za-z])([0-9A-Za-z]{9,10})(?![\dA-Za-z])")
_SEPARATORS = ("", "-", " ", "\N{NO-BREAK SPACE}", "\N{EN DASH}", "\N{NON-BREAKING HYPHEN}", "/", "_", ":")


def writings(one: str) -> set[str]:
    """An id in the ways people and programs write it.

    >>> sorted(writings("0101901234"))[:3]
    ['01 01 1990-1234', '01 01 1990_1234', '01 01 90-1234']
    """
    date, serial = one[:6], one[6:]
    serials = {serial, serial.lower()}
    found = {f"{date}{sign}{last}" for sign in _SEPARATORS for last in serials}
    found |= {f"{date[:2]}{sign}{date[2:4]}{sign}{year}{joint}{last}" for sign in ".-/_ " for last in serials
              for joint in "-_" for year in (date[4:], f"19{date[4:]}")}
    found |= {f"19{date[4:]}{date[2:4]}{date[:2]}-{last}" for last in serials}
    if one.startswith("0"):
        found |= {written[1:] for written in found}
    return found


@dataclass(frozen=True)
class Found:
    """Where an id was found. The id is not told, as in the program."""

    where: str


class Search:
    """Finds ids in bytes and in numbers. Ten figures or signs by themselves must not stand in a longer row of them."""

    def __init__(self, ids: Iterable[str]) -> None:
        written = {text for one in ids for text in writings(one)}
        self.numbers = {int(text) for text in written if text.isdecimal()}
        bare = {text for text in written if text.isalnum()}
        self._bare = {text.encode() for text in bare}
        parted = sorted(re.escape(text.encode()) for text in written - bare)
        # One automaton by the first six signs is quicker than thousands of alternatives.
        self._parted = {re.sub(rb"\\", b"", one) for one in parted}
        self._shapes = re.compile(
            rb"(?<!\d)(?:\d{5,6}(?:[-/ ]|\xc2\xa0|\xe2\x80[\x91\x93])[0-9A-Za-z]{4}"
            rb"|\d{1,2}([-./])\d\d\1\d\d-[0-9A-Za-z]{4})")

    def hit(self, data: bytes) -> bool:
        """Whether an id stands in the bytes, in UTF-8 or UTF-16."""
        return self._hit(data) or (b"\0" in data and self._hit(data.replace(b"\0", b"")))

    def _hit(self, data: bytes) -> bool:
        return (any(found.group(1) in self._bare for found in _HELD_BACK.finditer(data))
                or any(found.group(0) in self._parted for found in self._shapes.finditer(data)))

    def folder(self, folder: Path) -> list[Found]:
        """All places in a folder, names of files included."""
        found = []
        for path in sorted(folder.rglob("*")):
            if self.hit(path.name.encode()):
                found.append(Found(f"name of a file in {path.parent.name}"))
            if path.is_file() and not path.is_symlink():
                found += [Found(f"{path.relative_to(folder)}{inner}") for inner, data in layers(path)
                          if (self._in_table(data) if isinstance(data, pa.Table) else self.hit(data))]
        return found

    def _in_table(self, table: pa.Table) -> bool:
        for column in table.columns:
            values = column.unique().to_pylist()
            if any(isinstance(one, int) and one in self.numbers for one in values):
                return True
            if any(isinstance(one, str) and self.hit(one.encode()) for one in values):
                return True
            if any(isinstance(one, float) and one in self.numbers for one in values):
                return True
        return self.hit("\n".join(table.column_names).encode())


def layers(path: Path) -> Iterator[tuple[str, bytes | pa.Table]]:
    """A file's bytes, and what is packed in it: members of archives, streams, pages of a PDF as text, tables."""
    data = path.read_bytes()
    yield from _unpacked("", data)
    if data[:4] == b"PAR1":
        yield " (table)", pq.read_table(io.BytesIO(data))
    if data.startswith(b"SQLite format 3"):
        with tempfile.TemporaryDirectory() as scratch:
            copy = shutil.copyfile(path, Path(scratch) / "copy.db")
            connection = sqlite3.connect(copy)
            try:
                yield " (rows)", "\n".join(connection.iterdump()).encode()
            finally:
                connection.close()


def _unpacked(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    yield name, data
    if data[:2] == b"\x1f\x8b":
        yield from _unpacked(f"{name} (gzip)", gzip.decompress(data))
    if data[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.namelist():
                yield f"{name}!{member}", member.encode()
                yield from _unpacked(f"{name}!{member}", archive.read(member))
    if data[:5] == b"%PDF-":
        text = subprocess.run(["pdftotext", "-raw", "-", "-"], input=data, capture_output=True, check=True).stdout
        yield f"{name} (text)", text
        for packed in _STREAM.findall(data):
            try:
                yield f"{name} (stream)", zlib.decompressobj().decompress(packed)
            except zlib.error:
                continue
    for coded in _BASE64.findall(data):
        try:
            yield from _unpacked(f"{name} (base64)", base64.b64decode(b"".join(coded.split())))
        except binascii.Error:
            continue
