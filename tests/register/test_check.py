"""The check says what is wrong with any file whatever, and never fails itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gevinst.register import bundled
from gevinst.register.check import check_portfolio_file, check_printed
from gevinst.register.find_tables import Grid, find_document

TABLES = (Path(__file__).parent / "bad_tables" / "clean.yaml").read_text(encoding="utf-8")
PORTFOLIO = (bundled.FOLDER / "norddjurs-2020-2023.yaml").read_text(encoding="utf-8")
SPLINTERS = st.sampled_from(["[", "]", "{", "}", ":", "- ", "&a ", "*a", "!!int ", "'", '"', "\n", "\t", "3,079",
                             "1e400", ".nan", "9" * 30, "2020-02-30", "null", "unit: kr.\n", ""])
CELLS = st.sampled_from([2020, 2021.0, "2022", "Budget", "Resultat 2020", "Forventet", "Investering (A)",
                         "Besparelse (B)", "I alt (B-A)", "Total", "Forslag 1", "1. En sag om noget",
                         "Tabel 5 - Samlet oversigt", "Mio. kr.", "1.000 kr.", "2020 p/l",
                         "løbende priser", "", None, 1.5, -3, "3,079", "-", "x", True, 1e300,
                         "et overskud på 3,0 mio. kr. i perioden", 0])


@given(text=st.sampled_from([TABLES, PORTFOLIO]), data=st.data())
@settings(max_examples=60, deadline=None)
def test_a_damaged_file_gives_findings_that_can_be_said(
    text: str, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(text)))
        text = text[:at] + data.draw(SPLINTERS) + text[at + data.draw(st.sampled_from([0, 1, 8])):]
    path = tmp_path_factory.getbasetemp() / "damaged.yaml"
    path.write_text(text, encoding="utf-8")
    for finding in check_portfolio_file(path):
        assert finding.message("da").what
        assert finding.message("en").do
        assert finding.where


@given(st.lists(st.lists(CELLS, max_size=6), min_size=1, max_size=12))
@settings(max_examples=200, deadline=None)
def test_any_sheet_gives_findings_that_can_be_said(rows: list[list[object]]) -> None:
    grid = Grid([["Mio. kr.", 2020, 2021, 2022], *rows], lambda row, column: f"Ark!{column}:{row}")
    for finding in check_printed(find_document([grid]), bundled.portfolios(), "bog.xlsx"):
        assert finding.message("da").what
        assert finding.where
