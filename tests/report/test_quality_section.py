"""The data-quality report as a page and in the memo's appendix, and the notes of figures that cross a break."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from gevinst.curves.curve import Curve
from gevinst.follow_up.definition_breaks import BreakNote
from gevinst.follow_up.disclosure.rules import Rules
from gevinst.follow_up.edition import Edition
from gevinst.language import speaking
from gevinst.parameters.quality_rules import national_rules
from gevinst.quality import quality_alone
from gevinst.register.business_case import Portfolio
from gevinst.register.data_quality import BreakMark, DataQuality, LagPoint, Measured, MonthCount, QualityMeasures
from gevinst.report.memo import build_memo
from gevinst.report.quality_section import quality_blocks, quality_page
from gevinst.report.tree import Document, Figure, Heading, Table

REFORM = "01-07-2025: Kontanthjælpsreformen samler tre ydelser."


@pytest.fixture
def report() -> DataQuality:
    rules = national_rules()
    measured = {
        "short-gaps": [Measured(("a-dagpenge",), 0.3, 300, 1000)],
        "spells-without-persons": [Measured((), 3 / 90, 3, 90)],
        "thin-months": [Measured(("a-dagpenge", "2025-03", "starts"), 0.6 + at / 1000, 40, 100, part=False)
                        for at in range(12)],
        "impossible-dates": [Measured(("spells", "intake.row-bad-date"), 0.05, 50, 1000)],
    }
    months = tuple(MonthCount("a-dagpenge", date(2025, month, 1), 120, None if month == 2 else 100.0 + month, 10, 10,
                              101.0 if month < 3 else None) for month in range(1, 13))
    found = QualityMeasures("s", date(2026, 1, 10), None, None, tuple(
        (rule, tuple(measured.get(key, [Measured((), 0.0, 0, 1000)]))) for key, rule in rules.items()))
    return DataQuality(
        "20260110T120000000000Z-abcdef01", date(2026, 1, 10), date(2020, 1, 1), date(2025, 12, 28),
        quality_alone(found, Rules()).outcomes, months,
        (BreakMark(date(2025, 7, 1), ("a-dagpenge",), "Kontanthjælpsreform", REFORM),),
        (LagPoint(0, 0.9), LagPoint(1, 0.99)), 5, {"a-dagpenge": "A-dagpenge"})


def table(blocks: Document | list[object], key: str) -> Table:
    found = blocks.blocks if isinstance(blocks, Document) else blocks
    return next(block for block in found if isinstance(block, Table) and block.key == key)


def test_every_rule_has_a_row_with_limit_and_verdict(report: DataQuality) -> None:
    with speaking("da"):
        blocks = quality_blocks(report)
        rows = table(list(blocks), "quality-rules").rows
    assert len(rows) == len(national_rules())
    by_rule = {row.cells[0].text: [cell.text for cell in row.cells[1:]] for row in rows}
    assert by_rule["Korte huller (1–3 uger) mellem to forløb på samme ydelse"] == [
        "over 10,0\xa0% / over 25,0\xa0%", "30,0\xa0%", "alvorligt"]
    assert by_rule["Personer med forløb, men uden række i filen persons"][1:] == ["hviler på under 5", "bemærk"]
    assert by_rule["Forløb med en grad under 5 procent"][1:] == ["i orden", "i orden"]


def test_what_is_over_a_limit_is_named_and_the_rest_counted(report: DataQuality) -> None:
    with speaking("da"):
        found = table(list(quality_blocks(report)), "quality-findings")
    cells = [[cell.text for cell in row.cells[1:3]] for row in found.rows]
    assert ["A-dagpenge", "30,0\xa0%; 300 af 1.000"] in cells
    assert ["", "hviler på under 5"] in cells
    assert ["A-dagpenge, marts 2025, forløb begyndt", "61,1\xa0%; 40 mod 100 i månederne omkring"] in cells
    assert any(where.startswith("spells, ") and "intake" not in where for where, _ in cells)
    assert found.note.endswith("2 flere er ikke vist.")


def test_the_months_have_the_break_drawn_and_named(report: DataQuality) -> None:
    with speaking("da"):
        figure = next(block for block in quality_blocks(report) if isinstance(block, Figure))
    drawn = str(figure.spec["layer"])
    assert "2025-07-01" in drawn
    assert "Kontanthjælpsreform 01-07-2025" in drawn
    assert REFORM in figure.note
    assert "Ringe er offentliggjorte tal" in figure.note
    assert figure.data is not None
    february = figure.data.rows[1]
    assert [cell.text for cell in february.cells] == ["februar 2025", "–", "101,0"]


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_page_is_whole_in_both_languages(report: DataQuality, language: str) -> None:
    with speaking("en" if language == "en" else "da"):
        page = quality_page(report, "Prøvekøbing")
    assert f'lang="{language}"' in page
    assert page.count("<h1") == 1
    assert not re.search(r"[\ue000\ue001]", page)
    assert page == page.replace("None", "")


def test_the_memo_has_it_as_an_appendix_only_where_there_are_data(
    make_edition: Callable[[Portfolio], Edition], portfolio: Portfolio, report: DataQuality
) -> None:
    edition = make_edition(portfolio)

    def headings(one: Edition) -> list[str]:
        return [block.key for block in build_memo(one).blocks if isinstance(block, Heading)]

    assert "appendix-quality" not in headings(edition)
    with_data = headings(replace(edition, quality=report))
    assert with_data.index("appendix-quality") < with_data.index("appendix")


def test_figures_that_cross_a_break_say_so_and_no_others(
    make_edition: Callable[[Portfolio], Edition], portfolio: Portfolio, published: tuple[Curve, ...]
) -> None:
    edition = replace(make_edition(portfolio), published=published)
    plain = {figure.key: figure for figure in build_memo(edition).figures()}
    assert not any("brud i definitionerne" in figure.note for figure in plain.values())
    family = "published/a-dagpenge/with_relapse/same"
    notes = (BreakNote(family, date(2019, 8, 9), "Ny forløbsregel", "09-08-2019: Ny regel."),
             BreakNote("budget", date(2021, 7, 1), "Reform", "01-07-2021: Nye satser."))
    marked = {figure.key: figure for figure in build_memo(replace(edition, breaks=notes)).figures()}
    assert "09-08-2019: Ny regel." in marked["published/0"].note
    assert "01-07-2021: Nye satser." in marked["overview"].note
    assert "Reform 01-07-2021" in str(marked["overview"].spec["layer"])
    assert {key for key in plain if plain[key] != marked[key]} == {"published/0", "overview"}
