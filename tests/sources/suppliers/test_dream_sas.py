"""SAS files: one written by haven (`dream_sas.R`), read in windows of every size, and broken ones."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import pyreadstat
import pytest

from gevinst.errors import GevinstError
from gevinst.sources.suppliers import dream_sas
from gevinst.sources.suppliers.dream_cells import OddCells
from gevinst.sources.suppliers.dream_files import Wanted
from gevinst.sources.suppliers.dream_sas import WideSas
from gevinst.sources.suppliers.dream_sas_pages import PageWindow, read_pages, windows

FILE = Path(__file__).parent / "dream.sas7bdat"
PERSONS, WEEKS = 90, 27
PAGE, HEADER = 4096, 8192


def expected() -> list[list[int]]:
    """The codes as `dream_sas.R` makes them: weeks of persons."""
    codes = [0, 111, 730, 733, 890, 999]
    return [[codes[(person * 7 + place // 4 * 5) % 6] for person in range(1, PERSONS + 1)] for place in range(WEEKS)]


def read(path: Path) -> tuple[list[list[int]], dict[str, list[Any]], list[int], WideSas]:
    file = WideSas(path)
    weeks = tuple(place for place, name in enumerate(file.names) if name.startswith("y_"))
    others = {name: file.names.index(name) for name in ("lobenr", "kon", "alder9131", "ak20")}
    found = list(file.batches(Wanted(weeks, others), OddCells()))
    codes = np.concatenate([one.codes for one in found], axis=1).tolist()
    assert [line for one in found for line in one.lines.tolist()] == list(range(1, PERSONS + 1))
    return (codes, {name: [text for one in found for text in one.others[name].to_pylist()] for name in others},
            [one.done for one in found], file)


@pytest.mark.parametrize("cells", [1, 31 * 30, 31 * 46, 1 << 20])
def test_a_sas_file_of_numbers_and_texts(monkeypatch: pytest.MonkeyPatch, cells: int) -> None:
    monkeypatch.setattr(dream_sas, "CELLS", cells)
    codes, others, done, file = read(FILE)
    assert codes == expected()
    assert others["lobenr"] == [f"{1000 + person:07d}" for person in range(1, PERSONS + 1)]
    assert others["kon"][:3] == ["M", "K", "M"]
    assert others["alder9131"][:4] == ["20", "30.5", None, "20"]
    assert set(others["ak20"]) == {"Små fag"}
    assert file.sha256 == hashlib.sha256(FILE.read_bytes()).hexdigest()
    assert (file.encoding, file.total, done[-1]) == ("utf-8", PERSONS, PERSONS)
    assert done == {1: [23, 46, 69, 90], 930: [23, 46, 69, 90], 1426: [46, 90], 1 << 20: [90]}[cells]


def test_a_layout_that_is_not_understood_is_read_without_windows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(dream_sas, "CELLS", 31 * 40)
    monkeypatch.setattr(dream_sas, "read_pages", lambda _path: None)
    codes, _, done, file = read(FILE)
    assert codes == expected()
    assert done == [40, 80, 90]
    assert file.sha256 == hashlib.sha256(FILE.read_bytes()).hexdigest()


def test_the_pages_of_a_file() -> None:
    pages = read_pages(FILE)
    assert pages is not None
    assert (pages.header, pages.page, pages.described, pages.after) == (HEADER, PAGE, 2, 0)
    assert pages.rows == (23, 23, 23, 21)


def test_a_window_is_a_file_of_its_own(tmp_path: Path) -> None:
    pages = read_pages(FILE)
    assert pages is not None
    content = FILE.read_bytes()
    with PageWindow(pages, 1, 3) as window:
        head = content[:pages.pages_at] + (4).to_bytes(8, "little") + content[pages.pages_at + 8 : HEADER + 2 * PAGE]
        whole = head + content[HEADER + 3 * PAGE : HEADER + 5 * PAGE]
        assert window.read() == whole
        assert window.read(5) == b""
        assert window.seek(0, 2) == window.tell() == len(whole)
        for begin in (0, 200, 206, HEADER + 2 * PAGE - 3, len(whole) - 2):
            window.seek(begin)
            assert window.read(7) == whole[begin : begin + 7]
        window.seek(10)
        window.seek(10, 1)
        assert window.read(None) == whole[20:]
    short = tmp_path / "short.sas7bdat"
    short.write_bytes(whole)
    cells, _ = pyreadstat.read_sas7bdat(short, row_limit=46, output_format="dict")
    assert cells["lobenr"] == [f"{1000 + person:07d}" for person in range(24, 70)]


def test_descriptions_after_the_rows_stand_in_every_window(tmp_path: Path) -> None:
    """A last page of another kind, as SAS adds when a file is amended."""
    path = tmp_path / "amended.sas7bdat"
    content = bytearray(FILE.read_bytes() + bytes(PAGE))
    content[204:212] = (7).to_bytes(8, "little")
    content[-PAGE + 32 : -PAGE + 34] = (0x9000).to_bytes(2, "little")
    path.write_bytes(content)
    pages = read_pages(path)
    assert pages is not None
    assert (pages.rows, pages.after) == ((23, 23, 23, 21), 1)
    found = list(windows(pages, 0, 46))
    assert [(skip, rows) for _, skip, rows in found] == [(0, 46), (0, 44)]
    for window, _, _ in found:
        with window:
            assert window.read()[-PAGE:] == bytes(content[-PAGE:])
    assert read(path)[0] == expected()


def test_rows_after_the_descriptions_after_the_rows(tmp_path: Path) -> None:
    path = tmp_path / "mixed.sas7bdat"
    content = bytearray(FILE.read_bytes())
    content[HEADER + 4 * PAGE + 32 : HEADER + 4 * PAGE + 34] = (0x9000).to_bytes(2, "little")
    path.write_bytes(content)
    assert read_pages(path) is None


def test_a_size_that_is_not_as_the_header_says(tmp_path: Path) -> None:
    path = tmp_path / "longer.sas7bdat"
    path.write_bytes(FILE.read_bytes() + b"x")
    assert read_pages(path) is None
    assert read(path)[0] == expected()


def code_of(path: Path) -> str:
    with pytest.raises(GevinstError) as fault:
        read(path)
    assert fault.value.where == path.name
    return fault.value.code


@pytest.mark.parametrize("content", [
    b"lobenr,y_2401\n", b"", FILE.read_bytes()[:5000], FILE.read_bytes()[:-PAGE], FILE.read_bytes()[:-100],
    bytes(100) + FILE.read_bytes()[100:],
], ids=["text", "empty", "no pages", "a page short", "cut in a page", "another beginning"])
def test_a_file_that_is_not_a_whole_sas_file(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "dream.sas7bdat"
    path.write_bytes(content)
    assert code_of(path) == "dream.sas"


ROWS_AT = FILE.read_bytes().index(bytes.fromhex("f7f7f7f7")) + 48  # how many rows the file says it has


@pytest.mark.parametrize("rows", [91, 89 + PAGE * 2, 10**6, 10**12])
def test_a_file_that_says_it_has_more_rows(tmp_path: Path, rows: int) -> None:
    path = tmp_path / "dream.sas7bdat"
    content = bytearray(FILE.read_bytes())
    assert content[ROWS_AT : ROWS_AT + 8] == PERSONS.to_bytes(8, "little")
    content[ROWS_AT : ROWS_AT + 8] = rows.to_bytes(8, "little")
    path.write_bytes(content)
    assert code_of(path) == "dream.sas"


def test_two_columns_of_one_name(tmp_path: Path) -> None:
    path = tmp_path / "dream.sas7bdat"
    path.write_bytes(FILE.read_bytes().replace(b"y_2043", b"y_2044"))
    assert code_of(path) == "dream.sas"


def test_the_pages_of_a_file_of_another_kind(tmp_path: Path) -> None:
    path = tmp_path / "dream.sas7bdat"
    path.write_bytes(b"x" * 300)
    with pytest.raises(GevinstError) as fault:
        read_pages(path)
    assert fault.value.code == "dream.sas"


def test_a_file_that_says_another_encoding_than_it_is_in(tmp_path: Path) -> None:
    """Written as UTF-8, but with the one byte that cp1252 has for å."""
    path = tmp_path / "dream.sas7bdat"
    content = FILE.read_bytes()
    path.write_bytes(content.replace("Små fag".encode(), "Små fag ".encode("cp1252")))
    codes, others, _, file = read(path)
    assert set(others["ak20"]) == {"Små fag"}
    assert codes == expected()
    assert file.encoding == "cp1252"


def test_a_file_that_may_not_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    for reader in (read_pages, WideSas):
        with pytest.raises(GevinstError) as fault:
            reader(FILE)
        assert fault.value.code == "intake.unreadable-file"
