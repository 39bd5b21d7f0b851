"""A text file as pieces of whole lines in UTF-8, read once: encoding, line ends, line numbers, checksum.

The file is never loaded whole. Its encoding is decided at the first letter that is not ASCII: UTF-8, or else
cp1252, which older Danish systems write. A byte order mark decides at once.
"""

from __future__ import annotations

import codecs
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gevinst.errors import GevinstError

PIECE = 8 << 20  # bytes read at a time
LONGEST_LINE = 1 << 20  # bytes; no row of ours comes near it, a file without line ends does
_UTF8_PAIR = re.compile(rb"\xc3[\x80-\xbf]")  # æ, ø, å and their kin in UTF-8; in cp1252 an unheard-of Ã


@dataclass(frozen=True)
class Piece:
    """Some whole lines. `data` is UTF-8 with `\\n` after each line; `first_line` is the first one's number."""

    data: bytes
    first_line: int


class TextFile:
    """A text file that is read once, front to back.

    After `pieces` is exhausted `sha256` is the checksum of all bytes, and `encoding` what they were written in
    (`utf-8` also for plain ASCII).
    """

    def __init__(self, path: Path, piece: int = PIECE) -> None:
        self.path = path
        self._piece = piece
        self._hash = hashlib.sha256()
        self._decided = ""
        self._utf16: codecs.IncrementalDecoder | None = None

    @property
    def sha256(self) -> str:
        """The checksum of what has been read so far."""
        return self._hash.hexdigest()

    @property
    def encoding(self) -> str:
        """What the file is written in, as far as it has been read."""
        return self._decided or "utf-8"

    def pieces(self) -> Iterator[Piece]:
        """The lines, in pieces. Raises `intake.encoding`, `intake.mixed-encoding`, `intake.not-text`,
        `intake.workbook`, `intake.long-line` and `intake.unreadable-file`."""
        line, rest, start = 1, b"", True
        for raw in self._blocks():
            rest += self._as_bytes(raw, start=start)
            start = False
            whole, rest = _whole_lines(rest, end=not raw)
            if len(rest) > LONGEST_LINE:
                raise GevinstError("intake.long-line", where=self._where(line + whole.count(b"\n")))
            if whole:
                yield Piece(self._as_utf8(whole, line), line)
                line += whole.count(b"\n")

    def _blocks(self) -> Iterator[bytes]:
        """The file's bytes, and at the end nothing."""
        try:
            with self.path.open("rb") as file:
                while raw := file.read(self._piece):
                    self._hash.update(raw)
                    yield raw
        except OSError as fault:
            raise GevinstError("intake.unreadable-file", where=self.path.name) from fault
        yield b""

    def _where(self, line: int) -> str:
        return f"{self.path.name}:{line}"

    def _as_bytes(self, raw: bytes, *, start: bool) -> bytes:
        """The bytes without a byte order mark; UTF-16 is recoded to UTF-8."""
        if start:
            if raw.startswith(b"PK\x03\x04"):
                raise GevinstError("intake.workbook", where=self.path.name)
            if raw.startswith(codecs.BOM_UTF8):
                self._decided = "utf-8-sig"
                raw = raw[len(codecs.BOM_UTF8):]
            elif raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                self._decided = "utf-16"
                self._utf16 = codecs.getincrementaldecoder("utf-16")()
        if self._utf16 is not None:
            try:
                raw = self._utf16.decode(raw, final=not raw).encode()
            except UnicodeError as fault:
                raise GevinstError("intake.encoding", where=self.path.name) from fault
        return raw

    def _as_utf8(self, lines: bytes, first_line: int) -> bytes:
        if b"\0" in lines:
            line = first_line + lines[:lines.index(b"\0")].count(b"\n")
            raise GevinstError("intake.not-text", where=self._where(line))
        if lines.isascii():
            return lines
        try:
            lines.decode("utf-8")
        except UnicodeDecodeError as fault:
            return self._from_cp1252(lines, first_line, fault)
        if self._decided == "cp1252":
            raise GevinstError("intake.mixed-encoding", where=self._where(first_line))
        self._decided = self._decided or "utf-8"
        return lines

    def _from_cp1252(self, lines: bytes, first_line: int, fault: UnicodeDecodeError) -> bytes:
        line = first_line + lines[:fault.start].count(b"\n")
        if self._decided not in ("", "cp1252") or _UTF8_PAIR.search(lines):
            raise GevinstError("intake.mixed-encoding", where=self._where(line)) from None
        try:
            recoded = lines.decode("cp1252").encode()
        except UnicodeDecodeError as undefined:
            line = first_line + lines[:undefined.start].count(b"\n")
            raise GevinstError("intake.encoding", where=self._where(line)) from None
        self._decided = "cp1252"
        return recoded


def _whole_lines(data: bytes, *, end: bool) -> tuple[bytes, bytes]:
    """The whole lines of `data`, their ends made `\\n`, and what is left over for the next piece."""
    held = b""
    if data.endswith(b"\r") and not end:
        data, held = data[:-1], b"\r"  # its \n may be the first byte of the next piece
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if end:
        return (data if not data or data.endswith(b"\n") else data + b"\n"), b""
    cut = data.rfind(b"\n") + 1
    return data[:cut], data[cut:] + held
