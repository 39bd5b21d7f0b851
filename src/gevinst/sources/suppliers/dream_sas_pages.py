"""The pages of a SAS data file, so that a long one can be read a window of rows at a time.

A `.sas7bdat` file is a header and pages of one size: first the pages that describe the columns, then pages of rows,
and sometimes further descriptions last. pyreadstat does the reading; asked for rows far into a file it still walks
through every page before them, so that reading in chunks would take time by the square of the file. It reads from
any object with `read` and `seek`, however, and a `PageWindow` is one that looks like a shorter file: the
descriptions, and some of the pages of rows.

Page layout as in M. Shotwell, "SAS7BDAT database binary format", and ReadStat's `readstat_sas.h`.
"""

from __future__ import annotations

import hashlib
import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gevinst.errors import GevinstError

_MAGIC = bytes(12) + bytes.fromhex("c2ea8160b31411cfbd92080009c7318c181f1011")
_DATA, _MIXED, _KIND = 0x0100, 0x0200, 0x0F00
_PACKED_ROW, _CUT_OFF = 4, 1  # marks of a page's pointers: to a compressed row; to nothing any more
_MARKS, _LOWEST_MARK = {0xF7F7F7F7, 0xF6F6F6F6}, 0xFFFFFBFE  # with which descriptions begin
_BIG = b"3"  # how the header says "64 bits", and "four bytes further on"
_SMALLEST, _LARGEST = 1 << 9, 1 << 26


@dataclass(frozen=True)
class Pages:
    """How a file is laid out. `rows` has the number of rows of each page that holds nothing else, in order.

    The first `described` pages are those of the descriptions; they may end with some rows. The last `after` pages
    are descriptions too. `pages_at` is where the file says how many pages it has, `number` how it is written there.
    """

    path: Path
    header: int
    page: int
    described: int
    rows: tuple[int, ...]
    after: int
    pages_at: int
    number: str
    sha256: str


def read_pages(path: Path) -> Pages | None:
    """Find the pages, and the checksum of the file on the way.

    `None` for a layout that is not understood: descriptions in the midst of rows, or another size than the header
    says. Such a file is read without windows. Raises `dream.sas` for a file of another kind, and
    `intake.unreadable-file`.
    """
    try:
        with path.open("rb") as file:
            return _read_pages(path, file, path.stat().st_size)
    except OSError as fault:
        raise GevinstError("intake.unreadable-file", where=path.name) from fault


def _read_pages(path: Path, file: io.BufferedReader, size: int) -> Pages | None:
    head = file.read(288)
    if len(head) < 288 or not head.startswith(_MAGIC):
        raise GevinstError("dream.sas", where=path.name)
    wide, shift = head[32:33] == _BIG, 4 if head[35:36] == _BIG else 0
    order = "<" if head[37] == 1 else ">"
    header, page = struct.unpack_from(f"{order}II", head, 196 + shift)
    number = f"{order}{'Q' if wide else 'I'}"
    (count,) = struct.unpack_from(number, head, 204 + shift)
    if not (_SMALLEST <= page <= _LARGEST and header >= 288 and header + page * count == size):
        return None
    digest = hashlib.sha256(head + file.read(header - 288))
    layout = _Layout(order, wide)
    rows: list[int] = []
    described = after = 0
    for _ in range(count):
        content = file.read(page)
        digest.update(content)
        only = layout.rows_only(content)
        if (only is not None and after) or (only is None and rows and layout.rows_in(content)):
            return None
        if only is not None:
            rows.append(only)
        elif rows:
            after += 1
        else:
            described += 1
    return Pages(path, header, page, described, tuple(rows), after, 204 + shift, number, digest.hexdigest())


@dataclass(frozen=True)
class _Layout:
    """How a page begins: the kind of page, how many things it holds, how many pointers to them, and the pointers.

    In a compressed file rows have pointers too, as descriptions have: to a packed row, or to one that packing made
    no smaller. The latter is told from a description by its first four bytes.
    """

    order: str
    wide: bool

    def rows_only(self, page: bytes) -> int | None:
        """The rows of a page that holds nothing but rows; `None` for another page."""
        kind, things = self._kind(page)
        if kind & _KIND == _DATA:
            return things
        rows = self._are_rows(page)
        return len(rows) if kind == 0 and rows and all(rows) else None

    def rows_in(self, page: bytes) -> bool:
        """Whether a page with descriptions may hold rows too."""
        kind, _ = self._kind(page)
        return kind & _KIND == _MIXED or any(self._are_rows(page))

    def _kind(self, page: bytes) -> tuple[int, int]:
        kind, things = struct.unpack_from(f"{self.order}HH", page, 32 if self.wide else 16)
        return kind, things

    def _are_rows(self, page: bytes) -> list[bool]:
        """For each pointer that points at something: whether that is a row."""
        start = 32 if self.wide else 16
        (pointers,) = struct.unpack_from(f"{self.order}H", page, start + 4)
        form, size = (f"{self.order}QQBB", 24) if self.wide else (f"{self.order}IIBB", 12)
        found = []
        for first in range(start + 8, min(start + 8 + pointers * size, len(page) - size), size):
            offset, length, packed, row = struct.unpack_from(form, page, first)
            if length and packed != _CUT_OFF:
                found.append(packed == _PACKED_ROW or bool(row and not self._describes(page, offset)))
        return found

    def _describes(self, page: bytes, offset: int) -> bool:
        if offset + 4 > len(page):
            return True
        (mark,) = struct.unpack_from(f"{self.order}I", page, offset)
        return mark in _MARKS or mark >= _LOWEST_MARK


def windows(pages: Pages, rows_before: int, most: int) -> Iterator[tuple[PageWindow, int, int]]:
    """The file in windows of at most about `most` rows: each with the rows to skip in it and those to read.

    `rows_before` are the rows that stand with the descriptions. Close the windows.
    """
    first, skip = 0, 0
    while first < len(pages.rows) or first == 0:
        last, rows = first, rows_before - skip
        while last < len(pages.rows) and (last == first or rows + pages.rows[last] <= most):
            rows += pages.rows[last]
            last += 1
        yield PageWindow(pages, first, last), skip, rows
        if last >= len(pages.rows):
            return
        first, skip = last, rows_before


class PageWindow:
    """Some pages of rows between the descriptions, as a file of its own."""

    def __init__(self, pages: Pages, first: int, last: int) -> None:
        self._file = pages.path.open("rb")
        begin = pages.header + pages.described * pages.page
        rows, end = (last - first) * pages.page, pages.after * pages.page
        # The stretches of the shorter file: where each ends, and how much further on it lies in the real one.
        self._stretches = ((begin, 0), (begin + rows, first * pages.page),
                           (begin + rows + end, (len(pages.rows) - (last - first)) * pages.page))
        self._size = begin + rows + end
        self._place = 0
        self._count_at = pages.pages_at
        self._count = struct.pack(pages.number, pages.described + last - first + pages.after)

    def __enter__(self) -> PageWindow:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Go to a place of the shorter file."""
        self._place = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._size}[whence] + offset
        return self._place

    def tell(self) -> int:
        """Where in the shorter file."""
        return self._place

    def read(self, size: int | None = -1, /) -> bytes:
        """The next bytes of the shorter file."""
        left = max(self._size - self._place, 0)
        wanted = left if size is None or size < 0 else min(size, left)
        found, place = b"", self._place
        for end, jump in self._stretches:
            step = min(wanted - len(found), end - place)
            if step > 0:
                self._file.seek(place + jump)
                found += self._file.read(step)
                place += step
        found = self._recounted(found)
        self._place += len(found)
        return found

    def _recounted(self, piece: bytes) -> bytes:
        """The bytes, with the shorter file's number of pages where the header says it."""
        first = self._count_at - self._place
        if first + len(self._count) <= 0 or first >= len(piece):
            return piece
        changed = bytearray(piece)
        for place, byte in enumerate(self._count, first):
            if 0 <= place < len(changed):
                changed[place] = byte
        return bytes(changed)
