"""Ledgers in workbooks: numbers as numbers, days as days, and the same postings as from the text file."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from gevinst.errors import GevinstError
from gevinst.sources.parts import find_parts
from gevinst.sources.suppliers.opus import default_supplier, open_ledger
from gevinst.sources.suppliers.opus_layout import read_layout
from tests.sources.conftest import Intake
from tests.sources.suppliers.test_opus import EXPECTED, HEAD, LEDGER, RULES, postings, read

Sheets = dict[str, list[list[object]]]


def workbook(sheets: Sheets, *, hidden: tuple[str, ...] = (), first: tuple[int, int] = (0, 0)) -> bytes:
    """A workbook with these sheets; days and numbers as such, from the cell `first`."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        day = book.add_format({"num_format": "dd-mm-yyyy"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for row, cells in enumerate(rows, first[0]):
                for column, cell in enumerate(cells, first[1]):
                    if isinstance(cell, date):
                        sheet.write_datetime(row, column, cell, day)
                    elif cell != "":
                        sheet.write(row, column, cell)
            if name in hidden:
                sheet.hide()
    return out.getvalue()


def rows() -> list[list[object]]:
    """The text file's postings as a spreadsheet would hold them."""
    found: list[list[object]] = [HEAD.split(";")]
    for line in LEDGER.splitlines()[1:]:
        day, account, psp, text, amount, side = line.split(";")
        d, m, y = (int(part) for part in day.split("-"))
        found.append([date(y, m, d), account, psp, text, float(amount.replace(".", "").replace(",", ".")), side])
    return found


@pytest.mark.parametrize("make", [
    lambda: workbook({"Ark1": rows()}),
    lambda: workbook({"Ark1": [["Posteringsliste"], [], *rows()]}, first=(3, 2)),
    lambda: workbook({"Forside": [["Til økonomi"]], "Ark1": rows()}),
    lambda: workbook({"Ark1": rows(), "Gammel": rows()}, hidden=("Gammel",)),
    lambda: workbook({"Ark1": [[str(cell) if not isinstance(cell, float) else f"{cell:.2f}".replace(".", ",")
                                for cell in row] for row in rows()]}),
])
def test_a_workbook_gives_the_postings_of_the_text_file(
    make: Callable[[], bytes], intake: Intake, tmp_path: Path
) -> None:
    done = read(intake, tmp_path, make(), rules=RULES, name="opus.xlsx")
    assert postings(done) == EXPECTED


def test_numbers_are_exact_and_no_thousands(intake: Intake, tmp_path: Path) -> None:
    head = ["Bogf.dato", "Funktion", "Dranst", "Gruppering", "Artskonto", "Beløb"]
    amounts: list[object] = [0.1 + 0.2, -1234567.89, 1200, 1.234, "1.234", "1.234,50-", True]
    content = workbook({"A": [head, *([date(2021, 2, 1), 56890, 1, 7, 40001000, one] for one in amounts)]})
    done = read(intake, tmp_path, content, rules="", name="opus.xlsx")
    found = sorted(int(row["amount_dkk"] * 100) for row in done.table("postings").to_pylist())
    assert found == sorted([30, -123456789, 120000, 123400, -123450, 100])
    assert done.rejects() == [("opus.xlsx", 5, "amount_dkk", "not-a-number")]
    assert {row["account"] for row in done.table("postings").to_pylist()} == {"5.68.90-1-007-40001000"}


def test_rejects_name_the_sheets_row(intake: Intake, tmp_path: Path) -> None:
    bad = [*rows(), [date(2020, 1, 1), "5.68.90", "", "x", "fem", "Debet"]]
    done = read(intake, tmp_path, workbook({"A": [[], ["Liste"], *bad]}, first=(2, 0)), name="opus.xlsx")
    assert done.rejects() == [("opus.xlsx", 11, "amount_dkk", "not-a-number")]


@pytest.mark.parametrize(("make", "code"), [
    (lambda: workbook({"2020": rows(), "2021": rows()}), "ledger.two-sheets"),
    (lambda: workbook({"A": [["Bogf.dato", "Konto", "Beløb", "Beløb"]]}), "ledger.column-twice"),
    (lambda: workbook({"A": [["Bogf.dato", "PSP-element", "Kroner"]]}), "ledger.columns-missing"),
])
def test_a_workbook_that_cannot_be_told_is_refused(make: Callable[[], bytes], code: str, tmp_path: Path) -> None:
    path = tmp_path / "opus.xlsx"
    path.write_bytes(make())
    with pytest.raises(GevinstError) as fault:
        [part.open() for part in find_parts(tmp_path, [default_supplier()])[0]]
    assert fault.value.code == code
    assert "{" not in str(fault.value)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"Bogf.dato;Konto;Beloeb", workbook({"A": [["x", "y"]]})])
def test_other_workbooks_are_none_of_ours(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "andet.xlsx"
    path.write_bytes(content)
    assert default_supplier().parts(path) == ()


def test_a_workbook_that_changed_since_it_was_recognised(tmp_path: Path) -> None:
    path = tmp_path / "opus.xlsx"
    with pytest.raises(GevinstError) as fault:
        open_ledger(path, read_layout())
    assert fault.value.code == "intake.unreadable-file"
    path.write_bytes(workbook({"A": [["x"]]}))
    with pytest.raises(GevinstError) as fault:
        open_ledger(path, read_layout())
    assert fault.value.code == "ledger.columns-missing"
