"""Every known fault of the five municipal documents is found in each format, in its place, and nothing else grave."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from gevinst.lint.check import lint_memo, read_memo
from gevinst.lint.findings import Located
from tests.lint.conftest import FORMATS
from tests.lint.making import document

# (code, printed table number or the table's number in the file, row, column)
GRAVE = {
    "000": [
        ("footing.sign-error", "(5)", "Besparelse på forsørgelse", "2021"),
        ("footing.units-mixed", "(6)", "", ""),
    ],
    "001": [],
    "002": [
        ("footing.price-level-relabelled", "3", "", ""),
        ("footing.price-level-relabelled", "4", "", ""),
        ("footing.price-level-relabelled", "5", "", ""),
        ("footing.price-level-relabelled", "5", "", ""),
        ("footing.price-level-relabelled", "6", "", ""),
        ("footing.duplicate-table-number", "", "", ""),
        ("footing.label-formula", "1", "Forventet i alt (B-A)", ""),
    ],
    "003": [],
    "004": [
        ("footing.years-disagree", "(3)", "", ""),
        ("footing.years-disagree", "(4)", "", ""),
        ("footing.years-disagree", "(5)", "", ""),
    ],
}


def places(found: list[Located], *, grave: bool = True) -> list[tuple[str, str, str, str]]:
    return [(each.finding.code, each.place.table, each.place.row, "" if "years" in each.finding.code
             else each.place.column) for each in found if each.grave is grave]


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("number", sorted(GRAVE))
def test_exactly_the_known_faults_are_found_in_their_places(
    number: str, kind: str, document_file: Callable[[str, str], Path]
) -> None:
    found = lint_memo(read_memo(document_file(number, kind)))
    assert places(found) == GRAVE[number]


@pytest.mark.parametrize("kind", FORMATS)
def test_rounding_and_missing_units_are_remarks(kind: str, document_file: Callable[[str, str], Path]) -> None:
    notes = places(lint_memo(read_memo(document_file("004", kind))), grave=False)
    assert [note for note in notes if note[0] == "footing.rounding"] == [
        ("footing.rounding", "(3)", "Gevinst (-)", "2021"), ("footing.rounding", "(3)", "Gevinst (-)", "2022"),
        ("footing.rounding", "(3)", "Gevinst (-)", "2023"), ("footing.rounding", "(6)", "Gevinst (-)", "2023"),
        ("footing.rounding", "(6)", "Gevinst (-)", "2024")]
    assert [note[0] for note in notes].count("footing.text-rounding") == 3  # 6,1 for 6,2; 5,9 for 6,0; 3,0 for 2,9
    assert [note[:2] for note in notes if note[0] == "footing.units-differ"] == [("footing.units-differ", "(1)")]


@pytest.mark.parametrize("kind", ["ruled.pdf", "booktabs.pdf", "bare.pdf"])
def test_a_pdf_gives_the_page(kind: str, document_file: Callable[[str, str], Path]) -> None:
    found = lint_memo(read_memo(document_file("002", kind)))
    pages = [each.place.page for each in found]
    assert all(pages)
    assert pages[:5] == sorted(pages[:5])
    assert pages[0] != pages[4]


def test_a_workbook_gives_the_cell(document_file: Callable[[str, str], Path]) -> None:
    first = lint_memo(read_memo(document_file("000", "xlsx")))[0]
    assert first.finding.code == "footing.sign-error"
    assert first.place.cell.startswith("Ark1!C")


MENDED = {
    "000": [("| Besparelse på forsørgelse | -2,128 | 1,362 |", "| Besparelse på forsørgelse | -2,128 | -1,362 |"),
            ("Samlet oversigt over virkningen af investeringstiltagene:",
             "Samlet oversigt over virkningen af investeringstiltagene (1.000 kr., 2020 pl)"),
            ("|= (i 2020 pl)", "|= Mio. kr. (i 2020 pl)")],
    "002": [("(B-A)", "(A+B)"), ("Tabel 6 -", "Tabel 7 -"), ("Tabel 5 - Opfølgning på investeringscase: Jobs",
                                                             "Tabel 6 - Opfølgning på investeringscase: Jobs"),
            ("|= Løbende priser |", "|= Mio. kr., budget i 2020 p/l og resultat i løbende priser |")],
    "004": [("|= Mio. kr. | 2020 | 2021 | 2022 | 2023", "|= Mio. kr. | 2021 | 2022 | 2023 | 2024")],
}


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("number", ["000", "001", "002", "003", "004"])
def test_a_document_with_its_faults_mended_gives_nothing_grave(
    number: str, kind: str, lint_text: Callable[..., list[Located]]
) -> None:
    text = document(number)
    for wrong, right in MENDED.get(number, []):
        assert wrong in text
        text = text.replace(wrong, right)
    assert places(lint_text(text, kind)) == []
