"""`gevinst lint`: what it prints, in three formats and two languages, and its exit codes."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gevinst.cli import app
from gevinst.errors import GevinstError
from tests.lint.making import as_page, as_pdf, as_word, document, transcription

runner = CliRunner()
SOUND = "# Notat\n\nTabel 1 - I mio. kr., 2020 p/l\n\n|= | 2020 | 2021\n| Investering | 1,0 | 2,0\n| I alt | 1,0 | 2,0"


def test_nothing_wrong_is_exit_code_0(tmp_path: Path) -> None:
    result = runner.invoke(app, ["lint", str(as_word(transcription(SOUND), tmp_path / "notat.docx"))])
    assert (result.exit_code, result.stdout.splitlines()[-1].strip()) == (0, "Ingen fejl fundet.")


def test_findings_are_exit_code_1_and_say_place_reason_and_figure(tmp_path: Path) -> None:
    path = as_word(transcription(document("000")), tmp_path / "bilag.docx")
    result = runner.invoke(app, ["lint", str(path)])
    assert result.exit_code == 1
    assert "fejl · tabel (5), række »Besparelse på forsørgelse«, kolonne »2021« [footing.sign-error]" in result.stdout
    assert "Fortegnet mangler: 1,362 skal være −1,362." in result.stdout
    english = runner.invoke(app, ["lint", str(path), "--language", "en"])
    assert "A sign is lost: 1,362 must be −1.362." in english.stdout


def test_several_files_as_json_and_csv(tmp_path: Path) -> None:
    bad = as_page(transcription(document("004")), tmp_path / "a.html")
    good = as_word(transcription(SOUND), tmp_path / "b.docx")
    result = runner.invoke(app, ["lint", str(bad), str(good), "--format", "json"])
    files = json.loads(result.stdout)
    assert [Path(file["file"]).name for file in files] == ["a.html", "b.docx"]
    rounding = next(f for f in files[0]["findings"] if f["code"] == "footing.rounding")
    assert (rounding["table"], rounding["row"], rounding["column"]) == ("(3)", "Gevinst (-)", "2021")
    assert (rounding["should_be"], rounding["severity"], files[1]["findings"]) == ("-1.9", "note", [])
    table = runner.invoke(app, ["lint", str(bad), "--format", "csv"]).stdout
    assert len(list(csv.DictReader(io.StringIO(table), delimiter=";"))) == len(files[0]["findings"])


@pytest.mark.parametrize(("name", "content", "code"), [
    ("notat.odt", b"x", "lint.file-kind"),
    ("notat.docx", b"no zip at all", "lint.not-word"),
    ("notat.pdf", b"%PDF-1.7\nnothing", "lint.not-pdf"),
    ("notat.xlsx", b"no zip at all", "register.not-a-workbook"),
    ("notat.html", b"", "lint.not-html"),
])
def test_a_file_that_cannot_be_read_is_exit_code_2(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    (tmp_path / name).write_bytes(content)
    result = runner.invoke(app, ["lint", str(tmp_path / name)])
    assert isinstance(result.exception, GevinstError)
    assert result.exception.code == code
    assert result.stdout == ""


def test_a_damaged_page_or_part_is_exit_code_2(tmp_path: Path) -> None:
    """A page whose size is no number, and a Word file one byte of which is another: met among ten thousand of each."""
    blocks = transcription(SOUND)
    page = as_pdf(blocks, tmp_path / "notat.pdf").read_bytes()
    assert page.count(b"841.8898") == 1
    word = bytearray(as_word(blocks, tmp_path / "notat.docx").read_bytes())
    start = word.index(b"word/document.xml") + len(b"word/document.xml")
    word[start + 40 : start + 60] = bytes(20)
    for name, content, code in (("notat.pdf", page.replace(b"841.8898", b"841.(x)8"), "lint.not-pdf"),
                                ("notat.docx", bytes(word), "lint.not-word")):
        (tmp_path / name).write_bytes(content)
        result = runner.invoke(app, ["lint", str(tmp_path / name)])
        assert isinstance(result.exception, GevinstError), (name, result.output)
        assert result.exception.code == code


@pytest.mark.parametrize("name", ["mangler.docx", "mangler.pdf", "mangler.html"])
def test_a_missing_file_is_said(tmp_path: Path, name: str) -> None:
    result = runner.invoke(app, ["lint", str(tmp_path / name)])
    assert isinstance(result.exception, GevinstError)
    assert result.exception.code in ("lint.file-missing", "lint.not-word")
