from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from gevinst.errors import GevinstError
from gevinst.sources.text import TextFile

TEXT = "id;tekst\n1;æøå ÆØÅ é\n2;blåbærgrød\n3;slut\n"


def read(path: Path, content: bytes, piece: int = 1 << 20) -> tuple[str, TextFile]:
    path.write_bytes(content)
    file = TextFile(path, piece)
    line, parts = 1, []
    for one in file.pieces():
        assert one.first_line == line
        line += one.data.count(b"\n")
        parts.append(one.data)
    return b"".join(parts).decode(), file


@pytest.mark.parametrize("piece", [1, 2, 3, 7, 16, 1 << 20])
@pytest.mark.parametrize(("codec", "named"), [("utf-8", "utf-8"), ("cp1252", "cp1252"), ("utf-8-sig", "utf-8-sig"),
                                              ("utf-16", "utf-16")])
def test_one_text_in_four_encodings_and_pieces_of_any_size(tmp_path: Path, piece: int, codec: str, named: str) -> None:
    if piece < 3 and codec in ("utf-8-sig", "utf-16"):
        piece = 4  # a byte order mark must fit in the first piece
    content = TEXT.encode(codec)
    text, file = read(tmp_path / "f.csv", content, piece)
    assert text == TEXT
    assert file.encoding == named
    assert file.sha256 == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("piece", [1, 5, 1 << 20])
def test_line_ends_of_three_kinds(tmp_path: Path, end: str, piece: int) -> None:
    assert read(tmp_path / "f.csv", TEXT.replace("\n", end).encode(), piece)[0] == TEXT


def test_a_last_line_without_end(tmp_path: Path) -> None:
    assert read(tmp_path / "f.csv", TEXT.rstrip("\n").encode(), 5)[0] == TEXT


@pytest.mark.parametrize(("content", "code", "where"), [
    (b"a;b\n1;\0\n", "intake.not-text", "f.csv:2"),
    ("a;b\n1;2\n".encode("utf-16-le"), "intake.not-text", "f.csv:1"),
    (b"a\nb\n\xe6\xc3\xa6\n", "intake.mixed-encoding", "f.csv:3"),
    (b"a\nb\x81\n", "intake.encoding", "f.csv:2"),
    ("a;b\n".encode("utf-16")[:-1], "intake.encoding", "f.csv"),
    (b"PK\x03\x04 and so on", "intake.workbook", "f.csv"),
    (b"x" * (3 << 20), "intake.long-line", "f.csv:1"),
])
def test_what_is_not_a_text_of_lines(tmp_path: Path, content: bytes, code: str, where: str) -> None:
    with pytest.raises(GevinstError) as fault:
        read(tmp_path / "f.csv", content)
    assert (fault.value.code, fault.value.where) == (code, where)


@pytest.mark.parametrize("piece", [4, 1 << 20])
@pytest.mark.parametrize("codecs", [("utf-8", "cp1252"), ("cp1252", "utf-8")])
def test_two_encodings_in_one_file_are_noticed(tmp_path: Path, codecs: tuple[str, str], piece: int) -> None:
    content = "æ\nø\n".encode(codecs[0]) + "å\n".encode(codecs[1])
    with pytest.raises(GevinstError) as fault:
        read(tmp_path / "f.csv", content, piece)
    assert fault.value.code == "intake.mixed-encoding"


def test_a_file_that_is_gone(tmp_path: Path) -> None:
    with pytest.raises(GevinstError) as fault:
        list(TextFile(tmp_path / "none.csv").pieces())
    assert fault.value.code == "intake.unreadable-file"
