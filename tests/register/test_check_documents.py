"""The five documents' faults are found, each in its cell, and nothing else is said of the correct tables."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from gevinst.language import speaking
from gevinst.register import bundled
from gevinst.register.check import check_portfolio_file

Place = tuple[str, str]


def found(path: Path) -> list[Place]:
    return sorted((finding.where, finding.code.removeprefix("footing.")) for finding in check_portfolio_file(path))


def on(sheet: str, code: str, *cells: str) -> list[Place]:
    return [(f"{sheet}!{cell}", code) for cell in cells]


EXPECTED = {
    "000": [
        *on("Bilag 4", "unit-unstated", "A6", "A14", "A22", "A30", "A38", "A45"),
        *on("Bilag 4", "price-level-unstated", "A45"),  # only the overview; the cases say "i 2020 pl"
        *on("Bilag 4", "sign-error", "C40"),  # investment 5, saving 2021: +1,362
        *on("Bilag 4", "units-mixed", "A45"),  # the overview is in 1.000 kr. and does not say so
    ],
    "001": on("Udmøntning", "unit-unstated", "A5", "A14", "A23", "A32", "A41"),
    "002": [
        *on("Notat", "label-formula", "A8"),  # "(B-A)" over A+B
        *on("Notat", "unit-unstated", "A25", "A36", "A47", "A58", "A69"),
        *on("Notat", "duplicate-table-number", "A57"),  # the second "Tabel 5"
        *on("Notat", "price-level-relabelled", "A25", "A36", "A47", "A58", "A69"),  # 2020 figures, "løbende priser"
    ],
    "004": [
        *on("Bilag 4", "price-level-unstated", "A5", "A19", "A31", "A43", "A55", "A67", "A79"),
        *on("Bilag 4", "units-differ", "A5"),  # thousands in the overview, millions in the cases, both said
        *on("Bilag 4", "years-disagree", "B31", "B43", "B55"),  # 2020-2023 for 2021-2024
        *on("Bilag 4", "rounding", "C34", "D34", "E34", "D70", "E70"),  # 3,5 - 5,4 = -1,9 printed -2,0
        *on("Bilag 4", "text-rounding", "A24", "A36", "A48"),  # 6,1 for 6,2; 5,9 for 6,0; 3,0 for 2,9
    ],
}


@pytest.mark.parametrize("number", sorted(EXPECTED))
def test_exactly_the_known_faults_are_found(number: str, document_workbook: Callable[[str], Path]) -> None:
    assert found(document_workbook(number)) == sorted(EXPECTED[number])


def test_the_lost_sign_is_explained_with_the_figure_that_mends_it(document_workbook: Callable[[str], Path]) -> None:
    finding = next(f for f in check_portfolio_file(document_workbook("000")) if f.code == "footing.sign-error")
    assert finding.message("da").what == (
        "Fortegnet mangler: 1,362 skal være −1,362. Så stemmer »Total« for 2021 (-); nu giver tallene 2,724.")
    assert finding.message("en").what.startswith("A sign is lost: 1,362 must be -1.362".replace("-", "−"))


def test_the_overview_that_is_a_thousand_times_its_cases_names_both_tables(
    document_workbook: Callable[[str], Path],
) -> None:
    finding = next(f for f in check_portfolio_file(document_workbook("000")) if f.code == "footing.units-mixed")
    assert finding.values["table"] == "Samlet oversigt over virkningen af investeringstiltagene:"
    assert finding.values["place"] == "Bilag 4!A6"


def test_relabelled_figures_name_where_they_come_from(document_workbook: Callable[[str], Path]) -> None:
    first = next(f for f in check_portfolio_file(document_workbook("002")) if f.code.endswith("relabelled"))
    with speaking("da"):
        text = first.message().what
    assert "mærket Løbende priser" in text
    assert "Aktiv investeringsstrategi i arbejdsmarkedspolitikken 2020-2023, 1" in text
    assert "p/l 2020" in text


def test_without_adopted_portfolios_the_memo_alone_cannot_betray_its_price_level(
    document_workbook: Callable[[str], Path],
) -> None:
    codes = {finding.code for finding in check_portfolio_file(document_workbook("002"), adopted=())}
    assert "footing.price-level-relabelled" not in codes


def test_annex_and_memo_in_one_workbook_betray_the_relabelling_themselves(
    document_rows: Callable[[str], tuple[str, list[list[object]]]], save_sheets: Callable[..., Path]
) -> None:
    path = save_sheets(dict(document_rows(number) for number in ("000", "002")))
    findings = check_portfolio_file(path, adopted=())
    relabelled = [f.where for f in findings if f.code == "footing.price-level-relabelled"]
    assert relabelled == ["Notat!A25", "Notat!A36", "Notat!A47", "Notat!A58", "Notat!A69"]
    differing = [(f.where, f.values["other"], f.values["place"]) for f in findings if f.code.endswith("figures-differ")]
    assert differing == [("Notat!D72", "1,362", "Bilag 4!C40")]  # the memo has the sign that the annex lost


def test_bundled_portfolios_are_clean_but_for_the_target_groups_they_share() -> None:
    path = bundled.FOLDER / "norddjurs-2020-2023.yaml"
    shared = [(f.code, f.values["one"], f.values["other"]) for f in check_portfolio_file(path)]
    # 300 persons for investments 1 and 2, 534 for 3 and 4 (document 001)
    assert shared == [("footing.shared-target-group", "1", "2"), ("footing.shared-target-group", "3", "4")]
    assert check_portfolio_file(bundled.FOLDER / "aarhus-2021-2024.yaml") == []
